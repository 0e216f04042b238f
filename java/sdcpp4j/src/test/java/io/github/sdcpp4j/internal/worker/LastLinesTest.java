package io.github.sdcpp4j.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.WorkerException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LastLinesTest {

    private static final String REPORT = """
            #
            # A fatal error has been detected by the Java Runtime Environment:
            #
            #  SIGSEGV (0xb) at pc=0x00007f4ac778bf14, pid=19155, tid=19156
            #
            # JRE version: OpenJDK Runtime Environment Temurin-25.0.3+9
            # Problematic frame:
            # C  [libsdcpp4j.so+0x85f14]
            #
            Native frames: (J=compiled Java code, j=interpreted, Vv=VM code, C=native code)
            C  [libsdcpp4j.so+0x85f14]  ggml_compute_forward+0x34
            """;

    @Test
    void theLastFiftyLinesAreKept() {
        LastLines lines = new LastLines();
        for (int i = 0; i < 120; i++) {
            lines.add("line " + i);
        }
        assertThat(lines.all()).hasSize(50).startsWith("line 70").endsWith("line 119");
        assertThat(lines.essence()).containsExactly("line 117", "line 118", "line 119");
        assertThat(lines.crashSignal()).isEmpty();
    }

    @Test
    void aCrashReportKeepsItsSummaryAndTheLinesBeforeIt() {
        LastLines lines = new LastLines();
        lines.add("said before");
        REPORT.lines().forEach(lines::add);
        for (int i = 0; i < 800; i++) {
            lines.add("7f4ac7700000-7f4ac7800000 r-xp 00000000");
        }
        assertThat(lines.all())
                .startsWith("said before")
                .endsWith("C  [libsdcpp4j.so+0x85f14]  ggml_compute_forward+0x34")
                .hasSize(7);
        assertThat(lines.crashSignal()).hasValue(11);
        assertThat(lines.essence())
                .containsExactly("SIGSEGV (0xb) at pc=0x00007f4ac778bf14, pid=19155, tid=19156", "C  [libsdcpp4j.so+0x85f14]");
    }

    @Test
    void theExceptionNamesWhatEndedTheProcess() {
        LastLines none = new LastLines();
        WorkerException killed = Obituary.of("here", "try again", 137, none, null);
        assertThat(killed).hasMessageContaining("SIGKILL here").hasMessageContaining("memory runs out");
        assertThat(killed.signal()).hasValue(9);
        WorkerException halted = Obituary.of("here", "try again", 3, none, null);
        assertThat(halted).hasMessageContaining("exit code 3");
        assertThat(halted.signal()).isEmpty();

        LastLines crash = new LastLines();
        REPORT.lines().forEach(crash::add);
        for (int code : new int[] {1, 134}) { // without and with a core file
            WorkerException crashed = Obituary.of("here", "try again", code, crash, new StrayOutputException("# A fatal"));
            assertThat(crashed).hasMessageContaining("SIGSEGV here").hasMessageContaining("libsdcpp4j.so+0x85f14");
            assertThat(crashed.signal()).hasValue(11);
        }
        assertThat(Obituary.of("here", "try again", 137, none, new StrayOutputException("hello")))
                .hasMessageContaining("\"hello\"")
                .hasMessageNotContainingAny("memory");
        assertThat(Obituary.of("here", "try again", 1, none, new IOException("x")).getCause()).hasMessage("x");
    }
}
