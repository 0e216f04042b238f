package io.github.sdcpp4j;

import java.util.OptionalLong;

/**
 * The memory that a request takes, in bytes. Measured, not guessed: the runtime lays the computations of this very model and size
 * out and says how large they are. Java's own heap and the text encoder's small computations are not in it.
 *
 * @param weights the model's weights, as they lie in memory once all are read
 * @param sampling what a sampling step needs beside them; known for models with a UNet (SD 1.x, SD 2.x, SDXL)
 * @param vae what decoding needs beside the weights, and encoding if the request starts from a picture: the larger of the two
 * @param tiledVae the same in tiles
 */
public record MemoryEstimate(long weights, OptionalLong sampling, long vae, long tiledVae) {

    /**
     * Returns the most that is needed at any time; sampling and the VAE come one after the other.
     *
     * @param tiled whether the VAE works in tiles
     * @return the weights and the larger of the two
     */
    public long peak(boolean tiled) {
        return weights + Math.max(sampling.orElse(0), tiled ? tiledVae : vae);
    }
}
