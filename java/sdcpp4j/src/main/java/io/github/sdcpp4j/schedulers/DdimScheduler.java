package io.github.sdcpp4j.schedulers;

import io.github.sdcpp4j.InvalidRequestException;
import java.util.Objects;

/**
 * Denoising diffusion implicit models (Song et al. 2020, equation 12). diffusers' {@code DDIMScheduler}. It has no history.
 */
public final class DdimScheduler extends AlphaScheduler {

    private final double eta;
    private final NoiseSource noise;

    /**
     * Makes a scheduler that adds no noise.
     *
     * @param config the configuration
     * @throws InvalidRequestException when the configuration wants Karras sigmas
     */
    public DdimScheduler(SchedulerConfig config) {
        this(config, 0, length -> new float[length]);
    }

    /**
     * Makes a scheduler.
     *
     * @param config the configuration
     * @param eta how much noise each step adds: from 0 for none to 1 for as much as DDPM
     * @param noise asked once for each step when eta is above 0
     * @throws InvalidRequestException when eta is out of its range, or the configuration wants Karras sigmas
     */
    public DdimScheduler(SchedulerConfig config, double eta, NoiseSource noise) {
        super(config);
        Require.that(eta >= 0 && eta <= 1, "eta is %s: give a number from 0 to 1", eta);
        this.eta = eta;
        this.noise = Objects.requireNonNull(noise, "noise");
    }

    /**
     * Makes a scheduler for Stable Diffusion 1.x that adds no noise.
     *
     * @return a scheduler from {@link SchedulerConfig#stableDiffusion1()}
     */
    public static DdimScheduler stableDiffusion1() {
        return new DdimScheduler(SchedulerConfig.stableDiffusion1());
    }

    @Override
    public SchedulerStep step(float[] modelOutput, double timestep, float[] sample) {
        Require.sameLength("model output", modelOutput, sample);
        list().indexOf(timestep);
        double share = alphaCumprod((int) timestep, finalAlphaCumprod());
        double nextShare = alphaCumprod((int) timestep - distance(), finalAlphaCumprod());
        double variance = (1 - nextShare) / (1 - share) * (1 - share / nextShare);
        double deviation = eta * Math.sqrt(variance);
        double direction = Math.sqrt(Math.max(0, 1 - nextShare - deviation * deviation));
        float[] added = eta > 0 ? Require.noise(noise, sample.length) : new float[sample.length];

        PredictionType prediction = config.prediction();
        double alpha = Math.sqrt(share);
        double sigma = Math.sqrt(1 - share);
        double nextAlpha = Math.sqrt(nextShare);
        float[] next = new float[sample.length];
        float[] original = new float[sample.length];
        for (int i = 0; i < next.length; i++) {
            original[i] = (float) clipped(prediction.original(modelOutput[i], sample[i], alpha, sigma));
            double foreseen = prediction.noise(modelOutput[i], sample[i], alpha, sigma);
            next[i] = (float) (nextAlpha * original[i] + direction * foreseen + deviation * added[i]);
        }
        return new SchedulerStep(next, original);
    }
}
