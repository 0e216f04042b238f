package io.github.sdcpp4j.schedulers;

import io.github.sdcpp4j.support.GoldenFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A scheduler as golden.py had it, and its run with golden.py's model. */
record GoldenCase(String scheduler, GoldenFile.Row row) {

    static final int LENGTH = 4 * 8 * 8;
    private static final int[] PROBES = {0, 139};
    private static final int KEPT = 9;

    /** What was seen of a run. */
    record Trajectory(List<double[]> probes, double[] last, double[] original) {}

    static List<GoldenCase> of(String file) {
        GoldenFile golden = GoldenFile.read(file);
        return golden.rows("cases").stream().map(row -> new GoldenCase(golden.text("scheduler"), row)).toList();
    }

    NoiseScheduler make() {
        NoiseSource noise = new TorchCpuNoise(7);
        if (row.flag("stableDiffusion1")) {
            return switch (scheduler) {
                case "DDPMScheduler" -> DdpmScheduler.stableDiffusion1(noise);
                case "DDIMScheduler" -> DdimScheduler.stableDiffusion1();
                case "PNDMScheduler" -> PndmScheduler.stableDiffusion1();
                case "LMSDiscreteScheduler" -> LmsScheduler.stableDiffusion1();
                case "EulerDiscreteScheduler" -> EulerScheduler.stableDiffusion1();
                case "EulerAncestralDiscreteScheduler" -> EulerAncestralScheduler.stableDiffusion1(noise);
                default -> DpmSolverMultistepScheduler.stableDiffusion1();
            };
        }
        SchedulerConfig config = config();
        return switch (scheduler) {
            case "DDPMScheduler" -> new DdpmScheduler(config, noise);
            case "DDIMScheduler" -> new DdimScheduler(config, row.number("eta"), noise);
            case "PNDMScheduler" -> new PndmScheduler(config);
            case "LMSDiscreteScheduler" -> new LmsScheduler(config);
            case "EulerDiscreteScheduler" -> new EulerScheduler(config);
            case "EulerAncestralDiscreteScheduler" -> new EulerAncestralScheduler(config, noise);
            default -> new DpmSolverMultistepScheduler(config);
        };
    }

    private SchedulerConfig config() {
        return SchedulerConfig.stableDiffusion1()
                .withNoiseSchedule(new NoiseSchedule(BetaSchedule.valueOf(constant("betas")), 1000, 0.00085, 0.012))
                .withPrediction(PredictionType.valueOf(constant("prediction")))
                .withSpacing(TimestepSpacing.valueOf(constant("spacing")))
                .withStepsOffset(row.whole("stepsOffset"))
                .withSetAlphaToOne(row.flag("alphaToOne"))
                .withSkipPrkSteps(row.flag("skipPrk"))
                .withClipSample(row.flag("clip"))
                .withKarrasSigmas(row.flag("karras"));
    }

    private String constant(String key) {
        return row.text(key).toUpperCase(Locale.ROOT);
    }

    /** Runs the model over the timesteps. */
    Trajectory run(NoiseScheduler made) {
        made.setTimesteps(row.whole("steps"));
        int start = row.whole("start");
        double[] timesteps = made.timesteps();
        float[] sample = new TorchCpuNoise(1).next(LENGTH);
        if (start > 0) {
            sample = made.addNoise(sample, new TorchCpuNoise(2).next(LENGTH), timesteps[start]);
        } else {
            for (int i = 0; i < LENGTH; i++) {
                sample[i] = (float) (sample[i] * made.initNoiseSigma());
            }
        }
        List<double[]> probes = new ArrayList<>();
        SchedulerStep step = null;
        for (double t : Arrays.copyOfRange(timesteps, start, timesteps.length)) {
            step = made.step(model(made.scaleModelInput(sample, t), t), t, sample);
            sample = step.sample();
            float[] seen = sample;
            probes.add(Arrays.stream(PROBES).mapToDouble(i -> seen[i]).toArray());
        }
        return new Trajectory(probes, kept(sample), kept(step.predictedOriginal()));
    }

    private static float[] model(float[] sample, double timestep) {
        float[] output = new float[sample.length];
        for (int i = 0; i < output.length; i++) {
            output[i] = (float) (Math.tanh(sample[i] * 0.7 + timestep / 1000) * 0.9);
        }
        return output;
    }

    static double[] kept(float[] values) {
        double[] kept = new double[(values.length + KEPT - 1) / KEPT];
        Arrays.setAll(kept, i -> values[i * KEPT]);
        return kept;
    }

    /** The largest difference of two arrays, as a share of the largest number that was expected. */
    static double difference(double[] actual, double[] expected) {
        double largest = 0;
        double difference = actual.length == expected.length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(actual.length, expected.length); i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            double distance = Math.abs(actual[i] - expected[i]);
            difference = Double.isNaN(distance) ? Double.POSITIVE_INFINITY : Math.max(difference, distance);
        }
        return difference / largest;
    }

    @Override
    public String toString() {
        return String.join(" ", scheduler, row.whole("steps") + " steps", row.text("prediction"), row.text("spacing"), row.text("betas"),
                row.flag("karras") ? "karras" : "", "from " + row.whole("start"));
    }
}
