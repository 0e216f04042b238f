package io.github.sdcpp4j.testkit;

/** Element type of a tensor, under the name it carries in a safetensors header. */
public enum DataType {
    /** IEEE 754 half precision: what most downloaded checkpoints hold. */
    F16(2),
    /** IEEE 754 single precision. */
    F32(4),
    /** 64-bit integer; only for the text encoder's {@code position_ids}, never for weights. */
    I64(8);

    private final int bytes;

    DataType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
