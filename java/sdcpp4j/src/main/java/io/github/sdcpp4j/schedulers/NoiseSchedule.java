package io.github.sdcpp4j.schedulers;

import io.github.sdcpp4j.InvalidRequestException;
import java.util.Objects;

/**
 * The noise of the training: timestep t has the share {@code alphasCumprod()[t]} of the picture's variance, and the rest is noise.
 * Computed in single precision in the order in which PyTorch does it, to the same floats as diffusers'.
 *
 * @param betaSchedule how the betas grow
 * @param trainTimesteps how many timesteps the training had, 2 to 100000
 * @param betaStart the first beta, between 0 and 1
 * @param betaEnd the last beta, between {@code betaStart} and 1
 */
public record NoiseSchedule(BetaSchedule betaSchedule, int trainTimesteps, double betaStart, double betaEnd) {

    private static final double MAX_BETA = 0.999;

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when a value is out of its range
     */
    public NoiseSchedule {
        Objects.requireNonNull(betaSchedule, "betaSchedule");
        Require.that(trainTimesteps >= 2 && trainTimesteps <= 100_000,
                "train timesteps are %d: give a number from 2 to 100000", trainTimesteps);
        Require.that(betaStart > 0 && betaStart <= betaEnd && betaEnd < 1,
                "betas go from %s to %s: give numbers between 0 and 1, the smaller one first", betaStart, betaEnd);
    }

    /**
     * Returns the noise schedule of Stable Diffusion 1.x, 2.x and SDXL.
     *
     * @return scaled linear, 1000 timesteps, from 0.00085 to 0.012
     */
    public static NoiseSchedule stableDiffusion() {
        return new NoiseSchedule(BetaSchedule.SCALED_LINEAR, 1000, 0.00085, 0.012);
    }

    /**
     * Returns the variances that the training's steps add.
     *
     * @return one for each timestep of the training; a new array
     */
    public float[] betas() {
        return switch (betaSchedule) {
            case LINEAR -> linspace(betaStart, betaEnd);
            case SCALED_LINEAR -> {
                float[] betas = linspace(Math.sqrt(betaStart), Math.sqrt(betaEnd));
                for (int t = 0; t < betas.length; t++) {
                    betas[t] *= betas[t];
                }
                yield betas;
            }
            case SQUAREDCOS_CAP_V2 -> squaredCosine();
        };
    }

    /**
     * Returns the shares of the picture's variance.
     *
     * @return the products of 1 - beta up to each timestep of the training; a new array
     */
    public float[] alphasCumprod() {
        float[] shares = betas();
        double product = 1;
        for (int t = 0; t < shares.length; t++) {
            product *= 1 - shares[t];
            shares[t] = (float) product;
        }
        return shares;
    }

    /** As torch.linspace: from both ends to the middle, each with one rounding. */
    private float[] linspace(double start, double end) {
        float[] values = new float[trainTimesteps];
        float first = (float) start;
        float last = (float) end;
        float distance = (last - first) / (trainTimesteps - 1);
        for (int i = 0; i < trainTimesteps; i++) {
            values[i] = i < trainTimesteps / 2 ? Math.fma(distance, i, first)
                    : Math.fma(-distance, trainTimesteps - 1 - i, last);
        }
        return values;
    }

    private float[] squaredCosine() {
        float[] betas = new float[trainTimesteps];
        for (int t = 0; t < trainTimesteps; t++) {
            double here = share(t / (double) trainTimesteps);
            double next = share((t + 1) / (double) trainTimesteps);
            betas[t] = (float) Math.min(1 - next / here, MAX_BETA);
        }
        return betas;
    }

    private static double share(double time) {
        double cosine = Math.cos((time + 0.008) / 1.008 * Math.PI / 2);
        return cosine * cosine;
    }
}
