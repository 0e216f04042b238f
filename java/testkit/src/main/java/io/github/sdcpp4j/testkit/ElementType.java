package io.github.sdcpp4j.testkit;

import java.util.Arrays;

/** The element types that a header can claim: those that the writers use, their neighbours, and one unknown to all. */
enum ElementType {
    F16("F16", 1, "HalfStorage", 2),
    BF16("BF16", 30, "BFloat16Storage", 2),
    F32("F32", 0, "FloatStorage", 4),
    I32("I32", 26, "IntStorage", 4),
    F64("F64", 28, "DoubleStorage", 8),
    I64("I64", 27, "LongStorage", 8),
    /** One byte in safetensors and PyTorch; in GGUF blocks of 32 elements in 34 bytes. */
    SMALL("F8_E4M3", 8, "CharStorage", 1),
    UNKNOWN("F13", 77, "QUInt4x2Storage", 1),
    /** GGUF's alone; no mutation claims it. */
    Q4_0("", 2, "", 1);

    private final String safetensors;
    private final int ggml;
    private final String torch;
    private final int bytes;

    ElementType(String safetensors, int ggml, String torch, int bytes) {
        this.safetensors = safetensors;
        this.ggml = ggml;
        this.torch = torch;
        this.bytes = bytes;
    }

    /** What a mutation claims. */
    static ElementType[] claims() {
        return Arrays.stream(values()).filter(type -> type != Q4_0).toArray(ElementType[]::new);
    }

    static ElementType of(DataType type) {
        return valueOf(type.name());
    }

    /** Name in a safetensors header. */
    String safetensors() {
        return safetensors;
    }

    /** Number in a GGUF header. */
    int ggml() {
        return ggml;
    }

    /** Name of the storage class in PyTorch. */
    String torch() {
        return torch;
    }

    int bytes() {
        return bytes;
    }
}
