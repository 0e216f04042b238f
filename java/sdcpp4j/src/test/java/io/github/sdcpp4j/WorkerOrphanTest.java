package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.support.ChildJvm;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.support.Workers;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker does not outlive its parent, and keeps the parent free of native code. */
class WorkerOrphanTest {

    @TempDir
    private Path folder;

    /** Says what it does, on and on. */
    static final class Parent {
        public static void main(String[] arguments) throws IOException {
            System.out.println("loading");
            try (StableDiffusion sd = StableDiffusion.builder(Path.of(arguments[0])).worker().load()) {
                TextToImage request = TextToImage.builder().size(64, 64).steps(Integer.parseInt(arguments[1])).build();
                sd.generate(request, progress -> System.out.println(progress.phase()));
                boolean library = Files.readString(Path.of("/proc/self/maps")).contains("libsdcpp4j");
                System.out.println(library ? "native code in the parent" : "done");
            }
        }
    }

    private Process parent(int steps) throws IOException {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dsdcpp4j.library.path=" + System.getProperty("sdcpp4j.library.path"), "-Djava.io.tmpdir=" + folder,
                "-cp", System.getProperty("java.class.path"), Parent.class.getName(), Models.smallSd1().toString(), "" + steps)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void readUntil(BufferedReader out, String line) throws IOException {
        for (String read = out.readLine(); !line.equals(read); read = out.readLine()) {
            assertThat(read).as("output before \"%s\"", line).isNotNull();
        }
    }

    private void killedWhen(String line) throws IOException {
        Process parent = parent(1000);
        readUntil(parent.inputReader(), line);
        Workers.await("the worker runs", Duration.ofSeconds(5), () -> !Workers.all(parent.toHandle()).isEmpty());
        List<ProcessHandle> workers = Workers.all(parent.toHandle());
        parent.destroyForcibly();
        Workers.await("the worker has ended", Duration.ofSeconds(3), () -> workers.stream().allMatch(Workers::ended));
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> !file.getFileName().toString().startsWith("hsperf"))).isEmpty();
        }
    }

    @Test
    void aWorkerEndsWhenItsParentIsKilledInTheMiddleOfAPicture() throws IOException {
        killedWhen("SAMPLE");
    }

    @Test
    void aWorkerEndsWhenItsParentIsKilledWhileItStarts() throws IOException {
        killedWhen("loading");
    }

    @Test
    void theParentLoadsNoNativeCodeAndLogsTheWorkersLines() throws Exception {
        Path logging = Files.writeString(folder.resolve("logging.properties"), """
                handlers=java.util.logging.ConsoleHandler
                java.util.logging.ConsoleHandler.level=ALL
                java.util.logging.ConsoleHandler.formatter=java.util.logging.SimpleFormatter
                java.util.logging.SimpleFormatter.format=%3$s %4$s %5$s%n
                io.github.sdcpp4j.native.level=ALL
                """);
        List<String> options = List.of(
                "-Dsdcpp4j.library.path=" + System.getProperty("sdcpp4j.library.path"),
                "-Djava.util.logging.config.file=" + logging);
        ChildJvm parent = ChildJvm.run(
                options, System.getProperty("java.class.path"), Parent.class, Models.smallSd1().toString(), "1");
        assertThat(parent.exitCode()).isZero();
        assertThat(parent.out()).endsWith("done\n");
        assertThat(parent.err().lines()).allMatch(line -> line.startsWith("io.github.sdcpp4j.native "));
        assertThat(parent.err())
                .contains("io.github.sdcpp4j.native FINE ")
                .contains("io.github.sdcpp4j.native FINER ")
                .contains("generating image: 1/1");
    }
}
