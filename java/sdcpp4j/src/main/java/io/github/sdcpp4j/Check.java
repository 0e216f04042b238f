package io.github.sdcpp4j;

import java.nio.charset.StandardCharsets;

/** The checks that requests and options share; each failure is an {@link InvalidRequestException} with the value in it. */
final class Check {

    private Check() {}

    static void that(boolean holds, String message) {
        if (!holds) {
            throw new InvalidRequestException(message);
        }
    }

    static void range(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new InvalidRequestException("%s is %d: give a number from %d to %d".formatted(name, value, min, max));
        }
    }

    static void range(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new InvalidRequestException("%s is %s: give a number from %s to %s".formatted(name, value, min, max));
        }
    }

    /** Text that goes to C: present, and without the character that ends it there. */
    static void text(String name, String value) {
        if (value == null) {
            throw new InvalidRequestException(name + " is null: give an empty text for none");
        }
        if (value.indexOf('\0') >= 0) {
            throw new InvalidRequestException(
                    "%s has a NUL character at index %d: remove it".formatted(name, value.indexOf('\0')));
        }
    }

    static void prompt(String name, String value) {
        text(name, value);
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > GenerationSettings.MAX_PROMPT_BYTES) {
            throw new InvalidRequestException("%s has %d bytes: shorten it to %d or less"
                    .formatted(name, bytes, GenerationSettings.MAX_PROMPT_BYTES));
        }
    }

    /** A picture's side: a multiple of 8, since a latent stands for 8 x 8 pixels. */
    static void side(String name, int value) {
        range(name, value, GenerationSettings.MIN_SIDE, GenerationSettings.MAX_SIDE);
        if (value % 8 != 0) {
            int below = value - value % 8;
            throw new InvalidRequestException("%s is %d, not a multiple of 8: the nearest valid ones are %d and %d"
                    .formatted(name, value, below, below + 8));
        }
    }
}
