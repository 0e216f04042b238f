package io.github.sdcpp4j.schedulers;

import io.github.sdcpp4j.InvalidRequestException;
import java.util.Arrays;
import java.util.Objects;

/**
 * DPM-Solver++ (Lu et al. 2022, algorithm 2): a multistep method of order 2 on the predicted original, known as DPM++ 2M. diffusers'
 * {@code DPMSolverMultistepScheduler} with its defaults: order 2, midpoint, the last step of order 1 and ending without noise. It
 * has a history.
 *
 * <p>Its timesteps are whole, also with Karras sigmas, but for {@link BetaSchedule#SQUAREDCOS_CAP_V2}, where they are cut down to whole
 * ones; some may stand there twice then. Its samples have a variance of about 1.
 */
public final class DpmSolverMultistepScheduler implements NoiseScheduler {

    private final SchedulerConfig config;
    private final SigmaTable table;
    private TimestepList timesteps;
    private double[] sigmas;
    private float[] lastOriginal;

    /**
     * Makes a scheduler.
     *
     * @param config the configuration
     * @throws InvalidRequestException when the configuration wants clipping
     */
    public DpmSolverMultistepScheduler(SchedulerConfig config) {
        this.config = Objects.requireNonNull(config, "config");
        Require.that(!config.clipSample(), "DPM-Solver does not clip: take DDIM or DDPM, or leave clipping out");
        table = new SigmaTable(config.noiseSchedule());
    }

    /**
     * Makes a scheduler for Stable Diffusion 1.x.
     *
     * @return a scheduler from {@link SchedulerConfig#stableDiffusion1()} with {@link TimestepSpacing#LINSPACE}
     */
    public static DpmSolverMultistepScheduler stableDiffusion1() {
        return new DpmSolverMultistepScheduler(SchedulerConfig.stableDiffusion1().withSpacing(TimestepSpacing.LINSPACE));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Here the number of steps is below that of the training's timesteps, since one more is made and left out.
     */
    @Override
    public void setTimesteps(int count) {
        int trainTimesteps = config.noiseSchedule().trainTimesteps();
        Require.that(count >= 1 && count < trainTimesteps, "steps are %d: give a number from 1 to %d", count, trainTimesteps - 1);
        double[] whole = config.spacing().withoutLast(count, trainTimesteps, config.stepsOffset());
        double[] levels;
        if (config.karrasSigmas()) {
            levels = SigmaTable.karras(table.max(), table.min(), count);
            boolean rounded = config.noiseSchedule().betaSchedule() != BetaSchedule.SQUAREDCOS_CAP_V2;
            whole = Arrays.stream(table.timestepsOf(levels)).map(t -> rounded ? Math.rint(t) : Math.floor(t)).toArray();
        } else {
            Require.that(whole[0] < trainTimesteps,
                    "%d steps with an offset of %d begin at timestep %s, past the training's last, %d: take fewer steps",
                    count, config.stepsOffset(), whole[0], trainTimesteps - 1);
            levels = table.at(whole);
        }
        timesteps = new TimestepList(whole);
        sigmas = SigmaTable.ending(levels);
        lastOriginal = null;
    }

    @Override
    public double[] timesteps() {
        return list().toArray();
    }

    /**
     * Returns the noise levels of the timesteps, as the noise's deviation over the original's.
     *
     * @return one for each timestep, and 0 at the end; a new array
     * @throws IllegalStateException before {@link #setTimesteps}
     */
    public double[] sigmas() {
        list();
        return sigmas.clone();
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
        double ratio = sigmas()[list().indexOf(timestep)];
        double alpha = alpha(ratio);
        float[] noisy = new float[original.length];
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] = (float) (alpha * original[i] + ratio * alpha * noise[i]);
        }
        return noisy;
    }

    @Override
    public SchedulerStep step(float[] modelOutput, double timestep, float[] sample) {
        Require.sameLength("model output", modelOutput, sample);
        Require.that(lastOriginal == null || lastOriginal.length == sample.length,
                "the sample has %d values, and had %d in the step before: call setTimesteps for another sample",
                sample.length, lastOriginal == null ? 0 : lastOriginal.length);
        int index = list().take(timestep);
        double ratio = sigmas[index];
        double nextRatio = sigmas[index + 1];
        double alpha = alpha(ratio);
        double nextAlpha = alpha(nextRatio);
        double sampleWeight = nextRatio * nextAlpha / (ratio * alpha);
        // exp(-h), where h is how far the logarithm of alpha / sigma goes in this step.
        double decay = nextRatio / ratio;
        double originalWeight = nextAlpha * (1 - decay);
        boolean secondOrder = lastOriginal != null && nextRatio > 0;
        double slope = secondOrder ? originalWeight / 2 * Math.log(decay) / Math.log(ratio / sigmas[index - 1]) : 0;

        float[] original = new float[sample.length];
        float[] next = new float[sample.length];
        for (int i = 0; i < next.length; i++) {
            original[i] = (float) config.prediction().original(modelOutput[i], sample[i], alpha, ratio * alpha);
            double change = secondOrder ? (double) original[i] - lastOriginal[i] : 0;
            next[i] = (float) (sampleWeight * sample[i] + originalWeight * original[i] + slope * change);
        }
        lastOriginal = original.clone();
        return new SchedulerStep(next, original);
    }

    private TimestepList list() {
        if (timesteps == null) {
            throw new IllegalStateException("no timesteps are set: call setTimesteps first");
        }
        return timesteps;
    }

    /** The original's share where the noise has the ratio to it, and both together a variance of 1. */
    private static double alpha(double ratio) {
        return 1 / Math.sqrt(ratio * ratio + 1);
    }
}
