package io.github.sdcpp4j;

import java.util.Objects;

/** A call was stopped before it was done. Nothing is broken: the model can be used again at once. */
public final class CancelledException extends StableDiffusionException {

    private static final long serialVersionUID = 1L;

    /** Why a call was stopped. */
    public enum Reason {
        /** The thread that waits for the result was interrupted; its interrupt status is set again. */
        INTERRUPTED,
        /** The future of {@link StableDiffusion#submit(ImageRequest)} was cancelled, or a listener threw. */
        CANCELLED,
        /** The request's {@link GenerationSettings#timeout() timeout} had passed. */
        DEADLINE
    }

    /** Why the call was stopped. */
    private final Reason reason;

    /**
     * Creates the exception.
     *
     * @param message what happened
     * @param reason why
     */
    public CancelledException(String message, Reason reason) {
        super(message);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * Returns why the call was stopped.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
