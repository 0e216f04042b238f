package io.github.sdcpp4j.spring.ai;

import io.github.sdcpp4j.Timings;
import java.util.List;
import org.springframework.ai.image.ImageGenerationMetadata;

/**
 * What is known of one picture.
 *
 * @param seed its seed: a prompt with it and {@code n} of 1 gives this picture again
 * @param model the checkpoint's name
 * @param parameters everything that it was made with, as web UIs write it; it is in the PNG too
 * @param timings where the time went, for all pictures of the call together
 * @param notes what a user should know about how it was made, often nothing
 */
public record StableDiffusionImageGenerationMetadata(long seed, String model, String parameters, Timings timings, List<String> notes)
        implements ImageGenerationMetadata {

    /** Copies the list. */
    public StableDiffusionImageGenerationMetadata {
        notes = List.copyOf(notes);
    }
}
