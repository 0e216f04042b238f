package io.github.sdcpp4j;

/** A request for pictures: {@link TextToImage} or {@link ImageToImage}. Immutable, and usable any number of times. */
public sealed interface ImageRequest permits TextToImage, ImageToImage {

    /**
     * Returns what every request has.
     *
     * @return the settings
     */
    GenerationSettings settings();

    /**
     * Returns the same request with other settings.
     *
     * @param settings the settings
     * @return a request of the same kind
     */
    ImageRequest withSettings(GenerationSettings settings);
}
