package io.github.sdcpp4j.schedulers;

import io.github.sdcpp4j.InvalidRequestException;
import java.util.Objects;

/**
 * What a scheduler is made from; one configuration does for all of them. The names are those of diffusers' configurations.
 *
 * @param noiseSchedule the training's noise
 * @param prediction what the model's output is
 * @param spacing how the timesteps are taken from the training's
 * @param stepsOffset what {@link TimestepSpacing#LEADING} adds to the timesteps, from 0
 * @param setAlphaToOne whether the last step of DDIM and PNDM ends without noise (true), or with that of the training's first timestep
 * @param skipPrkSteps whether PNDM begins with one repeated step instead of three Runge-Kutta steps of four calls each
 * @param clipSample whether DDPM and DDIM keep the predicted original from -1 to 1: for models of pixels
 * @param karrasSigmas whether the sigmas are spaced as in Karras et al. 2022 with rho 7; only for schedulers that count in sigmas
 */
public record SchedulerConfig(
        NoiseSchedule noiseSchedule,
        PredictionType prediction,
        TimestepSpacing spacing,
        int stepsOffset,
        boolean setAlphaToOne,
        boolean skipPrkSteps,
        boolean clipSample,
        boolean karrasSigmas) {

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when the offset is negative, or not below the training's number of timesteps
     */
    public SchedulerConfig {
        Objects.requireNonNull(noiseSchedule, "noiseSchedule");
        Objects.requireNonNull(prediction, "prediction");
        Objects.requireNonNull(spacing, "spacing");
        Require.that(stepsOffset >= 0 && stepsOffset < noiseSchedule.trainTimesteps(),
                "steps offset is %d: give a number from 0 to %d", stepsOffset, noiseSchedule.trainTimesteps() - 1);
    }

    /**
     * Returns the configuration that Stable Diffusion 1.x checkpoints come with in diffusers' layout: noise is predicted, the
     * timesteps are leading with an offset of 1, alpha is not set to one, PNDM skips its Runge-Kutta steps, nothing is clipped, no
     * Karras sigmas. diffusers' schedulers that count in sigmas replace the spacing by {@link TimestepSpacing#LINSPACE} when they are
     * made from it, since the file names none; so do their {@code stableDiffusion1()} methods here.
     *
     * @return the configuration
     */
    public static SchedulerConfig stableDiffusion1() {
        return new SchedulerConfig(NoiseSchedule.stableDiffusion(), PredictionType.EPSILON, TimestepSpacing.LEADING, 1,
                false, true, false, false);
    }

    /**
     * Returns the same with another value of {@link #noiseSchedule}.
     *
     * @param value the training's noise
     * @return the configuration
     */
    public SchedulerConfig withNoiseSchedule(NoiseSchedule value) {
        return new SchedulerConfig(value, prediction, spacing, stepsOffset, setAlphaToOne, skipPrkSteps, clipSample, karrasSigmas);
    }

    /**
     * Returns the same with another value of {@link #prediction}.
     *
     * @param value what the model's output is
     * @return the configuration
     */
    public SchedulerConfig withPrediction(PredictionType value) {
        return new SchedulerConfig(noiseSchedule, value, spacing, stepsOffset, setAlphaToOne, skipPrkSteps, clipSample, karrasSigmas);
    }

    /**
     * Returns the same with another value of {@link #spacing}.
     *
     * @param value how the timesteps are taken from the training's
     * @return the configuration
     */
    public SchedulerConfig withSpacing(TimestepSpacing value) {
        return new SchedulerConfig(noiseSchedule, prediction, value, stepsOffset, setAlphaToOne, skipPrkSteps, clipSample, karrasSigmas);
    }

    /**
     * Returns the same with another value of {@link #stepsOffset}.
     *
     * @param value what {@link TimestepSpacing#LEADING} adds to the timesteps, from 0
     * @return the configuration
     * @throws InvalidRequestException when it is out of its range
     */
    public SchedulerConfig withStepsOffset(int value) {
        return new SchedulerConfig(noiseSchedule, prediction, spacing, value, setAlphaToOne, skipPrkSteps, clipSample, karrasSigmas);
    }

    /**
     * Returns the same with another value of {@link #setAlphaToOne}.
     *
     * @param value whether the last step of DDIM and PNDM ends without noise (true), or with that of the training's first timestep
     * @return the configuration
     */
    public SchedulerConfig withSetAlphaToOne(boolean value) {
        return new SchedulerConfig(noiseSchedule, prediction, spacing, stepsOffset, value, skipPrkSteps, clipSample, karrasSigmas);
    }

    /**
     * Returns the same with another value of {@link #skipPrkSteps}.
     *
     * @param value whether PNDM begins with one repeated step instead of three Runge-Kutta steps of four calls each
     * @return the configuration
     */
    public SchedulerConfig withSkipPrkSteps(boolean value) {
        return new SchedulerConfig(noiseSchedule, prediction, spacing, stepsOffset, setAlphaToOne, value, clipSample, karrasSigmas);
    }

    /**
     * Returns the same with another value of {@link #clipSample}.
     *
     * @param value whether DDPM and DDIM keep the predicted original from -1 to 1: for models of pixels
     * @return the configuration
     */
    public SchedulerConfig withClipSample(boolean value) {
        return new SchedulerConfig(noiseSchedule, prediction, spacing, stepsOffset, setAlphaToOne, skipPrkSteps, value, karrasSigmas);
    }

    /**
     * Returns the same with another value of {@link #karrasSigmas}.
     *
     * @param value whether the sigmas are spaced as in Karras et al. 2022 with rho 7; only for schedulers that count in sigmas
     * @return the configuration
     */
    public SchedulerConfig withKarrasSigmas(boolean value) {
        return new SchedulerConfig(noiseSchedule, prediction, spacing, stepsOffset, setAlphaToOne, skipPrkSteps, clipSample, value);
    }
}
