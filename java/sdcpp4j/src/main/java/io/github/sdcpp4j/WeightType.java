package io.github.sdcpp4j;

import java.util.Optional;

/**
 * The number format of weights, as ggml names it. Loading with another type than the file's converts: {@code Q8_0} halves the
 * memory of an f16 checkpoint with hardly a visible change, {@code Q4_0} quarters it.
 */
public enum WeightType implements RuntimeValue {
    /** 32-bit floats. */
    F32(0, "f32"),
    /** 16-bit floats. */
    F16(1, "f16"),
    /** The block format Q4_0 of ggml. */
    Q4_0(2, "q4_0"),
    /** The block format Q4_1 of ggml. */
    Q4_1(3, "q4_1"),
    /** The block format Q5_0 of ggml. */
    Q5_0(6, "q5_0"),
    /** The block format Q5_1 of ggml. */
    Q5_1(7, "q5_1"),
    /** The block format Q8_0 of ggml. */
    Q8_0(8, "q8_0"),
    /** The block format Q8_1 of ggml. */
    Q8_1(9, "q8_1"),
    /** The block format Q2_K of ggml. */
    Q2_K(10, "q2_K"),
    /** The block format Q3_K of ggml. */
    Q3_K(11, "q3_K"),
    /** The block format Q4_K of ggml. */
    Q4_K(12, "q4_K"),
    /** The block format Q5_K of ggml. */
    Q5_K(13, "q5_K"),
    /** The block format Q6_K of ggml. */
    Q6_K(14, "q6_K"),
    /** The block format Q8_K of ggml. */
    Q8_K(15, "q8_K"),
    /** The block format IQ2_XXS of ggml. */
    IQ2_XXS(16, "iq2_xxs"),
    /** The block format IQ2_XS of ggml. */
    IQ2_XS(17, "iq2_xs"),
    /** The block format IQ3_XXS of ggml. */
    IQ3_XXS(18, "iq3_xxs"),
    /** The block format IQ1_S of ggml. */
    IQ1_S(19, "iq1_s"),
    /** The block format IQ4_NL of ggml. */
    IQ4_NL(20, "iq4_nl"),
    /** The block format IQ3_S of ggml. */
    IQ3_S(21, "iq3_s"),
    /** The block format IQ2_S of ggml. */
    IQ2_S(22, "iq2_s"),
    /** The block format IQ4_XS of ggml. */
    IQ4_XS(23, "iq4_xs"),
    /** 8-bit integers. */
    I8(24, "i8"),
    /** 16-bit integers. */
    I16(25, "i16"),
    /** 32-bit integers. */
    I32(26, "i32"),
    /** 64-bit integers. */
    I64(27, "i64"),
    /** 64-bit floats. */
    F64(28, "f64"),
    /** The block format IQ1_M of ggml. */
    IQ1_M(29, "iq1_m"),
    /** bfloat16. */
    BF16(30, "bf16"),
    /** The block format TQ1_0 of ggml. */
    TQ1_0(34, "tq1_0"),
    /** The block format TQ2_0 of ggml. */
    TQ2_0(35, "tq2_0"),
    /** The block format MXFP4 of ggml. */
    MXFP4(39, "mxfp4"),
    /** The block format NVFP4 of ggml. */
    NVFP4(40, "nvfp4"),
    /** The block format Q1_0 of ggml. */
    Q1_0(41, "q1_0");

    private final int nativeValue;
    private final String flag;

    WeightType(int nativeValue, String flag) {
        this.nativeValue = nativeValue;
        this.flag = flag;
    }

    @Override
    public int nativeValue() {
        return nativeValue;
    }

    @Override
    public String flag() {
        return flag;
    }

    /**
     * Tells whether weights can be converted to this type while they are loaded. The integer types, {@code F64} and the
     * formats that ggml uses for intermediate results only cannot be made.
     *
     * @return true for the types that {@link LoadOptions} takes
     */
    public boolean isLoadable() {
        return switch (this) {
            case I8, I16, I32, I64, F64, Q8_1, Q8_K -> false;
            default -> true;
        };
    }

    /**
     * Finds a value by its flag, ignoring case.
     *
     * @param flag such as {@code f16}
     * @return the value, or empty when there is none of that name
     */
    public static Optional<WeightType> find(String flag) {
        return RuntimeValue.find(values(), flag);
    }
}
