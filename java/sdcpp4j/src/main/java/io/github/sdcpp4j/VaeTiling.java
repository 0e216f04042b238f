package io.github.sdcpp4j;

/** Whether the VAE works on the whole picture at once or on overlapping tiles, which need far less memory and more time. */
public enum VaeTiling {
    /** The whole picture at once. */
    OFF,
    /** In tiles when the whole picture would not fit into memory. */
    AUTO,
    /** In tiles, always. */
    ON
}
