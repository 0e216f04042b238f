package io.github.sdcpp4j;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What few models or few pictures need of sampling.
 *
 * @param sigmas the noise levels themselves in place of a schedule, falling, the last usually 0: one more than there are
 *     steps, which {@code steps} then does not say. Between 0 and 14.6 for SD 1.x, 0 and 1 for flow models; empty, for a
 *     schedule, by default
 * @param flowShift shifts the schedule of flow models to more noise; the model's own by default, without effect on others. A factor
 *     above 0 for SD3, Z-Image, Wan and the like, where 1 shifts nothing and 3 is what most have by default; for Flux its
 *     logarithm, where 0 shifts nothing and the default is 1.15 for models that take distilled guidance, else 1. Flux.2 finds
 *     its own by the size of the picture
 * @param distilledGuidance the guidance that models like Flux take as an input, 0 to 100; 3.5 by default, without effect on others
 * @param imageGuidance how closely pix2pix and edit models keep to their picture, 0 to 100; 1, no guidance by it, by default
 * @param skipLayers skip layer guidance; none by default
 * @param cache leaves out work in steps that change little; none by default
 */
public record SamplingExtras(
        List<Double> sigmas,
        OptionalDouble flowShift,
        OptionalDouble distilledGuidance,
        OptionalDouble imageGuidance,
        Optional<SkipLayers> skipLayers,
        Optional<StepCache> cache) {

    /** Nothing of it. */
    public static final SamplingExtras NONE = new SamplingExtras(
            List.of(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty(), Optional.empty());

    private static final int MOST_SIGMAS = 1001;
    private static final double MOST_NOISE = 1e6;

    /**
     * Skip layer guidance: away from what the model makes of the prompt without some of its layers. For transformers such as SD3.5
     * medium and Flux; UNets take it too, Z-Image does not.
     *
     * @param layers the layers to leave out, counted from 0; 7, 8 and 9 are usual
     * @param scale how much, 0 to 100; 2.5 is usual
     * @param start the share of the steps from which on it works, 0 to 1; 0.01 is usual
     * @param end the share of the steps up to which it works, 0 to 1; 0.2 is usual
     */
    public record SkipLayers(List<Integer> layers, double scale, double start, double end) {

        /**
         * Checks the values.
         *
         * @throws InvalidRequestException when a value is out of its range, or there is no layer
         */
        public SkipLayers {
            layers = List.copyOf(layers);
            Check.that(!layers.isEmpty(), "there is no layer to skip: name one or more, such as 7, 8 and 9");
            layers.forEach(layer -> Check.range("layer to skip", layer, 0, 1000));
            Check.range("skip layer scale", scale, 0, 100);
            Check.range("skip layer start", start, 0, 1);
            Check.range("skip layer end", end, 0, 1);
        }
    }

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when a value is out of its range, or sigmas do not fall
     */
    public SamplingExtras {
        sigmas = List.copyOf(sigmas);
        Check.that(sigmas.size() != 1, "there is one sigma, which makes no step: give two or more");
        Check.range("number of sigmas", sigmas.size(), 0, MOST_SIGMAS);
        for (int i = 0; i < sigmas.size(); i++) {
            Check.range("sigma", sigmas.get(i), 0, MOST_NOISE);
            Check.that(i == 0 || sigmas.get(i) < sigmas.get(i - 1),
                    "the sigmas do not fall: %s: give each less than the one before".formatted(sigmas));
        }
        flowShift.ifPresent(value -> Check.range("flow shift", value, 0, 100));
        distilledGuidance.ifPresent(value -> Check.range("distilled guidance", value, 0, 100));
        imageGuidance.ifPresent(value -> Check.range("image guidance", value, 0, 100));
        Objects.requireNonNull(skipLayers, "skipLayers");
        Objects.requireNonNull(cache, "cache");
    }

    /**
     * Returns the same with other noise levels.
     *
     * @param values falling; none for a schedule
     * @return the extras
     * @throws InvalidRequestException when they do not fall, or there is one alone
     */
    public SamplingExtras withSigmas(List<Double> values) {
        return new SamplingExtras(values, flowShift, distilledGuidance, imageGuidance, skipLayers, cache);
    }

    /**
     * Returns the same with another flow shift.
     *
     * @param value 0 to 100
     * @return the extras
     * @throws InvalidRequestException when it is out of its range
     */
    public SamplingExtras withFlowShift(double value) {
        return new SamplingExtras(sigmas, OptionalDouble.of(value), distilledGuidance, imageGuidance, skipLayers, cache);
    }

    /**
     * Returns the same with another distilled guidance.
     *
     * @param value 0 to 100
     * @return the extras
     * @throws InvalidRequestException when it is out of its range
     */
    public SamplingExtras withDistilledGuidance(double value) {
        return new SamplingExtras(sigmas, flowShift, OptionalDouble.of(value), imageGuidance, skipLayers, cache);
    }

    /**
     * Returns the same with another image guidance.
     *
     * @param value 0 to 100
     * @return the extras
     * @throws InvalidRequestException when it is out of its range
     */
    public SamplingExtras withImageGuidance(double value) {
        return new SamplingExtras(sigmas, flowShift, distilledGuidance, OptionalDouble.of(value), skipLayers, cache);
    }

    /**
     * Returns the same with skip layer guidance.
     *
     * @param value the layers and how much; null for none
     * @return the extras
     */
    public SamplingExtras withSkipLayers(SkipLayers value) {
        return new SamplingExtras(sigmas, flowShift, distilledGuidance, imageGuidance, Optional.ofNullable(value), cache);
    }

    /**
     * Returns the same with a cache.
     *
     * @param value the cache; null for none
     * @return the extras
     */
    public SamplingExtras withCache(StepCache value) {
        return new SamplingExtras(sigmas, flowShift, distilledGuidance, imageGuidance, skipLayers, Optional.ofNullable(value));
    }
}
