package io.github.sdcpp4j.internal.checkpoint;

/** A text is not the JSON it should be. The message is the end of a sentence and names the byte where it went wrong. */
public final class JsonException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    JsonException(String message) {
        super(message);
    }
}
