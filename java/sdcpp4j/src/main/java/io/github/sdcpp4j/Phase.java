package io.github.sdcpp4j;

/** What a call is busy with. A call passes through the phases in this order; parts may be skipped. */
public enum Phase {
    /** Reads weights; a step is a tensor. */
    LOAD,
    /** Turns pictures into latents; a step is a tile, when the VAE works in tiles. */
    ENCODE_IMAGE,
    /** Turns prompts into embeddings; has no steps. */
    ENCODE_TEXT,
    /** Removes noise; a step is a sampling step. */
    SAMPLE,
    /** Turns latents into pictures; a step is a tile, or the whole picture when the VAE does not work in tiles. */
    DECODE,
    /** Makes a picture larger with a model of its own; a step is a tile. */
    UPSCALE,
    /** Writes a converted model file; has no steps. */
    WRITE
}
