package io.github.sdcpp4j.jmh.figures;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code sdcpp4j-bench serve}: C code in a process of its own that does one piece of work at a time, when it is told to. */
final class CProcess implements AutoCloseable {

    private static final Pattern FIELD = Pattern.compile("\"(\\w+)\": ([-+.\\dEe]+)");

    private final Process process;
    private final PrintWriter to;
    private final BufferedReader from;

    /** Starts it; the model is loaded with the first picture. */
    CProcess(Path bench, Map<String, String> environment, List<String> options) {
        List<String> command = new ArrayList<>(List.of(bench.toString(), "serve"));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        to = new PrintWriter(process.getOutputStream(), true, StandardCharsets.US_ASCII);
        from = process.inputReader(StandardCharsets.US_ASCII);
    }

    /** Does a piece of work; see {@code sdcpp4j-bench --help}. Returns the numbers that it tells. */
    Map<String, Double> run(String work) {
        to.println(work);
        String line;
        try {
            line = from.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (line == null) {
            throw new IllegalStateException("sdcpp4j-bench ended at \"" + work + "\": its own words are above");
        }
        Map<String, Double> numbers = new HashMap<>();
        FIELD.matcher(line).results().forEach(field -> numbers.put(field.group(1), Double.valueOf(field.group(2))));
        return numbers;
    }

    double nanoseconds(String work) {
        return run(work).get("ns");
    }

    @Override
    public void close() {
        to.close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
