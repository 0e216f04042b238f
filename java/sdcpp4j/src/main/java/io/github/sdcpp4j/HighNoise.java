package io.github.sdcpp4j;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How the second diffusion model of Wan 2.2 A14B ({@link ModelFile#HIGH_NOISE_DIFFUSION}) does the first, noisy steps of a video.
 *
 * @param steps steps of this model, ahead of those of the request, 1 to 1000. Absent, the request's steps are shared: this model
 *     does those whose noise level is above the boundary
 * @param boundary the noise level, 0 to 1, below which the other model takes over; 0.875 by default, as Wan 2.2 was trained for
 *     making videos of text; without effect when the steps are given
 * @param guidanceScale classifier-free guidance of these steps, 0 to 100; that of the request by default
 * @param sampler the sampling method of these steps; that of the request by default
 */
public record HighNoise(OptionalInt steps, double boundary, OptionalDouble guidanceScale, Optional<Sampler> sampler) {

    /** The runtime's own choice for all of it. */
    public static final HighNoise DEFAULT = new HighNoise(OptionalInt.empty(), 0.875, OptionalDouble.empty(), Optional.empty());

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when a value is out of its range
     */
    public HighNoise {
        steps.ifPresent(value -> Check.range("high noise steps", value, 1, 1000));
        Check.range("boundary between high and low noise", boundary, 0, 1);
        guidanceScale.ifPresent(value -> Check.range("high noise guidance scale", value, 0, 100));
        Objects.requireNonNull(sampler, "sampler");
    }

    /**
     * The same with steps of its own.
     *
     * @param value 1 to 1000
     * @return the settings
     */
    public HighNoise withSteps(int value) {
        return new HighNoise(OptionalInt.of(value), boundary, guidanceScale, sampler);
    }

    /**
     * The same with another boundary.
     *
     * @param value the noise level, 0 to 1
     * @return the settings
     */
    public HighNoise withBoundary(double value) {
        return new HighNoise(steps, value, guidanceScale, sampler);
    }

    /**
     * The same with a guidance of its own.
     *
     * @param value 0 to 100; 1 switches it off
     * @return the settings
     */
    public HighNoise withGuidanceScale(double value) {
        return new HighNoise(steps, boundary, OptionalDouble.of(value), sampler);
    }

    /**
     * The same with a sampler of its own.
     *
     * @param value the sampling method
     * @return the settings
     */
    public HighNoise withSampler(Sampler value) {
        return new HighNoise(steps, boundary, guidanceScale, Optional.of(value));
    }
}
