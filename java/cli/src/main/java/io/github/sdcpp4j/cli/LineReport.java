package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.Phase;
import java.io.PrintStream;
import java.time.Duration;

/** For logs and pipes: one line for each phase that was finished. */
final class LineReport extends ProgressReport {

    private final PrintStream err;
    private final int pictures;
    private long start;
    private int steps;

    LineReport(PrintStream err, int pictures) {
        super(err);
        this.err = err;
        this.pictures = pictures;
    }

    @Override
    void begin(Phase phase) {
        start = System.nanoTime();
        steps = 0;
    }

    @Override
    void step(Phase phase, int picture, int step, int stepsInAll) {
        steps = stepsInAll;
    }

    @Override
    void end(Phase phase, boolean done) {
        if (done) {
            err.println(what(phase) + " in " + Words.seconds(Duration.ofNanos(System.nanoTime() - start)));
        }
    }

    private String what(Phase phase) {
        return switch (phase) {
            case LOAD -> "loaded";
            case ENCODE_IMAGE -> "encoded the picture";
            case ENCODE_TEXT -> "encoded the prompt";
            case SAMPLE -> "sampled " + (pictures == 1 ? "" : pictures + " x ") + steps
                    + (steps == 1 ? " step" : " steps");
            case DECODE -> "decoded";
            case UPSCALE -> "upscaled";
            case WRITE -> "written";
        };
    }
}
