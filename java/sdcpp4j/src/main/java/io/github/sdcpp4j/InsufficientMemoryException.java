package io.github.sdcpp4j;

/**
 * A request needs more memory than there is. Thrown before the work starts; the model can be used for smaller requests. The
 * message has both numbers and what would help.
 */
public final class InsufficientMemoryException extends StableDiffusionException {

    private static final long serialVersionUID = 1L;

    /** Bytes that it would take. */
    private final long needed;

    /** Bytes that there are. */
    private final long available;

    /**
     * Creates the exception.
     *
     * @param message what is needed, what there is, and what to do
     * @param needed bytes beside the weights
     * @param available bytes
     */
    public InsufficientMemoryException(String message, long needed, long available) {
        super(message);
        this.needed = needed;
        this.available = available;
    }

    /**
     * Returns what the request needs beside the weights.
     *
     * @return bytes
     */
    public long needed() {
        return needed;
    }

    /**
     * Returns what there was to take.
     *
     * @return bytes
     */
    public long available() {
        return available;
    }
}
