package io.github.sdcpp4j;

/** As many submitted requests wait as the model takes; see {@link LoadOptions#queueCapacity()}. Nothing was started. */
public final class QueueFullException extends StableDiffusionException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message how many requests wait, and what to do
     */
    public QueueFullException(String message) {
        super(message);
    }
}
