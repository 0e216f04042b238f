package io.github.sdcpp4j.components;

import io.github.sdcpp4j.InvalidRequestException;

/** The checks of this package. */
final class Require {

    private Require() {}

    static void that(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new InvalidRequestException(message.formatted(values));
        }
    }

    static void dimensions(String name, Tensor tensor, int dimensions, String order) {
        that(tensor.shape().length == dimensions, "%s: the shape is %s, and %d dimensions are wanted: %s",
                name, tensor.shapeText(), dimensions, order);
    }

    /** Text that goes to C. */
    static void prompt(String prompt) {
        that(prompt != null, "the prompt is null: give an empty text for none");
        that(prompt.indexOf('\0') < 0, "the prompt has a NUL character at index %d: remove it", prompt.indexOf('\0'));
    }
}
