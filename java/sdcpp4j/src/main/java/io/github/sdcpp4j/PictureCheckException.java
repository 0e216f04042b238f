package io.github.sdcpp4j;

/** A {@link PictureCheck} failed, or gave an answer that cannot be used, so the pictures it was to judge are not returned. */
public final class PictureCheckException extends StableDiffusionException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, with the value, and what to do
     */
    public PictureCheckException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message what was wrong, with the value, and what to do
     * @param cause what the check threw
     */
    public PictureCheckException(String message, Throwable cause) {
        super(message, cause);
    }
}
