package io.github.sdcpp4j.schedulers;

import io.github.sdcpp4j.InvalidRequestException;

/** The checks of this package. */
final class Require {

    private Require() {}

    static void that(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new InvalidRequestException(message.formatted(values));
        }
    }

    /** Two arrays that belong together. */
    static void sameLength(String name, float[] values, float[] sample) {
        that(values.length == sample.length, "%s has %d values and the sample %d: give as many", name, values.length, sample.length);
    }

    static float[] noise(NoiseSource source, int length) {
        float[] noise = source.next(length);
        that(noise.length == length, "the noise source gave %d values: give the %d that were asked for", noise.length, length);
        return noise;
    }
}
