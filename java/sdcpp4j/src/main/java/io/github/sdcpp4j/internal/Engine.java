package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.GenerationRequest;
import io.github.sdcpp4j.Previews;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.PromptTokens;

/** Where a loaded model does its work. Used by one thread, one call at a time. */
public interface Engine {

    /** What is known of the model. */
    ModelProperties properties();

    /**
     * Makes pictures.
     *
     * @param request what to make; its seed, sampler and scheduler are decided
     * @param listener hears how far the work is
     * @param previews what to show of it meanwhile
     * @param token stops it
     * @return the pictures
     */
    Pictures generate(GenerationRequest request, ProgressListener listener, Previews previews, CancelToken token);

    /**
     * Reads a prompt as the text encoder does.
     *
     * @param prompt the prompt
     * @return its tokens
     */
    PromptTokens tokens(String prompt);

    /**
     * Gives out the model's parts.
     *
     * @return the parts
     * @throws io.github.sdcpp4j.InvalidRequestException when they are out of reach here
     */
    Parts parts();

    /** Frees the model. */
    void close();
}
