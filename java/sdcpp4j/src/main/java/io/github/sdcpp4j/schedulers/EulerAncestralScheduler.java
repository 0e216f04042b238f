package io.github.sdcpp4j.schedulers;

import io.github.sdcpp4j.InvalidRequestException;
import java.util.Objects;

/**
 * Euler's method on the sigmas, which goes further down than to the next one and comes back up with new noise. diffusers'
 * {@code EulerAncestralDiscreteScheduler}, after Katherine Crowson's k-diffusion. It has no history.
 *
 * <p>diffusers has no Karras sigmas for it; here they are those of {@link EulerScheduler}.
 */
public final class EulerAncestralScheduler extends SigmaScheduler {

    private final NoiseSource noise;

    /**
     * Makes a scheduler.
     *
     * @param config the configuration
     * @param noise asked once for each step, also for the last, which adds none of it
     * @throws InvalidRequestException when the configuration wants clipping
     */
    public EulerAncestralScheduler(SchedulerConfig config, NoiseSource noise) {
        super(config);
        this.noise = Objects.requireNonNull(noise, "noise");
    }

    /**
     * Makes a scheduler for Stable Diffusion 1.x.
     *
     * @param noise asked once for each step, also for the last, which adds none of it
     * @return a scheduler from {@link SchedulerConfig#stableDiffusion1()} with {@link TimestepSpacing#LINSPACE}
     */
    public static EulerAncestralScheduler stableDiffusion1(NoiseSource noise) {
        return new EulerAncestralScheduler(SchedulerConfig.stableDiffusion1().withSpacing(TimestepSpacing.LINSPACE), noise);
    }

    @Override
    public SchedulerStep step(float[] modelOutput, double timestep, float[] sample) {
        Require.sameLength("model output", modelOutput, sample);
        int index = list().indexOf(timestep);
        double from = sigma(index);
        double to = sigma(index + 1);
        double up = to * Math.sqrt((from * from - to * to) / (from * from));
        double down = Math.sqrt(to * to - up * up);
        double change = (down - from) / from;
        float[] added = Require.noise(noise, sample.length);
        float[] original = original(modelOutput, sample, from);
        float[] next = new float[sample.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = (float) (sample[i] + ((double) sample[i] - original[i]) * change + added[i] * up);
        }
        return new SchedulerStep(next, original);
    }
}
