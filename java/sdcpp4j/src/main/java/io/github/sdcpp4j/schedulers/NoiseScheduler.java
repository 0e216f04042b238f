package io.github.sdcpp4j.schedulers;

import io.github.sdcpp4j.InvalidRequestException;

/**
 * Takes noise out of a sample step by step, as a model foresees it. The names and the numbers are those of diffusers' schedulers.
 *
 * <p>A sample is an array of floats of any shape; for Stable Diffusion the latents, batch x 4 x height/8 x width/8. A scheduler may
 * keep a history, which {@link #setTimesteps} forgets: it serves one sample at a time (a batch is one sample), and one thread.
 * No argument is changed, and what is returned is new.
 */
public interface NoiseScheduler {

    /**
     * Chooses the timesteps and forgets what was before.
     *
     * @param steps how many, from 1 to as many as the training had; some schedulers need more or can do fewer, and say so
     * @throws InvalidRequestException when that is out of its range, or the steps offset moves a timestep past the training's last
     */
    void setTimesteps(int steps);

    /**
     * Returns the timesteps in the order in which they are stepped, the noisiest first; the model is asked with them. Whole numbers,
     * or fractional ones with Karras sigmas and evenly spaced sigmas. PNDM has more of them than steps.
     *
     * @return a new array
     * @throws IllegalStateException before {@link #setTimesteps}
     */
    double[] timesteps();

    /**
     * Returns what noise of variance 1 is multiplied with to become the first sample.
     *
     * @return 1, or with the schedulers that count in sigmas the first one
     * @throws IllegalStateException before {@link #setTimesteps}
     */
    double initNoiseSigma();

    /**
     * Returns the sample as the model wants to see it.
     *
     * @param sample the sample
     * @param timestep one of {@link #timesteps()}
     * @return the same numbers, or with the schedulers that count in sigmas those divided by sqrt(sigma^2 + 1)
     * @throws InvalidRequestException when the timestep is not one of them
     * @throws IllegalStateException before {@link #setTimesteps}
     */
    float[] scaleModelInput(float[] sample, double timestep);

    /**
     * Goes from one timestep to the next. A scheduler with a history takes the timesteps in their order, each once; it may begin at
     * a later one (image to image), and does so at the second if that timestep stands there twice.
     *
     * @param modelOutput what the model answered for the scaled sample and this timestep
     * @param timestep one of {@link #timesteps()}
     * @param sample the sample, not scaled
     * @return the next sample
     * @throws InvalidRequestException when the lengths differ, or the timestep is not one of them or not the next one
     * @throws IllegalStateException before {@link #setTimesteps}, or after the last step of a scheduler with a history
     */
    SchedulerStep step(float[] modelOutput, double timestep, float[] sample);

    /**
     * Adds noise as the training did, so that {@link #step} can begin at that timestep: image to image.
     *
     * @param original the sample without noise
     * @param noise of variance 1, as long
     * @param timestep for the schedulers that count in sigmas one of {@link #timesteps()}; for the others any of the training's
     * @return the noisy sample
     * @throws InvalidRequestException when the lengths differ, or there is no such timestep
     * @throws IllegalStateException before {@link #setTimesteps}, with the schedulers that count in sigmas
     */
    float[] addNoise(float[] original, float[] noise, double timestep);
}
