package io.github.sdcpp4j.internal.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/**
 * The element types of ggml: number in the file, elements in a block, bytes of a block. The table follows
 * {@code type_traits} of ggml.c and the block structs of ggml-common.h; 256 is its {@code QK_K}.
 */
enum GgmlType {

    F32(0, 1, 4), F16(1, 1, 2), BF16(30, 1, 2), F64(28, 1, 8),
    I8(24, 1, 1), I16(25, 1, 2), I32(26, 1, 4), I64(27, 1, 8),
    Q1_0(41, 128, 18), Q4_0(2, 32, 18), Q4_1(3, 32, 20), Q5_0(6, 32, 22), Q5_1(7, 32, 24), Q8_0(8, 32, 34),
    Q8_1(9, 32, 36),
    Q2_K(10, 256, 84), Q3_K(11, 256, 110), Q4_K(12, 256, 144), Q5_K(13, 256, 176), Q6_K(14, 256, 210),
    Q8_K(15, 256, 292),
    IQ1_S(19, 256, 50), IQ1_M(29, 256, 56), IQ2_XXS(16, 256, 66), IQ2_XS(17, 256, 74), IQ2_S(22, 256, 82),
    IQ3_XXS(18, 256, 98), IQ3_S(21, 256, 110), IQ4_NL(20, 32, 18), IQ4_XS(23, 256, 136),
    TQ1_0(34, 256, 54), TQ2_0(35, 256, 66), MXFP4(39, 32, 17), NVFP4(40, 64, 36);

    private static final int HIGHEST = Arrays.stream(values()).mapToInt(type -> type.id).max().orElseThrow();
    private static final GgmlType[] BY_ID = new GgmlType[HIGHEST + 1];

    static {
        for (GgmlType type : values()) {
            BY_ID[type.id] = type;
        }
    }

    private final int id;
    private final int blockElements;
    private final int blockBytes;

    GgmlType(int id, int blockElements, int blockBytes) {
        this.id = id;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    int id() {
        return id;
    }

    int blockElements() {
        return blockElements;
    }

    int blockBytes() {
        return blockBytes;
    }

    static Optional<GgmlType> of(long id) {
        return id <= HIGHEST ? Optional.ofNullable(BY_ID[(int) id]) : Optional.empty();
    }

    /** Whether the number lies in the table without naming a type: it did once, and ggml dropped the type. */
    static boolean isRemoved(long id) {
        return id <= HIGHEST && BY_ID[(int) id] == null;
    }
}
