package io.github.sdcpp4j.schedulers;

import java.util.Arrays;

/**
 * How the timesteps are taken from those of the training; the names are those of diffusers' {@code timestep_spacing}. See table 2
 * of Lin et al. 2023, "Common Diffusion Noise Schedules and Sample Steps are Flawed".
 */
public enum TimestepSpacing {
    /** Evenly from the last timestep to 0, both included. */
    LINSPACE,
    /** Multiples of a whole number, up from 0 and moved by the steps offset; the last timesteps are left out. */
    LEADING,
    /** Evenly down from the last timestep, which is included; 0 is not, but with as many steps as the training had. */
    TRAILING;

    /**
     * The timesteps, the noisiest first.
     *
     * @param whole whether those of {@link #LINSPACE} are rounded
     */
    double[] timesteps(int steps, int trainTimesteps, int stepsOffset, boolean whole) {
        return switch (this) {
            case LINSPACE -> linspace(steps, trainTimesteps, whole);
            case LEADING -> leading(steps, trainTimesteps / steps, stepsOffset);
            case TRAILING -> trailing(steps, trainTimesteps);
        };
    }

    /** As {@link #timesteps}, but one more is made and the last one left out: how DPM-Solver has it. */
    double[] withoutLast(int steps, int trainTimesteps, int stepsOffset) {
        return this == TRAILING ? trailing(steps, trainTimesteps)
                : Arrays.copyOf(timesteps(steps + 1, trainTimesteps, stepsOffset, true), steps);
    }

    private static double[] linspace(int steps, int trainTimesteps, boolean whole) {
        double[] timesteps = new double[steps];
        double distance = (trainTimesteps - 1) / (double) Math.max(1, steps - 1);
        for (int i = 0; i < steps; i++) {
            double t = i > 0 && i == steps - 1 ? trainTimesteps - 1 : i * distance;
            timesteps[steps - 1 - i] = whole ? Math.rint(t) : (float) t;
        }
        return timesteps;
    }

    private static double[] leading(int steps, int distance, int stepsOffset) {
        double[] timesteps = new double[steps];
        for (int i = 0; i < steps; i++) {
            timesteps[steps - 1 - i] = i * distance + stepsOffset;
        }
        return timesteps;
    }

    /**
     * The distance is found as numpy's arange finds it, so that halves are rounded alike. For some counts, 61 the first, arange has one
     * more by a rounding error, and diffusers a last timestep of -1; it is left out here.
     */
    private static double[] trailing(int steps, int trainTimesteps) {
        double[] timesteps = new double[steps];
        double next = trainTimesteps - trainTimesteps / (double) steps;
        double distance = next - trainTimesteps;
        for (int i = 0; i < steps; i++) {
            timesteps[i] = Math.rint(trainTimesteps + i * distance) - 1;
        }
        return timesteps;
    }
}
