package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.CancelledException.Reason;
import io.github.sdcpp4j.Preview;
import io.github.sdcpp4j.PreviewMode;
import io.github.sdcpp4j.Previews;

/**
 * Hands the previews of one call to their consumer, on a thread of its own that lives as long as the call. Between the two is
 * room for one preview: a newer one takes an older one's place, so whoever offers never waits. What the consumer throws stops
 * the call, and is kept for the one who made it.
 */
public final class PreviewDelivery implements AutoCloseable {

    /** Knows for whom it works, so that a consumer that calls its own model is told so instead of waiting for itself. */
    private static final class Courier extends Thread {
        private final Thread model;

        private Courier(Thread model, Runnable work) {
            super(work, "sdcpp4j previews");
            this.model = model;
            setDaemon(true);
        }
    }

    private final Previews previews;
    private final CancelToken token;
    private Courier courier; // the model's thread's alone
    private Preview waiting; // guarded by this, as is all below
    private boolean over;
    private Throwable thrown;

    /** To be made, and closed, by the model's thread. The token stops the call. */
    public PreviewDelivery(Previews previews, CancelToken token) {
        this.previews = previews;
        this.token = token;
    }

    /** Whether the current thread hands over previews of the model with that thread. */
    static boolean worksFor(Thread model) {
        return Thread.currentThread() instanceof Courier courier && courier.model == model;
    }

    /** Whether anybody wants previews. */
    public boolean isWanted() {
        return previews.mode() != PreviewMode.NONE;
    }

    /** What is wanted. */
    public Previews previews() {
        return previews;
    }

    /** Takes a preview to be handed over; returns at once. */
    public void offer(Preview preview) {
        synchronized (this) {
            if (thrown != null) {
                return;
            }
            waiting = preview;
            notifyAll();
        }
        if (courier == null) {
            courier = new Courier(Thread.currentThread(), this::deliver);
            courier.start();
        }
    }

    private void deliver() {
        try {
            for (Preview next = take(); next != null; next = take()) {
                previews.consumer().accept(next);
            }
        } catch (Throwable t) {
            fail(t);
        }
    }

    /** Waits for the next one; null when there will be none. */
    private synchronized Preview take() {
        while (waiting == null && !over) {
            try {
                wait();
            } catch (InterruptedException e) {
                // it was meant for the consumer, which has returned
            }
        }
        Preview next = waiting;
        waiting = null;
        return next;
    }

    /** Stops the call for this reason. */
    public void fail(Throwable reason) {
        synchronized (this) {
            thrown = thrown == null ? reason : thrown;
            waiting = null;
        }
        token.cancel(Reason.CANCELLED); // nobody waits for the rest any more
    }

    /** Waits until the last preview is handed over. */
    public void finish() {
        synchronized (this) {
            over = true;
            notifyAll();
        }
        if (courier != null) {
            try {
                courier.join();
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts a model's own thread", e);
            }
            courier = null;
        }
    }

    /** Throws what the consumer threw, if it did. */
    public void rethrow() {
        Throwable reason;
        synchronized (this) {
            reason = thrown;
        }
        GuardedListener.rethrow(reason);
    }

    /** Drops what was not handed over yet, and waits until the consumer has returned. */
    @Override
    public void close() {
        synchronized (this) {
            waiting = null;
        }
        finish();
    }
}
