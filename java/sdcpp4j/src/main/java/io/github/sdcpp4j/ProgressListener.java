package io.github.sdcpp4j;

/**
 * Hears how far a call is.
 *
 * <p>Called on the context's own thread between two pieces of work, so a slow listener slows the picture. It must not
 * call the {@link StableDiffusion} it listens to. What it throws stops the call, as a cancellation would, and is thrown by
 * it.
 */
@FunctionalInterface
public interface ProgressListener {

    /** Hears nothing. */
    ProgressListener NONE = progress -> {};

    /**
     * One report.
     *
     * @param progress how far the call is
     */
    void onProgress(Progress progress);
}
