package io.github.sdcpp4j.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.support.GoldenFile;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What torch.randn gives on the CPU. */
class TorchCpuNoiseTest {

    private static final double TOLERANCE = 1e-6;

    static Stream<GoldenFile.Row> calls() {
        return GoldenFile.read("randn.json").rows("cases").stream();
    }

    static Stream<GoldenFile.Row> sequences() {
        return GoldenFile.read("randn.json").rows("sequences").stream();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aSeedGivesTheNumbersOfTorch(GoldenFile.Row row) {
        int size = row.whole("size");
        float[] values = new TorchCpuNoise(row.integer("seed")).next(size);
        assertThat(values).hasSize(size);
        double[] expected = row.numbers("values");
        for (int i = 0; i < expected.length; i++) {
            int at = size <= 17 || i < 8 ? i : size - expected.length + i;
            assertThat(values[at]).isCloseTo((float) expected[i], within((float) TOLERANCE));
        }
        double sum = 0;
        double weighted = 0;
        for (int i = 0; i < size; i++) {
            sum += values[i];
            weighted += values[i] * (i + 1.0) / size;
        }
        assertThat(sum).isCloseTo(row.number("sum"), within(TOLERANCE * Math.sqrt(size)));
        assertThat(weighted).isCloseTo(row.number("weighted"), within(TOLERANCE * Math.sqrt(size)));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void fewNumbersAreTheSameToTheLastBit(GoldenFile.Row row) {
        if (row.whole("size") < 16) {
            float[] values = new TorchCpuNoise(row.integer("seed")).next(row.whole("size"));
            double[] expected = row.numbers("values");
            for (int i = 0; i < expected.length; i++) {
                assertThat(values[i]).isEqualTo((float) expected[i]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sequences")
    void callsOneAfterAnotherGiveTheNumbersOfTorch(GoldenFile.Row row) {
        TorchCpuNoise noise = new TorchCpuNoise(row.integer("seed"));
        double[] sizes = row.numbers("sizes");
        List<double[]> last = row.lists("last");
        for (int call = 0; call < sizes.length; call++) {
            float[] values = noise.next((int) sizes[call]);
            double[] expected = last.get(call);
            for (int i = 0; i < expected.length; i++) {
                assertThat(values[values.length - expected.length + i]).isCloseTo((float) expected[i], within((float) TOLERANCE));
            }
        }
    }

    @Test
    void nothingIsTakenForNoNumbers() {
        TorchCpuNoise noise = new TorchCpuNoise(5);
        assertThat(noise.next(0)).isEmpty();
        assertThat(noise.next(20)).isEqualTo(new TorchCpuNoise(5).next(20));
        assertThatThrownBy(() -> noise.next(-1)).isInstanceOf(InvalidRequestException.class).hasMessageContaining("-1");
    }

    @Test
    void onlyTheLowerHalfOfASeedMatters() {
        assertThat(new TorchCpuNoise(5 + (1L << 32)).next(20)).isEqualTo(new TorchCpuNoise(5).next(20));
        assertThat(Arrays.hashCode(new TorchCpuNoise(6).next(20))).isNotEqualTo(Arrays.hashCode(new TorchCpuNoise(5).next(20)));
    }
}
