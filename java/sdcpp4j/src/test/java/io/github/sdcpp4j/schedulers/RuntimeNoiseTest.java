package io.github.sdcpp4j.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.support.GoldenFile;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The noise that the runtime makes of a seed, from its own generators; see java/verification/runtime_noise.cpp. */
class RuntimeNoiseTest {

    private static final float TOLERANCE = 1e-6f;

    static Stream<GoldenFile.Row> rows() {
        return GoldenFile.read("runtime-noise.json").rows("cases").stream();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void callsOneAfterAnotherGiveTheNumbersOfTheRuntime(GoldenFile.Row row) {
        long seed = row.integer("seed");
        NoiseSource noise = row.text("rng").equals("cuda") ? new TorchCudaNoise(seed) : new TorchCpuNoise(seed);
        for (GoldenFile.Row call : row.rows("calls")) {
            int size = call.whole("size");
            float[] values = noise.next(size);
            double[] expected = call.numbers("values");
            for (int i = 0; i < expected.length; i++) {
                int at = i < 12 ? i : size - expected.length + i;
                assertThat(values[at]).isCloseTo((float) expected[i], within(TOLERANCE));
            }
            double sum = 0;
            for (float value : values) {
                sum += value;
            }
            assertThat(sum).isCloseTo(call.number("sum"), within(TOLERANCE * Math.sqrt(size)));
        }
    }

    /** The example in the documentation of the web UI's rng_philox.py, which shows what PyTorch gave on a GPU. */
    @Test
    void theCudaNoiseIsThatOfTheWebUi() {
        assertThat(new TorchCudaNoise(0).next(12)).usingComparatorWithPrecision(TOLERANCE).containsExactly(
                -0.92466259f, -0.42534415f, -2.6438457f, 0.14518388f, -0.12086647f, -0.57972564f,
                -0.62285122f, -0.32838709f, -1.07454231f, -0.36314407f, -1.67105067f, 2.26550497f);
    }

    @Test
    void bothHalvesOfASeedMatterToTheCudaNoise() {
        List<float[]> noises = Stream.of(5L, 5L + (1L << 32), -5L).map(seed -> new TorchCudaNoise(seed).next(4)).toList();
        assertThat(noises.get(0)).isNotEqualTo(noises.get(1)).isNotEqualTo(noises.get(2));
        assertThatThrownBy(() -> new TorchCudaNoise(0).next(-1)).isInstanceOf(InvalidRequestException.class).hasMessageContaining("-1");
    }
}
