package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.ProgressListener;

/** Where a loaded model does its work. Used by one thread, one call at a time. */
public interface Engine {

    /** What is known of the model. */
    ModelProperties properties();

    /**
     * Makes pictures.
     *
     * @param request what to make; its seed, sampler and scheduler are decided
     * @param listener hears how far the work is
     * @param token stops it
     * @return the pictures
     */
    Pictures generate(ImageRequest request, ProgressListener listener, CancelToken token);

    /** Frees the model. */
    void close();
}
