package io.github.sdcpp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressReportTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private ProgressReport report(int columns, boolean verbose, int pictures) {
        return ProgressReport.on(new Screen(err, () -> columns), verbose, pictures);
    }

    private static void send(ProgressReport report, Phase phase, int picture, int step, int steps) {
        report.onProgress(new Progress(phase, picture, step, steps, Duration.ZERO));
    }

    /** The events of a batch of two, with weights that are read while sampling. */
    private static void batchOfTwo(ProgressReport report) {
        send(report, Phase.LOAD, 0, 0, 0);
        send(report, Phase.LOAD, 0, 1130, 1130);
        report.finish();
        send(report, Phase.ENCODE_TEXT, 0, 0, 0);
        send(report, Phase.SAMPLE, 0, 0, 0);
        for (int picture = 0; picture < 2; picture++) {
            send(report, Phase.SAMPLE, picture, 0, 3);
            send(report, Phase.LOAD, picture, 4, 1130);
            for (int step = 1; step <= 3; step++) {
                send(report, Phase.SAMPLE, picture, step, 3);
            }
        }
        send(report, Phase.DECODE, 0, 0, 0);
        send(report, Phase.DECODE, 0, 1, 1);
        send(report, Phase.DECODE, 1, 1, 1);
        report.finish();
    }

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** What is left on the terminal, where each carriage return starts the line again. */
    private List<String> shownLines() {
        return bytes.toString(StandardCharsets.UTF_8)
                .replaceAll("\u001b\\[\\d*m", "")
                .replaceAll("[^\r\n]*\r", "")
                .lines()
                .toList();
    }

    @Test
    void aPipeGetsALineForEachPhase() {
        try (ProgressReport report = report(0, false, 2)) {
            batchOfTwo(report);
        }
        assertThat(lines()).satisfiesExactly(
                line -> assertThat(line).matches("loaded in \\d+\\.\\d s"),
                line -> assertThat(line).matches("encoded the prompt in \\d+\\.\\d s"),
                line -> assertThat(line).matches("sampled 2 x 3 steps in \\d+\\.\\d s"),
                line -> assertThat(line).matches("decoded in \\d+\\.\\d s"));
    }

    @Test
    void logLinesAndBarsDoNotMix() {
        try (ProgressReport report = report(80, true, 1)) {
            send(report, Phase.LOAD, 0, 0, 0);
            report.finish();
        }
        assertThat(lines()).singleElement().asString().startsWith("loaded in ");
    }

    @Test
    void aPhaseThatFailedIsNotCalledFinished() {
        try (ProgressReport report = report(0, false, 1)) {
            send(report, Phase.LOAD, 0, 0, 0);
            send(report, Phase.LOAD, 0, 7, 1130);
        }
        assertThat(lines()).isEmpty();
    }

    @Test
    void aTerminalGetsABarForEachPhaseAndPicture() {
        try (ProgressReport report = report(100, false, 2)) {
            batchOfTwo(report);
        }
        assertThat(shownLines()).satisfiesExactly(
                line -> assertThat(line).startsWith("load ").contains("100%", "1130/1130"),
                line -> assertThat(line).startsWith("prompt ").contains("100%"),
                line -> assertThat(line).startsWith("sample ").contains("100%", "3/3").endsWith("picture 1 of 2"),
                line -> assertThat(line).startsWith("sample ").contains("100%", "3/3").endsWith("picture 2 of 2"),
                line -> assertThat(line).startsWith("decode ").contains("100%", "2/2"));
        assertThat(shownLines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(100));
    }

    @Test
    void aBarThatFailedStaysWhereItWas() {
        try (ProgressReport report = report(100, false, 1)) {
            send(report, Phase.SAMPLE, 0, 0, 4);
            send(report, Phase.SAMPLE, 0, 1, 4);
        }
        assertThat(shownLines()).singleElement().asString().contains("25%", "1/4");
    }

    @Test
    void aNarrowTerminalIsEnough() {
        try (ProgressReport report = report(12, false, 2)) {
            batchOfTwo(report);
        }
        assertThat(shownLines()).hasSize(5).allSatisfy(line -> assertThat(line).hasSizeLessThan(12));
    }

    @Test
    void standardErrorIsKnown() {
        // it may be a terminal or not, but the question has an answer
        assertThat(Terminal.ofStandardError().columns()).isNotNegative();
        assertThat(Terminal.StandardError.columns()).isPositive();
    }
}
