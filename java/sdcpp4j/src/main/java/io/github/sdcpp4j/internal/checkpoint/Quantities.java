package io.github.sdcpp4j.internal.checkpoint;

import java.util.List;

/** Sizes computed from what a file claims: they overflow loudly, never silently. */
final class Quantities {

    private Quantities() {
    }

    /**
     * The product of the dimensions.
     *
     * @throws ArithmeticException if it does not fit a {@code long}
     */
    static long product(List<Long> shape) {
        long product = 1;
        for (long dimension : shape) {
            product = Math.multiplyExact(product, dimension);
        }
        return product;
    }

    /** Rounds up to the next multiple of a power of two. */
    static long padded(long value, long alignment) {
        return Math.addExact(value, alignment - 1) & -alignment;
    }
}
