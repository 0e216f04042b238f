package io.github.sdcpp4j.internal.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last that a process said. A JVM that crashes writes a report of a thousand lines: of that the summary and the native
 * stack are kept.
 */
final class LastLines {

    private static final int KEPT = 50;
    private static final int KEPT_OF_REPORT = 40;

    private static final Pattern REPORT_BEGINS =
            Pattern.compile("# (A fatal error has been detected by|There is insufficient memory for) the Java Runtime Environment.*");
    private static final Pattern OF_INTEREST = Pattern.compile("#.*\\w.*|[CVvjJA]  .*");
    private static final Pattern SIGNAL = Pattern.compile("#\\s+(SIG[A-Z]+) \\(0x([0-9a-f]+)\\).*");

    private final Deque<String> lines = new ArrayDeque<>();
    private final List<String> report = new ArrayList<>();

    synchronized void add(String line) {
        if (!report.isEmpty() || REPORT_BEGINS.matcher(line).matches()) {
            if (report.size() < KEPT_OF_REPORT && OF_INTEREST.matcher(line).matches()) {
                report.add(line);
            }
            return;
        }
        if (line.equals("#")) {
            return; // a report begins with it
        }
        lines.add(line);
        if (lines.size() > KEPT) {
            lines.remove();
        }
    }

    synchronized List<String> all() {
        List<String> all = new ArrayList<>(lines);
        all.addAll(report);
        return all;
    }

    /** The signal that a crash report names. */
    synchronized OptionalInt crashSignal() {
        for (String line : report) {
            Matcher matcher = SIGNAL.matcher(line);
            if (matcher.matches()) {
                return OptionalInt.of(Integer.parseInt(matcher.group(2), 16));
            }
        }
        return OptionalInt.empty();
    }

    /** What fits into a message: of a crash report what happened and where, of other lines the last ones. */
    synchronized List<String> essence() {
        if (report.isEmpty()) {
            return lines.stream().skip(Math.max(0, lines.size() - 3)).toList();
        }
        List<String> essence = new ArrayList<>();
        for (int i = 0; i < report.size(); i++) {
            boolean frame = i > 0 && report.get(i - 1).startsWith("# Problematic frame");
            if (i == 1 || frame) { // the line behind "A fatal error has been detected"
                essence.add(report.get(i).substring(1).strip());
            }
        }
        return essence;
    }
}
