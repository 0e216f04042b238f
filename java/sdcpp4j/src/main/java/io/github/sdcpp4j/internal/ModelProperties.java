package io.github.sdcpp4j.internal;

import java.util.List;

/**
 * What is known of a model once it is loaded.
 *
 * @param name the model file's name without its ending
 * @param family the runtime's word for the model family
 * @param sizeMultiple pictures are made in multiples of this many pixels
 * @param makesVideos whether it makes videos, and no pictures, or the other way round
 * @param defaultSampler the runtime's choice
 * @param defaultSchedulers the runtime's choice for each sampler
 */
public record ModelProperties(
        String name, String family, int sizeMultiple, boolean makesVideos, int defaultSampler, List<Integer> defaultSchedulers) {

    /** Copies the list. */
    public ModelProperties {
        defaultSchedulers = List.copyOf(defaultSchedulers);
    }
}
