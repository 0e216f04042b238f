package io.github.sdcpp4j;

/**
 * A value in a request or an option is out of range. Thrown before any native work starts; nothing has changed.
 */
public final class InvalidRequestException extends StableDiffusionException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, with the value, and what to do
     */
    public InvalidRequestException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message what was wrong, with the value, and what to do
     * @param cause what lies behind it
     */
    public InvalidRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
