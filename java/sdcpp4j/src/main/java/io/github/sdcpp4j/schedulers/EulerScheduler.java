package io.github.sdcpp4j.schedulers;

import io.github.sdcpp4j.InvalidRequestException;

/**
 * Euler's method on the sigmas (Karras et al. 2022, algorithm 2 without churn). diffusers' {@code EulerDiscreteScheduler}. It has no
 * history.
 */
public final class EulerScheduler extends SigmaScheduler {

    /**
     * Makes a scheduler.
     *
     * @param config the configuration
     * @throws InvalidRequestException when the configuration wants clipping
     */
    public EulerScheduler(SchedulerConfig config) {
        super(config);
    }

    /**
     * Makes a scheduler for Stable Diffusion 1.x.
     *
     * @return a scheduler from {@link SchedulerConfig#stableDiffusion1()} with {@link TimestepSpacing#LINSPACE}
     */
    public static EulerScheduler stableDiffusion1() {
        return new EulerScheduler(SchedulerConfig.stableDiffusion1().withSpacing(TimestepSpacing.LINSPACE));
    }

    @Override
    public SchedulerStep step(float[] modelOutput, double timestep, float[] sample) {
        Require.sameLength("model output", modelOutput, sample);
        int index = list().indexOf(timestep);
        double sigma = sigma(index);
        double change = (sigma(index + 1) - sigma) / sigma;
        float[] original = original(modelOutput, sample, sigma);
        float[] next = new float[sample.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = (float) (sample[i] + ((double) sample[i] - original[i]) * change);
        }
        return new SchedulerStep(next, original);
    }
}
