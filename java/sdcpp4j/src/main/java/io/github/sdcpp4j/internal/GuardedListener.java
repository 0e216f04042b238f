package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.CancelledException.Reason;
import io.github.sdcpp4j.Progress;
import io.github.sdcpp4j.ProgressListener;

/** A listener for the time of one call: what it throws stops the call, and is kept for the one who made it. */
public final class GuardedListener {

    private final ProgressListener listener;
    private final CancelToken token;
    private Throwable thrown;

    /** Guards a listener of the call that the token stops. */
    public GuardedListener(ProgressListener listener, CancelToken token) {
        this.listener = listener;
        this.token = token;
    }

    /** Whether there is anybody to report to. */
    public boolean listens() {
        return listener != ProgressListener.NONE;
    }

    /** Reports; never throws. */
    public void report(Progress progress) {
        if (thrown != null) {
            return;
        }
        try {
            listener.onProgress(progress);
        } catch (Throwable t) {
            thrown = t;
            token.cancel(Reason.CANCELLED); // nobody waits for the rest any more
        }
    }

    /** Throws what the listener threw, if it did. */
    public void rethrow() {
        rethrow(thrown);
    }

    static void rethrow(Throwable thrown) {
        switch (thrown) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(thrown); // sneaky: the interface declares none
        }
    }
}
