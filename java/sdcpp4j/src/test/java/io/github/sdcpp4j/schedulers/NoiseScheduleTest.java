package io.github.sdcpp4j.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.support.GoldenFile;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The noise of the training, as diffusers has it. */
class NoiseScheduleTest {

    static Stream<GoldenFile.Row> rows() {
        return GoldenFile.read("schedule.json").rows("cases").stream();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void bothTablesAreTheSameToTheLastBit(GoldenFile.Row row) {
        BetaSchedule kind = BetaSchedule.valueOf(row.text("betas").toUpperCase(Locale.ROOT));
        NoiseSchedule schedule = new NoiseSchedule(kind, 1000, 0.00085, 0.012);
        float[] values = row.text("what").equals("betas") ? schedule.betas() : schedule.alphasCumprod();
        int every = row.whole("every");
        double[] expected = row.numbers("values");
        for (int i = 0; i < expected.length; i++) {
            assertThat(values[i * every]).isEqualTo((float) expected[i]);
        }
        assertThat(IntStream.range(0, 1000).mapToDouble(i -> values[i]).sum()).isCloseTo(row.number("sum"), within(1e-10));
    }

    @Test
    void tablesAreTheCallersOwn() {
        NoiseSchedule schedule = NoiseSchedule.stableDiffusion();
        float before = schedule.betas()[0];
        schedule.betas()[0] = 1;
        assertThat(schedule.betas()[0]).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"1, 0.1, 0.2", "100001, 0.1, 0.2", "1000, 0, 0.2", "1000, 0.3, 0.2", "1000, 0.1, 1", "1000, NaN, 0.2"})
    void valuesOutOfRangeAreRefused(int timesteps, double start, double end) {
        assertThatThrownBy(() -> new NoiseSchedule(BetaSchedule.LINEAR, timesteps, start, end)).isInstanceOf(InvalidRequestException.class);
    }
}
