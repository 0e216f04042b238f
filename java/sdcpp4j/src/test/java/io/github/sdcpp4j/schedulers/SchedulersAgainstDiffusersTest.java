package io.github.sdcpp4j.schedulers;

import static io.github.sdcpp4j.schedulers.GoldenCase.LENGTH;
import static io.github.sdcpp4j.schedulers.GoldenCase.difference;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.sdcpp4j.schedulers.GoldenCase.Trajectory;
import io.github.sdcpp4j.support.GoldenFile;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What diffusers' schedulers do, from the files of java/verification. A difference is a share of the largest number in the array that
 * is compared.
 */
class SchedulersAgainstDiffusersTest {

    /** The largest seen is 3.4e-6. */
    private static final double TOLERANCE = 1e-5;

    /** As a share of the timestep, or of 1 below; the largest seen is 4.9e-7. numpy's logarithm is not rounded as Java's. */
    private static final double FRACTIONAL_TIMESTEP_TOLERANCE = 1e-6;

    static Stream<GoldenCase> cases() {
        return Stream.of("ddpm", "ddim", "pndm", "lms", "euler", "euler-ancestral", "dpm-multistep")
                .flatMap(name -> GoldenCase.of(name + ".json").stream());
    }

    static Stream<GoldenCase> evenCases() {
        return cases().filter(golden -> !golden.row().flag("karras") || golden.scheduler().startsWith("DPM"));
    }

    static Stream<GoldenCase> fractionalCases() {
        return cases().filter(golden -> golden.row().flag("karras") && !golden.scheduler().startsWith("DPM"));
    }

    static Stream<GoldenCase> sigmaCases() {
        return cases().filter(golden -> golden.row().has("sigmas"));
    }

    static Stream<GoldenCase> originalCases() {
        return cases().filter(golden -> golden.row().has("original"));
    }

    @ParameterizedTest
    @MethodSource("evenCases")
    void timestepsAreTheSame(GoldenCase golden) {
        NoiseScheduler scheduler = golden.make();
        scheduler.setTimesteps(golden.row().whole("steps"));
        assertThat(scheduler.timesteps()).isEqualTo(golden.row().numbers("timesteps"));
    }

    @ParameterizedTest
    @MethodSource("fractionalCases")
    void timestepsOfKarrasSigmasAreTheSameButForTheirLastBits(GoldenCase golden) {
        NoiseScheduler scheduler = golden.make();
        scheduler.setTimesteps(golden.row().whole("steps"));
        double[] expected = golden.row().numbers("timesteps");
        double[] actual = scheduler.timesteps();
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(FRACTIONAL_TIMESTEP_TOLERANCE * Math.max(1, expected[i])));
        }
    }

    @ParameterizedTest
    @MethodSource("sigmaCases")
    void sigmasAreTheSameOrTheNextFloat(GoldenCase golden) {
        NoiseScheduler scheduler = golden.make();
        scheduler.setTimesteps(golden.row().whole("steps"));
        double[] expected = golden.row().numbers("sigmas");
        double[] actual = scheduler instanceof SigmaScheduler sigmas ? sigmas.sigmas() : ((DpmSolverMultistepScheduler) scheduler).sigmas();
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat((float) actual[i]).isBetween(Math.nextDown((float) expected[i]), Math.nextUp((float) expected[i]));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void firstSamplesAreScaledTheSame(GoldenCase golden) {
        NoiseScheduler scheduler = golden.make();
        scheduler.setTimesteps(golden.row().whole("steps"));
        float expected = (float) golden.row().number("initNoiseSigma");
        assertThat((float) scheduler.initNoiseSigma()).isBetween(Math.nextDown(expected), Math.nextUp(expected));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyStepOfARunIsTheSame(GoldenCase golden) {
        Trajectory run = golden.run(golden.make());
        List<double[]> expected = golden.row().lists("probes");
        assertThat(run.probes()).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(difference(run.probes().get(i), expected.get(i))).as("step %d", i).isLessThan(TOLERANCE);
        }
        assertThat(difference(run.last(), golden.row().numbers("final"))).isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aSecondRunIsTheFirstAgainUnlessItsNoiseIsNew(GoldenCase golden) {
        NoiseScheduler scheduler = golden.make();
        Trajectory first = golden.run(scheduler);
        boolean random = scheduler instanceof DdpmScheduler || scheduler instanceof EulerAncestralScheduler
                || golden.row().number("eta") > 0;
        Trajectory second = golden.run(scheduler);
        assertThat(difference(second.last(), first.last()) == 0).isNotEqualTo(random);
    }

    @ParameterizedTest
    @MethodSource("originalCases")
    void thePredictedOriginalIsTheSame(GoldenCase golden) {
        Trajectory run = golden.run(golden.make());
        assertThat(difference(run.original(), golden.row().numbers("original"))).isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ddpm", "ddim", "pndm", "lms", "euler", "euler-ancestral", "dpm-multistep"})
    void noiseIsAddedTheSame(String file) {
        List<GoldenFile.Row> rows = GoldenFile.read(file + ".json").rows("addNoise");
        assertThat(rows).isNotEmpty();
        GoldenCase any = GoldenCase.of(file + ".json").stream()
                .filter(golden -> golden.row().flag("stableDiffusion1")).findAny().orElseThrow();
        for (GoldenFile.Row row : rows) {
            NoiseScheduler scheduler = row.flag("karras") ? karras(file) : any.make();
            scheduler.setTimesteps(20);
            float[] noisy = scheduler.addNoise(new TorchCpuNoise(1).next(LENGTH), new TorchCpuNoise(2).next(LENGTH),
                    scheduler.timesteps()[row.whole("index")]);
            assertThat(difference(GoldenCase.kept(noisy), row.numbers("values"))).isLessThan(TOLERANCE);
        }
    }

    private static NoiseScheduler karras(String file) {
        SchedulerConfig config = SchedulerConfig.stableDiffusion1().withSpacing(TimestepSpacing.LINSPACE).withKarrasSigmas(true);
        return switch (file) {
            case "lms" -> new LmsScheduler(config);
            case "euler" -> new EulerScheduler(config);
            default -> new DpmSolverMultistepScheduler(config);
        };
    }
}
