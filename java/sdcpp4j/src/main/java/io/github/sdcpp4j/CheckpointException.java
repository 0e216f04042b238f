package io.github.sdcpp4j;

/**
 * A model file cannot be used: it is missing, unreadable, truncated, of an unknown format, or not what its slot takes.
 */
public final class CheckpointException extends StableDiffusionException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, with the value, and what to do
     */
    public CheckpointException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message what was wrong, with the value, and what to do
     * @param cause what lies behind it
     */
    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
