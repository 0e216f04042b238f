package io.github.sdcpp4j.internal.checkpoint;

/**
 * What a header may ask for at most. Each bound is far above any published model and low enough that a forged file
 * cannot exhaust the heap: the worst that passes them all fits a JVM with {@code -Xmx64m}.
 */
final class Limits {

    /** The format's own bound on the JSON header, as in the reference implementation of safetensors. */
    static final long SAFETENSORS_HEADER_BYTES = 100_000_000L;

    /** Where the tensor data of a GGUF file must have begun. */
    static final long GGUF_HEADER_BYTES = 256L << 20;

    /** The directory of a zip archive: some 100 bytes for each tensor. */
    static final long ZIP_DIRECTORY_BYTES = 64L << 20;

    /** The pickle that describes a state dict; about 300 bytes for each tensor. */
    static final long PICKLE_BYTES = 256L << 20;

    /** Operations of a pickle: about 40 for each tensor. */
    static final int PICKLE_OPERATIONS = 400_000;

    /** Dicts in dicts; a training checkpoint needs four. */
    static final int PICKLE_DEPTH = 32;

    /** SDXL has 2,515 tensors. */
    static final int TENSORS = 16_384;

    /** Keys of the metadata of a GGUF file. */
    static final int METADATA_KEYS = 16_384;

    /** The GGUF specification's own bound on keys; used for tensor names as well. */
    static final int NAME_BYTES = 65_535;

    /** A metadata value longer than this is described instead of kept. */
    static final int METADATA_VALUE_BYTES = 1 << 20;

    /** All names and texts of one header together. */
    static final long TEXT_BYTES = 16L << 20;

    /** JSON values in one document; eleven for each tensor. */
    static final int JSON_NODES = 200_000;

    /** Nesting of a JSON document; a safetensors header needs three. */
    static final int JSON_DEPTH = 32;

    /** The dimensions that the native loader has room for. */
    static final int SAFETENSORS_DIMENSIONS = 5;

    /** The dimensions that ggml has room for. */
    static final int GGUF_DIMENSIONS = 4;

    private Limits() {
    }
}
