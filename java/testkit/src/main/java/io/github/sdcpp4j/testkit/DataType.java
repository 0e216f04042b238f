package io.github.sdcpp4j.testkit;

/** Element type of a tensor, under the name it carries in a safetensors header. */
public enum DataType {
    /** IEEE 754 half precision: what most downloaded checkpoints hold. */
    F16(1, 2),
    /** IEEE 754 single precision. */
    F32(1, 4),
    /** 64-bit integer; only for the text encoder's {@code position_ids}, never for weights. */
    I64(1, 8),
    /** ggml's quantised blocks of 32 elements in 18 bytes; only in GGUF, and only for tensors that are all zero. */
    Q4_0(32, 18);

    private final int blockElements;
    private final int blockBytes;

    DataType(int blockElements, int blockBytes) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /** Bytes of so many elements, which fill whole blocks. */
    long bytes(long elements) {
        if (elements % blockElements != 0) {
            throw new IllegalArgumentException("%d elements of %s do not fill whole blocks of %d".formatted(elements, this, blockElements));
        }
        return Math.multiplyExact(elements / blockElements, blockBytes);
    }
}
