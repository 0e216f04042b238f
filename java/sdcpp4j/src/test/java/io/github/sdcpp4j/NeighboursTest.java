package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.sdcpp4j.support.Models;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another ggml in the process, and another copy of the library, change nothing: see native/test/neighbours.c. */
class NeighboursTest {

    @TempDir
    private Path folder;

    @Test
    @Timeout(300)
    void twoCopiesAndAForeignGgmlDoNotMix() throws Exception {
        Path libraries = Path.of(System.getProperty("sdcpp4j.library.path"));
        Path program = Path.of(System.getProperty("sdcpp4j.bench")).resolveSibling("sdcpp4j-neighbours");
        assumeTrue(Files.isExecutable(program), "skipped: the native build in use has no sdcpp4j-neighbours");
        try (var files = Files.list(libraries)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".so")).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Process process = new ProcessBuilder(program.toString(), Models.smallSd1().toString(),
                program.resolveSibling("libsdcpp4j-stranger.so").toString(), libraries.resolve("libsdcpp4j.so").toString(),
                folder.resolve("libsdcpp4j.so").toString()).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        assertThat(out).isEqualTo("ok 2 copies beside a foreign ggml\n");
    }
}
