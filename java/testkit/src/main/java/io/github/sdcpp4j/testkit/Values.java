package io.github.sdcpp4j.testkit;

/**
 * The contents of a tensor as a pure function of the flat, row-major index. Nothing is ever held in memory, which
 * is what lets a two-gigabyte file be written from a small heap.
 */
@FunctionalInterface
interface Values {

    /** All zero; recognised by identity, so that the writer can leave a hole in the file. */
    Values ZERO = index -> 0f;

    float at(long index);

    static Values constant(float value) {
        return value == 0f ? ZERO : index -> value;
    }

    /**
     * Uniform values with standard deviation {@code gain / sqrt(fanIn)}: a layer fed with unit variance answers with
     * variance {@code gain}<sup>2</sup>. A gain of zero is {@link #ZERO}.
     */
    static Values random(long seed, double gain, long fanIn) {
        if (gain == 0) {
            return ZERO;
        }
        float bound = (float) (gain * Math.sqrt(3.0 / fanIn)); // uniform on (-b, b) has variance b^2 / 3
        return index -> SplitMix64.symmetric(seed, index) * bound;
    }

    /** A convolution kernel {@code [out, in, size, size]} given tap by tap. */
    static Values kernel(int in, int size, Tap tap) {
        int plane = size * size;
        return index -> {
            int cell = (int) (index % plane);
            long row = index / plane;
            return tap.at((int) (row / in), (int) (row % in), cell / size, cell % size);
        };
    }

    /** Takes these values in the output channels {@code >= first} and {@code head} in those before. */
    default Values after(Values head, int first, long valuesPerChannel) {
        long start = first * valuesPerChannel;
        return index -> index < start ? head.at(index) : at(index);
    }

    /** One weight of a convolution kernel. */
    @FunctionalInterface
    interface Tap {
        float at(int out, int in, int y, int x);
    }
}
