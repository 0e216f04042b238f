package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.Progress;
import io.github.sdcpp4j.ProgressListener;
import java.io.PrintStream;

/**
 * Tells the user how far the work is. Cuts the stream of events into phases: each begins, makes steps, and ends when the
 * next one begins or {@link #finish()} says that the call is over.
 *
 * <p>Events come from the model's own thread while the caller waits, so no two methods run at once.
 */
abstract class ProgressReport implements ProgressListener, AutoCloseable {

    private final PrintStream err;
    private Phase current;

    ProgressReport(PrintStream err) {
        this.err = err;
    }

    /**
     * Returns the report that fits: bars where a user looks on, else a line for each phase.
     *
     * @param screen where to
     * @param verbose whether log lines go there too: they would tear a bar apart
     * @param pictures the request's batch count
     */
    static ProgressReport on(Screen screen, boolean verbose, int pictures) {
        boolean bars = screen.terminal().columns() > 0 && !verbose;
        return bars ? new BarReport(screen, pictures) : new LineReport(screen.err(), pictures);
    }

    /** A phase begins. */
    abstract void begin(Phase phase);

    /** In the phase that began last, {@code step} of {@code steps} are done; {@code picture} counts from 0. */
    abstract void step(Phase phase, int picture, int step, int steps);

    /** The phase that began last is over; not {@code done} when it failed. */
    abstract void end(Phase phase, boolean done);

    @Override
    public final void onProgress(Progress progress) {
        // Weights that are kept on disk are read in the middle of later phases; that is part of those.
        if (current != null && progress.phase() == Phase.LOAD && current != Phase.LOAD) {
            return;
        }
        if (progress.phase() != current) {
            finish();
            current = progress.phase();
            begin(current);
        }
        if (progress.steps() > 0) {
            step(current, progress.image(), progress.step(), progress.steps());
        }
    }

    /** Says what the phases that follow belong to. */
    final void heading(String text) {
        finish();
        err.println(text);
    }

    /** The call is over and all went well. */
    final void finish() {
        end(true);
    }

    /** Ends what {@link #finish()} has not ended because something failed. */
    @Override
    public final void close() {
        end(false);
    }

    private void end(boolean done) {
        if (current != null) {
            Phase ended = current;
            current = null;
            end(ended, done);
        }
    }
}
