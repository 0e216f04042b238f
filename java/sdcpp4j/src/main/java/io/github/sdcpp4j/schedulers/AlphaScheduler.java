package io.github.sdcpp4j.schedulers;

import java.util.Objects;

/** What the schedulers share that step on whole timesteps of the training, and whose samples have a variance of about 1. */
abstract class AlphaScheduler implements NoiseScheduler {

    final SchedulerConfig config;
    private final float[] alphasCumprod;
    private TimestepList timesteps;
    private int steps;

    AlphaScheduler(SchedulerConfig config) {
        this.config = Objects.requireNonNull(config, "config");
        Require.that(!config.karrasSigmas(), "%s has no sigmas to space as Karras does: leave them out, or take a scheduler that has",
                getClass().getSimpleName());
        alphasCumprod = config.noiseSchedule().alphasCumprod();
    }

    @Override
    public void setTimesteps(int count) {
        Require.that(count >= 1 && count <= trainTimesteps(), "steps are %d: give a number from 1 to %d", count, trainTimesteps());
        double[] values = timestepsOf(count);
        Require.that(values[0] < trainTimesteps(),
                "%d steps with an offset of %d begin at timestep %s, past the training's last, %d: take fewer steps",
                count, config.stepsOffset(), values[0], trainTimesteps() - 1);
        timesteps = new TimestepList(values);
        steps = count;
    }

    double[] timestepsOf(int count) {
        return config.spacing().timesteps(count, trainTimesteps(), config.stepsOffset(), true);
    }

    @Override
    public double[] timesteps() {
        return list().toArray();
    }

    @Override
    public double initNoiseSigma() {
        list();
        return 1;
    }

    @Override
    public float[] scaleModelInput(float[] sample, double timestep) {
        list().indexOf(timestep);
        return sample.clone();
    }

    @Override
    public float[] addNoise(float[] original, float[] noise, double timestep) {
        Require.sameLength("noise", noise, original);
        Require.that(timestep >= 0 && timestep < trainTimesteps() && timestep == Math.rint(timestep),
                "timestep is %s: give a whole number from 0 to %d", timestep, trainTimesteps() - 1);
        double share = alphasCumprod[(int) timestep];
        double alpha = Math.sqrt(share);
        double sigma = Math.sqrt(1 - share);
        float[] noisy = new float[original.length];
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] = (float) (alpha * original[i] + sigma * noise[i]);
        }
        return noisy;
    }

    final TimestepList list() {
        if (timesteps == null) {
            throw new IllegalStateException("no timesteps are set: call setTimesteps first");
        }
        return timesteps;
    }

    final int trainTimesteps() {
        return config.noiseSchedule().trainTimesteps();
    }

    /** The timesteps of the training between two of those that {@link #setTimesteps} was called for. */
    final int distance() {
        return trainTimesteps() / steps;
    }

    /** The picture's share of the variance; that of the end for a timestep before the training's first. */
    final double alphaCumprod(int timestep, double end) {
        return timestep < 0 ? end : alphasCumprod[timestep];
    }

    /** What DDIM and PNDM end with. */
    final double finalAlphaCumprod() {
        return config.setAlphaToOne() ? 1 : alphasCumprod[0];
    }

    final double clipped(double original) {
        return config.clipSample() ? Math.clamp(original, -1.0, 1.0) : original;
    }
}
