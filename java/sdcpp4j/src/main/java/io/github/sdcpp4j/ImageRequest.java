package io.github.sdcpp4j;

import java.util.function.Consumer;

/** A request for pictures: {@link TextToImage} or {@link ImageToImage}. Immutable, and usable any number of times. */
public sealed interface ImageRequest extends GenerationRequest permits TextToImage, ImageToImage {

    @Override
    ImageRequest withSettings(GenerationSettings settings);

    @Override
    ImageRequest with(Consumer<? super GenerationSettings.Builder<?>> change);
}
