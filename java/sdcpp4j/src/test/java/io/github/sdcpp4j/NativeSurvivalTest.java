package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the C program that checks the promises of the C ABI; see native/test. */
class NativeSurvivalTest {

    private record Run(int exit, String out) {}

    /** A limit in KB on what the process may map; 0 for none. */
    private static Run run(long limit) throws Exception {
        Path program = Path.of(System.getProperty("sdcpp4j.bench")).resolveSibling("sdcpp4j-survival");
        assumeTrue(Files.isExecutable(program), "skipped: the native build in use has no sdcpp4j-survival");
        Process process = new ProcessBuilder("sh", "-c", (limit > 0 ? "ulimit -v " + limit + "; " : "") + "exec \"$0\" \"$@\"",
                program.toString(), Models.smallSd1().toString(), PartFiles.lora(Models.fixtures()).toString(),
                PartFiles.loraOfAnotherFamily(Models.fixtures()).toString()).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out);
    }

    @Test
    @Timeout(300)
    void theCAbiKeepsItsPromises() throws Exception {
        Run run = run(0);
        assertThat(run.exit).as(run.out).isZero();
        assertThat(run.out.lines()).hasSizeGreaterThan(30).allMatch(line -> line.startsWith("ok "));
    }

    @Test
    @Timeout(300)
    void memoryThatIsMissingFailsAtLoad() throws Exception {
        Run run = run(500_000);
        assertThat(run.exit).as(run.out).isOne();
        assertThat(run.out.lines())
                .anyMatch(line -> line.startsWith("NOT OK the model loads:") && line.contains("insufficient memory"))
                .last().isEqualTo("ok everything was given back");
    }
}
