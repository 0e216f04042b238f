package io.github.sdcpp4j.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Looks at the worker processes of this JVM from outside. */
public final class Workers {

    private Workers() {}

    /** The running worker of this JVM, which has exactly one. */
    public static ProcessHandle only() {
        List<ProcessHandle> workers = all(ProcessHandle.current());
        assertThat(workers).hasSize(1);
        return workers.getFirst();
    }

    public static List<ProcessHandle> all(ProcessHandle parent) {
        return parent.children().filter(child -> !isZombie(child)).filter(ProcessHandle::isAlive).toList();
    }

    /** A process that has ended but was not reaped yet counts as alive for the JDK. */
    private static boolean isZombie(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/stat")).contains(") Z ");
        } catch (IOException e) {
            return true;
        }
    }

    public static void signal(ProcessHandle process, String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for something that happens soon. */
    public static void await(String what, Duration patience, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s within %s", what, patience).isLessThan(end);
            try {
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    public static boolean ended(ProcessHandle process) {
        return !process.isAlive() || isZombie(process);
    }

    /** The files of shared memory that have a name. */
    public static List<Path> sharedFiles() {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().matches("sdcpp4j.*\\.pixels")).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
