package io.github.sdcpp4j.internal.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgmlTypeTest {

    /** Printed by a C program from ggml-common.h: type, number, elements of a block, sizeof of the block. */
    @ParameterizedTest
    @CsvSource({
        "Q4_0, 2, 32, 18", "Q4_1, 3, 32, 20", "Q5_0, 6, 32, 22", "Q5_1, 7, 32, 24", "Q8_0, 8, 32, 34",
        "Q8_1, 9, 32, 36", "Q2_K, 10, 256, 84", "Q3_K, 11, 256, 110", "Q4_K, 12, 256, 144", "Q5_K, 13, 256, 176",
        "Q6_K, 14, 256, 210", "Q8_K, 15, 256, 292", "IQ2_XXS, 16, 256, 66", "IQ2_XS, 17, 256, 74",
        "IQ3_XXS, 18, 256, 98", "IQ1_S, 19, 256, 50", "IQ4_NL, 20, 32, 18", "IQ3_S, 21, 256, 110",
        "IQ2_S, 22, 256, 82", "IQ4_XS, 23, 256, 136", "IQ1_M, 29, 256, 56", "TQ1_0, 34, 256, 54",
        "TQ2_0, 35, 256, 66", "MXFP4, 39, 32, 17", "NVFP4, 40, 64, 36", "Q1_0, 41, 128, 18"})
    void agreesWithGgml(GgmlType type, int id, int elements, int bytes) {
        assertThat(GgmlType.of(id)).contains(type);
        assertThat(type.blockElements()).isEqualTo(elements);
        assertThat(type.blockBytes()).isEqualTo(bytes);
    }

    @Test
    void hasNoNumberTwice() {
        assertThat(Arrays.stream(GgmlType.values()).map(GgmlType::id)).doesNotHaveDuplicates();
    }

    @Test
    void knowsWhichNumbersGgmlDropped() {
        assertThat(LongStream.range(0, 100).filter(GgmlType::isRemoved)).containsExactly(4L, 5L, 31L, 32L, 33L, 36L,
                37L, 38L);
        assertThat(GgmlType.of(0xffff_ffffL)).isEmpty();
    }
}
