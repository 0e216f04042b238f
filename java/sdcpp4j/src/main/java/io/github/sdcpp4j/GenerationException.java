package io.github.sdcpp4j;

/**
 * The native runtime failed while it worked on a valid request. The message carries the runtime's own error lines of that call.
 */
public final class GenerationException extends StableDiffusionException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, with the value, and what to do
     */
    public GenerationException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message what was wrong, with the value, and what to do
     * @param cause what lies behind it
     */
    public GenerationException(String message, Throwable cause) {
        super(message, cause);
    }
}
