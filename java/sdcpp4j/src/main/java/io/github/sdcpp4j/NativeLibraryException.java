package io.github.sdcpp4j;

/**
 * The native library cannot be found or loaded, or it is not the one that this version of the Java classes was built for.
 */
public final class NativeLibraryException extends StableDiffusionException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was wrong, with the value, and what to do
     */
    public NativeLibraryException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message what was wrong, with the value, and what to do
     * @param cause what lies behind it
     */
    public NativeLibraryException(String message, Throwable cause) {
        super(message, cause);
    }
}
