package io.github.sdcpp4j.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.InvalidRequestException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong calls are refused and change nothing; what diffusers leaves open is well defined. */
class SchedulerMisuseTest {

    private static final SchedulerConfig CONFIG = SchedulerConfig.stableDiffusion1();
    private static final NoiseSource NO_NOISE = float[]::new;

    static Stream<NoiseScheduler> all() {
        return Stream.concat(withHistory(), Stream.of(DdpmScheduler.stableDiffusion1(NO_NOISE), DdimScheduler.stableDiffusion1(),
                EulerScheduler.stableDiffusion1(), EulerAncestralScheduler.stableDiffusion1(NO_NOISE)));
    }

    static Stream<NoiseScheduler> withHistory() {
        return Stream.of(PndmScheduler.stableDiffusion1(), new PndmScheduler(CONFIG.withSkipPrkSteps(false)),
                LmsScheduler.stableDiffusion1(), DpmSolverMultistepScheduler.stableDiffusion1());
    }

    @ParameterizedTest
    @MethodSource("all")
    void nothingWorksBeforeTimestepsAreSet(NoiseScheduler scheduler) {
        float[] sample = new float[4];
        Stream.<Runnable>of(scheduler::timesteps, scheduler::initNoiseSigma, () -> scheduler.scaleModelInput(sample, 1),
                        () -> scheduler.step(sample, 1, sample))
                .forEach(call -> assertThatThrownBy(call::run)
                        .isInstanceOf(IllegalStateException.class).hasMessageContaining("setTimesteps"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void stepCountsOutOfRangeAreRefusedAndTheTimestepsStay(NoiseScheduler scheduler) {
        scheduler.setTimesteps(10);
        double[] before = scheduler.timesteps();
        for (int count : new int[] {Integer.MIN_VALUE, -1, 0, 1001, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> scheduler.setTimesteps(count))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("" + count);
        }
        assertThat(scheduler.timesteps()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyStepCountGivesAFiniteSample(NoiseScheduler scheduler) {
        int fewest = scheduler instanceof PndmScheduler ? 4 : 1;
        IntStream.concat(IntStream.of(fewest, 5, 7, 31, 61, 103, 333, 500, 501, 998), IntStream.of(999)).forEach(count -> {
            scheduler.setTimesteps(count);
            float[] sample = {1, -2, 0, 0.5f};
            for (double t : scheduler.timesteps()) {
                float[] output = scheduler.scaleModelInput(sample, t);
                sample = scheduler.step(output, t, sample).sample();
            }
            for (float value : sample) {
                assertThat(value).isFinite();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void lengthsThatDifferAreRefusedAndTheRunGoesOn(NoiseScheduler scheduler) {
        scheduler.setTimesteps(10);
        double first = scheduler.timesteps()[0];
        assertThatThrownBy(() -> scheduler.step(new float[3], first, new float[4]))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("3").hasMessageContaining("4");
        assertThatThrownBy(() -> scheduler.addNoise(new float[4], new float[5], first))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("5");
        assertThat(scheduler.step(new float[4], first, new float[4]).sample()).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("all")
    void timestepsThatAreNotThereAreRefused(NoiseScheduler scheduler) {
        scheduler.setTimesteps(10);
        for (double t : new double[] {-1, 0.123, 1000, Double.NaN}) {
            assertThatThrownBy(() -> scheduler.step(new float[4], t, new float[4]))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("" + t);
            assertThatThrownBy(() -> scheduler.scaleModelInput(new float[4], t)).isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> scheduler.addNoise(new float[4], new float[4], t)).isInstanceOf(InvalidRequestException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("withHistory")
    void stepsOutOfOrderAreRefusedAndTheRightOneStillWorks(NoiseScheduler scheduler) {
        scheduler.setTimesteps(10);
        double[] timesteps = scheduler.timesteps();
        scheduler.step(new float[4], timesteps[0], new float[4]);
        assertThatThrownBy(() -> scheduler.step(new float[4], timesteps[5], new float[4]))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("" + timesteps[5]).hasMessageContaining("" + timesteps[1]);
        assertThat(scheduler.step(new float[4], timesteps[1], new float[4]).sample()).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("withHistory")
    void aSampleOfAnotherLengthIsRefusedInTheMiddle(NoiseScheduler scheduler) {
        scheduler.setTimesteps(10);
        double[] timesteps = scheduler.timesteps();
        scheduler.step(new float[4], timesteps[0], new float[4]);
        assertThatThrownBy(() -> scheduler.step(new float[5], timesteps[1], new float[5]))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("5").hasMessageContaining("4");
    }

    @ParameterizedTest
    @MethodSource("withHistory")
    void afterTheLastStepTimestepsMustBeSetAgain(NoiseScheduler scheduler) {
        scheduler.setTimesteps(4);
        double[] timesteps = scheduler.timesteps();
        for (double t : timesteps) {
            scheduler.step(new float[4], t, new float[4]);
        }
        assertThatThrownBy(() -> scheduler.step(new float[4], timesteps[timesteps.length - 1], new float[4]))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("setTimesteps");
        scheduler.setTimesteps(4);
        scheduler.step(new float[5], timesteps[0], new float[5]);
    }

    @ParameterizedTest
    @MethodSource("all")
    void argumentsAreNotChanged(NoiseScheduler scheduler) {
        scheduler.setTimesteps(10);
        float[] sample = {1, 2, 3, 4};
        float[] output = {4, 3, 2, 1};
        double first = scheduler.timesteps()[0];
        scheduler.scaleModelInput(sample, first)[0] = 9;
        SchedulerStep step = scheduler.step(output, first, sample);
        scheduler.addNoise(sample, output, first)[0] = 9;
        assertThat(sample).containsExactly(1, 2, 3, 4);
        assertThat(output).containsExactly(4, 3, 2, 1);
        scheduler.timesteps()[0] = -1;
        assertThat(scheduler.timesteps()[0]).isEqualTo(first);
        assertThat(step.sample()).isNotSameAs(step.predictedOriginal());
    }

    @ParameterizedTest
    @MethodSource("withHistory")
    void theHistoryIsNotTheCallersArrays(NoiseScheduler scheduler) {
        double[][] results = new double[2][];
        for (int pass = 0; pass < 2; pass++) {
            scheduler.setTimesteps(6);
            float[] sample = {1, 2, 3, 4};
            for (double t : scheduler.timesteps()) {
                float[] output = sample.clone();
                SchedulerStep step = scheduler.step(output, t, sample);
                float[] next = step.sample().clone();
                if (pass == 1) {
                    Stream.of(output, sample, step.sample(), step.predictedOriginal()).forEach(array -> Arrays.fill(array, Float.NaN));
                }
                sample = next;
            }
            float[] last = sample;
            results[pass] = IntStream.range(0, last.length).mapToDouble(i -> last[i]).toArray();
        }
        assertThat(results[1]).isEqualTo(results[0]);
    }

    @Test
    void aNoiseSourceMustGiveAsMuchAsIsAskedFor() {
        NoiseSource tooLittle = length -> new float[length - 1];
        for (NoiseScheduler scheduler : List.of(DdpmScheduler.stableDiffusion1(tooLittle), new DdimScheduler(CONFIG, 1, tooLittle),
                EulerAncestralScheduler.stableDiffusion1(tooLittle))) {
            scheduler.setTimesteps(10);
            assertThatThrownBy(() -> scheduler.step(new float[4], scheduler.timesteps()[0], new float[4]))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("noise source").hasMessageContaining("3");
        }
    }

    @Test
    void anOffsetThatPassesTheLastTimestepIsRefused() {
        for (NoiseScheduler scheduler : List.of(DdimScheduler.stableDiffusion1(), new EulerScheduler(CONFIG), new LmsScheduler(CONFIG))) {
            scheduler.setTimesteps(999);
            assertThatThrownBy(() -> scheduler.setTimesteps(1000))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("offset").hasMessageContaining("1000");
        }
        assertThatThrownBy(() -> CONFIG.withStepsOffset(-1)).isInstanceOf(InvalidRequestException.class).hasMessageContaining("-1");
        assertThatThrownBy(() -> CONFIG.withStepsOffset(1000)).isInstanceOf(InvalidRequestException.class).hasMessageContaining("1000");
    }

    @Test
    void whatASchedulerCannotDoIsRefused() {
        SchedulerConfig karras = CONFIG.withKarrasSigmas(true);
        SchedulerConfig clip = CONFIG.withClipSample(true);
        Stream.<Runnable>of(() -> new DdpmScheduler(karras, NO_NOISE), () -> new DdimScheduler(karras), () -> new PndmScheduler(karras),
                        () -> new PndmScheduler(clip), () -> new PndmScheduler(CONFIG.withPrediction(PredictionType.SAMPLE)),
                        () -> new LmsScheduler(clip), () -> new EulerScheduler(clip), () -> new EulerAncestralScheduler(clip, NO_NOISE),
                        () -> new DpmSolverMultistepScheduler(clip), () -> new DdimScheduler(CONFIG, 1.1, NO_NOISE),
                        () -> new DdimScheduler(CONFIG, -0.1, NO_NOISE), () -> new DdimScheduler(CONFIG, Double.NaN, NO_NOISE),
                        () -> new PndmScheduler(CONFIG.withSkipPrkSteps(false)).setTimesteps(3))
                .forEach(call -> assertThatThrownBy(call::run).isInstanceOf(InvalidRequestException.class));
    }

    /** A model that knows the noise foresees the same original at every step of any order, wherever the run begins. */
    @ParameterizedTest
    @MethodSource("withHistory")
    void aPerfectModelLeadsToTheOriginalFromWhereverTheRunBegins(NoiseScheduler scheduler) {
        float[] original = {0.5f, -1, 2, 0};
        float[] noise = {-1, 0.3f, 0.1f, 2};
        scheduler.setTimesteps(20);
        double[] timesteps = scheduler.timesteps();
        boolean rungeKutta = timesteps.length > 21;
        for (int start : rungeKutta ? new int[] {0} : new int[] {0, 2, 7, 12}) {
            scheduler.setTimesteps(20);
            float[] sample = scheduler.addNoise(original, noise, timesteps[start]);
            for (double t : Arrays.copyOfRange(timesteps, start, timesteps.length)) {
                SchedulerStep step = scheduler.step(noise, t, sample);
                assertThat(step.predictedOriginal()).usingComparatorWithPrecision(1e-4f).containsExactly(original);
                sample = step.sample();
            }
        }
    }
}
