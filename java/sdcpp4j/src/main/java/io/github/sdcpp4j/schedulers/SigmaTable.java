package io.github.sdcpp4j.schedulers;

import java.util.Arrays;

/**
 * The noise levels of the training as sigmas: the noise's deviation where the original is not scaled down. Numbers are rounded to
 * single precision where diffusers has them so.
 */
final class SigmaTable {

    private static final double RHO = 7;

    private final double[] sigmas;
    private final float[] logSigmas;

    SigmaTable(NoiseSchedule schedule) {
        float[] shares = schedule.alphasCumprod();
        sigmas = new double[shares.length];
        logSigmas = new float[shares.length];
        for (int t = 0; t < shares.length; t++) {
            sigmas[t] = (float) Math.sqrt((1 - shares[t]) / shares[t]);
            logSigmas[t] = (float) Math.log(sigmas[t]);
        }
    }

    double min() {
        return sigmas[0];
    }

    double max() {
        return sigmas[sigmas.length - 1];
    }

    /** The sigmas of timesteps, between those of the training by a straight line. */
    double[] at(double[] timesteps) {
        return Arrays.stream(timesteps).map(this::at).toArray();
    }

    private double at(double timestep) {
        int below = Math.min((int) timestep, sigmas.length - 2);
        return (sigmas[below + 1] - sigmas[below]) * (timestep - below) + sigmas[below];
    }

    /** The timesteps of sigmas, between those of the training by a straight line through the logarithms. */
    double[] timestepsOf(double[] values) {
        return Arrays.stream(values).map(this::timestepOf).toArray();
    }

    private double timestepOf(double sigma) {
        double log = Math.log(sigma);
        int below = 0;
        while (below < logSigmas.length - 2 && logSigmas[below + 1] <= log) {
            below++;
        }
        float low = logSigmas[below];
        float high = logSigmas[below + 1];
        double weight = Math.clamp((low - log) / (low - high), 0, 1);
        return (1 - weight) * below + weight * (below + 1);
    }

    /** Karras et al. 2022, equation 5, without the 0 at the end. */
    static double[] karras(double first, double last, int steps) {
        double from = Math.pow(first, 1 / RHO);
        double to = Math.pow(last, 1 / RHO);
        double[] values = new double[steps];
        double distance = 1.0 / Math.max(1, steps - 1);
        for (int i = 0; i < steps; i++) {
            double share = i > 0 && i == steps - 1 ? 1 : i * distance;
            values[i] = Math.pow(from + share * (to - from), RHO);
        }
        return values;
    }

    /** The sigmas of a run: rounded, with the 0 that the last step ends at. */
    static double[] ending(double[] values) {
        double[] ending = new double[values.length + 1];
        for (int i = 0; i < values.length; i++) {
            ending[i] = (float) values[i];
        }
        return ending;
    }
}
