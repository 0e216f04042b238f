package io.github.sdcpp4j.jmh.figures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The most memory that a process had resident, as the kernel keeps account of it. */
final class Peak {

    private static final Pattern LINE = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private Peak() {}

    /**
     * Runs a process to its end.
     *
     * @param command what to run
     * @param environment beside this process's own
     * @return bytes; 0 where the system has no /proc, or when the process was over at once
     */
    static double of(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectErrorStream(true);
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        Process process = builder.start();
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        double peak = 0;
        do { // the account only grows, and ends with the process
            peak = Math.max(peak, read(status));
        } while (!process.waitFor(5, TimeUnit.MILLISECONDS));
        if (process.exitValue() != 0) {
            throw new IllegalStateException("exit status " + process.exitValue() + " of " + String.join(" ", command));
        }
        return peak;
    }

    private static double read(Path status) {
        try {
            Matcher line = LINE.matcher(Files.readString(status));
            return line.find() ? Double.parseDouble(line.group(1)) * 1024 : 0;
        } catch (IOException | UncheckedIOException e) {
            return 0; // over by now
        }
    }
}
