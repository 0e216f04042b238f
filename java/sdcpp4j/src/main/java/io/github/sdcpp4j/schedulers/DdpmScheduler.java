package io.github.sdcpp4j.schedulers;

import io.github.sdcpp4j.InvalidRequestException;
import java.util.Objects;

/**
 * Denoising diffusion probabilistic models (Ho et al. 2020, equation 7): the training's chain backwards, with new noise at each
 * step. diffusers' {@code DDPMScheduler} with the variance {@code fixed_small}. It has no history.
 *
 * <p>The last step ends without noise, whatever {@link SchedulerConfig#setAlphaToOne()} says.
 */
public final class DdpmScheduler extends AlphaScheduler {

    private static final double MIN_VARIANCE = 1e-20;

    private final NoiseSource noise;

    /**
     * Makes a scheduler.
     *
     * @param config the configuration
     * @param noise asked once for each step but one from timestep 0
     * @throws InvalidRequestException when the configuration wants Karras sigmas
     */
    public DdpmScheduler(SchedulerConfig config, NoiseSource noise) {
        super(config);
        this.noise = Objects.requireNonNull(noise, "noise");
    }

    /**
     * Makes a scheduler for Stable Diffusion 1.x.
     *
     * @param noise asked once for each step but one from timestep 0
     * @return a scheduler from {@link SchedulerConfig#stableDiffusion1()}
     */
    public static DdpmScheduler stableDiffusion1(NoiseSource noise) {
        return new DdpmScheduler(SchedulerConfig.stableDiffusion1(), noise);
    }

    @Override
    public SchedulerStep step(float[] modelOutput, double timestep, float[] sample) {
        Require.sameLength("model output", modelOutput, sample);
        int index = list().indexOf(timestep);
        int previous = index + 1 < list().size() ? (int) list().at(index + 1) : -1;
        double share = alphaCumprod((int) timestep, 1);
        double nextShare = alphaCumprod(previous, 1);
        double stepAlpha = share / nextShare;
        double stepBeta = 1 - stepAlpha;
        double originalWeight = Math.sqrt(nextShare) * stepBeta / (1 - share);
        double sampleWeight = Math.sqrt(stepAlpha) * (1 - nextShare) / (1 - share);
        double deviation = Math.sqrt(Math.max(MIN_VARIANCE, (1 - nextShare) / (1 - share) * stepBeta));
        float[] added = timestep > 0 ? Require.noise(noise, sample.length) : new float[sample.length];

        double alpha = Math.sqrt(share);
        double sigma = Math.sqrt(1 - share);
        float[] next = new float[sample.length];
        float[] original = new float[sample.length];
        for (int i = 0; i < next.length; i++) {
            original[i] = (float) clipped(config.prediction().original(modelOutput[i], sample[i], alpha, sigma));
            next[i] = (float) (originalWeight * original[i] + sampleWeight * sample[i] + deviation * added[i]);
        }
        return new SchedulerStep(next, original);
    }
}
