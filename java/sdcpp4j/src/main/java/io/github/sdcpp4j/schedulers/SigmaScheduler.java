package io.github.sdcpp4j.schedulers;

import java.util.Arrays;
import java.util.Objects;

/** What the schedulers share whose samples are original + sigma * noise, and so as large as the noise (Karras et al. 2022). */
abstract class SigmaScheduler implements NoiseScheduler {

    final SchedulerConfig config;
    private final SigmaTable table;
    private TimestepList timesteps;
    private double[] sigmas;

    SigmaScheduler(SchedulerConfig config) {
        this.config = Objects.requireNonNull(config, "config");
        Require.that(!config.clipSample(), "%s does not clip: take DDIM or DDPM, or leave clipping out", getClass().getSimpleName());
        table = new SigmaTable(config.noiseSchedule());
    }

    @Override
    public void setTimesteps(int count) {
        int trainTimesteps = config.noiseSchedule().trainTimesteps();
        Require.that(count >= 1 && count <= trainTimesteps, "steps are %d: give a number from 1 to %d", count, trainTimesteps);
        double[] even = config.spacing().timesteps(count, trainTimesteps, config.stepsOffset(), false);
        Require.that(even[0] < trainTimesteps,
                "%d steps with an offset of %d begin at timestep %s, past the training's last, %d: take fewer steps",
                count, config.stepsOffset(), even[0], trainTimesteps - 1);
        double[] levels = table.at(even);
        if (config.karrasSigmas()) {
            levels = SigmaTable.karras(levels[0], levels[count - 1], count);
            even = Arrays.stream(table.timestepsOf(levels)).map(t -> (float) t).toArray();
        }
        timesteps = new TimestepList(even);
        sigmas = SigmaTable.ending(levels);
    }

    @Override
    public double[] timesteps() {
        return list().toArray();
    }

    /**
     * Returns the noise levels of the timesteps.
     *
     * @return one for each timestep, and 0 at the end; a new array
     * @throws IllegalStateException before {@link #setTimesteps}
     */
    public double[] sigmas() {
        list();
        return sigmas.clone();
    }

    @Override
    public double initNoiseSigma() {
        list();
        return config.spacing() == TimestepSpacing.LEADING ? Math.sqrt(sigmas[0] * sigmas[0] + 1) : sigmas[0];
    }

    @Override
    public float[] scaleModelInput(float[] sample, double timestep) {
        double scale = scale(sigma(list().indexOf(timestep)));
        float[] scaled = new float[sample.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (sample[i] * scale);
        }
        return scaled;
    }

    @Override
    public float[] addNoise(float[] original, float[] noise, double timestep) {
        Require.sameLength("noise", noise, original);
        double sigma = sigma(list().indexOf(timestep));
        float[] noisy = new float[original.length];
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] = (float) (original[i] + noise[i] * sigma);
        }
        return noisy;
    }

    final TimestepList list() {
        if (timesteps == null) {
            throw new IllegalStateException("no timesteps are set: call setTimesteps first");
        }
        return timesteps;
    }

    final double sigma(int index) {
        return sigmas[index];
    }

    /** What the model answered, as the original. */
    final float[] original(float[] modelOutput, float[] sample, double sigma) {
        double alpha = scale(sigma);
        float[] original = new float[sample.length];
        for (int i = 0; i < original.length; i++) {
            original[i] = (float) config.prediction().original(modelOutput[i], sample[i] * alpha, alpha, sigma * alpha);
        }
        return original;
    }

    /** What brings a sample's variance from sigma^2 + 1 to 1. */
    private static double scale(double sigma) {
        return 1 / Math.sqrt(sigma * sigma + 1);
    }
}
