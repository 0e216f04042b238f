package io.github.sdcpp4j;

import java.util.function.Consumer;

/** What a model can be asked to make: an {@link ImageRequest} or a {@link VideoRequest}. Immutable, and usable any number of times. */
public sealed interface GenerationRequest permits ImageRequest, VideoRequest {

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
    GenerationRequest withSettings(GenerationSettings settings);

    /**
     * Returns the same request but for some settings.
     *
     * @param change gets a builder that holds all of this request, and sets others there
     * @return a request of the same kind
     * @throws InvalidRequestException when a value is out of its range
     */
    GenerationRequest with(Consumer<? super GenerationSettings.Builder<?>> change);

    /**
     * Returns how many pictures are asked for.
     *
     * @return the batch count, or the frames of a video
     */
    default int pictureCount() {
        return settings().batchCount();
    }
}
