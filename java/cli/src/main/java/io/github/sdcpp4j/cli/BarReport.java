package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.Phase;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** For terminals: a bar for each phase, and in a batch one for each picture that is sampled. */
final class BarReport extends ProgressReport {

    private static final int UPDATE_MILLIS = 100;

    private final Screen screen;
    private final int pictures;
    private ProgressBar bar;
    private Line line;
    private int sampled;

    BarReport(Screen screen, int pictures) {
        super(screen.err());
        this.screen = screen;
        this.pictures = pictures;
    }

    @Override
    void begin(Phase phase) {
        sampled = 0;
        open(phase);
    }

    @Override
    void step(Phase phase, int picture, int step, int steps) {
        switch (phase) {
            case SAMPLE -> {
                if (picture > sampled) {
                    closeBar();
                    sampled = picture;
                    open(phase);
                }
                bar.maxHint(steps).stepTo(step);
            }
            case DECODE -> bar.maxHint((long) steps * pictures).stepTo((long) steps * picture + step);
            case LOAD, ENCODE_IMAGE, ENCODE_TEXT, UPSCALE, WRITE -> bar.maxHint(steps).stepTo(step);
        }
    }

    @Override
    void end(Phase phase, boolean done) {
        if (done) {
            // a phase that reports no steps, or skips its last, is complete all the same
            long steps = Math.max(1, bar.getMax());
            bar.maxHint(steps).stepTo(steps);
        }
        closeBar();
    }

    private void open(Phase phase) {
        line = new Line(screen);
        bar = new ProgressBarBuilder()
                .setTaskName(name(phase))
                .setInitialMax(phase == Phase.DECODE ? pictures : -1) // else not known before the first step
                .setStyle(style(screen.err()))
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .continuousUpdate()
                .setConsumer(line)
                .build();
        if (phase == Phase.SAMPLE && pictures > 1) {
            bar.setExtraMessage("picture %d of %d".formatted(sampled + 1, pictures));
        }
    }

    private void closeBar() {
        bar.close();
        // a bar that was closed before it was drawn the first time does not close its consumer
        line.close();
    }

    private static ProgressBarStyle style(PrintStream err) {
        if (!err.charset().equals(StandardCharsets.UTF_8)) {
            return ProgressBarStyle.ASCII;
        }
        // https://no-color.org
        return System.getenv().getOrDefault("NO_COLOR", "").isEmpty()
                ? ProgressBarStyle.COLORFUL_UNICODE_BLOCK
                : ProgressBarStyle.UNICODE_BLOCK;
    }

    /** Of one width, so that the bars stand below each other. */
    private static String name(Phase phase) {
        return switch (phase) {
            case LOAD -> "load  ";
            case ENCODE_IMAGE -> "encode";
            case ENCODE_TEXT -> "prompt";
            case SAMPLE -> "sample";
            case DECODE -> "decode";
            case UPSCALE -> "larger";
            case WRITE -> "write ";
        };
    }

    /** Draws over one line of the terminal. The progress bar's own consumers start a terminal library for the width. */
    private static final class Line implements ProgressBarConsumer {
        private final Screen screen;
        private boolean open = true;

        Line(Screen screen) {
            this.screen = screen;
        }

        @Override
        public int getMaxRenderedLength() {
            // a full last column makes some terminals wrap
            return screen.terminal().columns() - 1;
        }

        /** Called by the bar's own thread, which draws once more after the bar was closed if that was interrupted. */
        @Override
        public synchronized void accept(String rendered) {
            if (open) {
                screen.err().print("\r" + rendered);
                screen.err().flush();
            }
        }

        @Override
        public void clear() {
            screen.err().print("\r" + " ".repeat(getMaxRenderedLength()) + "\r");
        }

        @Override
        public synchronized void close() {
            if (open) {
                open = false;
                screen.err().println();
            }
        }
    }
}
