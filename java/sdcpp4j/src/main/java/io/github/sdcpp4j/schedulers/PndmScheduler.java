package io.github.sdcpp4j.schedulers;

import io.github.sdcpp4j.InvalidRequestException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Pseudo numerical methods for diffusion models on manifolds (Liu et al. 2022): steps of equation 9 along a combination of the last
 * four model outputs (equation 12). diffusers' {@code PNDMScheduler}. It has a history.
 *
 * <p>With {@link SchedulerConfig#skipPrkSteps()}, as Stable Diffusion has it, the first step is taken twice, so that there is one
 * timestep more than steps. Without, the first three steps are Runge-Kutta steps of four model calls each (equation 13): nine
 * timesteps more, 4 steps at least, and no beginning at a later timestep.
 */
public final class PndmScheduler extends AlphaScheduler {

    private static final int ORDER = 4;
    private static final int RUNGE_KUTTA_CALLS = 12;

    private final Deque<float[]> outputs = new ArrayDeque<>();
    private float[] stepSample;
    private double[] stepOutput;

    /**
     * Makes a scheduler.
     *
     * @param config the configuration
     * @throws InvalidRequestException when the configuration wants Karras sigmas or clipping, or the model predicts the sample
     */
    public PndmScheduler(SchedulerConfig config) {
        super(config);
        Require.that(config.prediction() != PredictionType.SAMPLE, "PNDM cannot do with a model that predicts the sample: take DDIM");
        Require.that(!config.clipSample(), "PNDM does not clip: take DDIM, or leave clipping out");
    }

    /**
     * Makes a scheduler for Stable Diffusion 1.x: the one its checkpoints name.
     *
     * @return a scheduler from {@link SchedulerConfig#stableDiffusion1()}
     */
    public static PndmScheduler stableDiffusion1() {
        return new PndmScheduler(SchedulerConfig.stableDiffusion1());
    }

    @Override
    public void setTimesteps(int count) {
        Require.that(config.skipPrkSteps() || count >= ORDER, "steps are %d: PNDM with Runge-Kutta steps needs %d or more", count, ORDER);
        super.setTimesteps(count);
        outputs.clear();
        stepSample = null;
        stepOutput = null;
    }

    @Override
    double[] timestepsOf(int count) {
        double[] even = super.timestepsOf(count);
        return config.skipPrkSteps() ? secondTwice(even) : withRungeKutta(even, trainTimesteps() / count / 2);
    }

    private static double[] secondTwice(double[] even) {
        if (even.length == 1) {
            return even;
        }
        double[] timesteps = new double[even.length + 1];
        timesteps[0] = even[0];
        System.arraycopy(even, 1, timesteps, 1, 1);
        System.arraycopy(even, 1, timesteps, 2, even.length - 1);
        return timesteps;
    }

    /** Three steps with the timesteps at their beginning, twice in their middle, and at their end; then the even ones go on. */
    private static double[] withRungeKutta(double[] even, int half) {
        double[] timesteps = new double[RUNGE_KUTTA_CALLS + even.length - (ORDER - 1)];
        for (int step = 0; step < ORDER - 1; step++) {
            double middle = even[step + 1] + half;
            timesteps[4 * step] = even[step];
            timesteps[4 * step + 1] = middle;
            timesteps[4 * step + 2] = middle;
            timesteps[4 * step + 3] = even[step + 1];
        }
        System.arraycopy(even, ORDER - 1, timesteps, RUNGE_KUTTA_CALLS, even.length - (ORDER - 1));
        return timesteps;
    }

    @Override
    public SchedulerStep step(float[] modelOutput, double timestep, float[] sample) {
        Require.sameLength("model output", modelOutput, sample);
        Require.that(stepSample == null || stepSample.length == sample.length,
                "the sample has %d values, and had %d in the step before: call setTimesteps for another sample",
                sample.length, stepSample == null ? 0 : stepSample.length);
        boolean rungeKutta = !config.skipPrkSteps();
        Require.that(!rungeKutta || stepSample != null || timestep == list().at(0),
                "timestep is %s: PNDM with Runge-Kutta steps begins at the first of timesteps()", timestep);
        int index = list().take(timestep);
        if (rungeKutta && index < RUNGE_KUTTA_CALLS) {
            return rungeKuttaStep(index, modelOutput, (int) timestep, sample);
        }
        return multistep(index, modelOutput, (int) timestep, sample);
    }

    private SchedulerStep rungeKuttaStep(int index, float[] modelOutput, int timestep, float[] sample) {
        int call = index % 4;
        if (call == 0) {
            stepSample = sample.clone();
            stepOutput = new double[sample.length];
            outputs.add(modelOutput.clone());
        }
        double weight = call == 0 || call == 3 ? 1 / 6.0 : 1 / 3.0;
        for (int i = 0; i < stepOutput.length; i++) {
            stepOutput[i] += weight * modelOutput[i];
        }
        int half = distance() / 2;
        int from = (int) list().at(index - call);
        int to = call % 2 == 0 ? timestep - half : timestep;
        return transfer(stepSample, call == 3 ? stepOutput : widened(modelOutput), from, to);
    }

    private SchedulerStep multistep(int index, float[] modelOutput, int timestep, float[] sample) {
        boolean repeated = config.skipPrkSteps() && index == 1 && outputs.size() == 1;
        if (repeated) {
            double[] mean = new double[sample.length];
            float[] first = outputs.getLast();
            for (int i = 0; i < mean.length; i++) {
                mean[i] = (modelOutput[i] + (double) first[i]) / 2;
            }
            return transfer(stepSample, mean, timestep + distance(), timestep);
        }
        outputs.add(modelOutput.clone());
        if (outputs.size() > ORDER) {
            outputs.remove();
        }
        stepSample = sample.clone();
        return transfer(sample, combined(), timestep, timestep - distance());
    }

    /** The Adams-Bashforth method of as high an order as there are outputs. */
    private double[] combined() {
        double[] newestFirst = switch (outputs.size()) {
            case 1 -> new double[] {1};
            case 2 -> new double[] {3 / 2.0, -1 / 2.0};
            case 3 -> new double[] {23 / 12.0, -16 / 12.0, 5 / 12.0};
            default -> new double[] {55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0};
        };
        double[] sum = new double[outputs.getLast().length];
        int age = outputs.size();
        for (float[] output : outputs) {
            double weight = newestFirst[--age];
            for (int i = 0; i < sum.length; i++) {
                sum[i] += weight * output[i];
            }
        }
        return sum;
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return wide;
    }

    private SchedulerStep transfer(float[] sample, double[] output, int from, int to) {
        double share = alphaCumprod(from, finalAlphaCumprod());
        double nextShare = alphaCumprod(to, finalAlphaCumprod());
        double alpha = Math.sqrt(share);
        double sigma = Math.sqrt(1 - share);
        double sampleWeight = Math.sqrt(nextShare / share);
        double noiseWeight = (nextShare - share)
                / (share * Math.sqrt(1 - nextShare) + Math.sqrt(share * (1 - share) * nextShare));
        float[] next = new float[sample.length];
        float[] original = new float[sample.length];
        for (int i = 0; i < next.length; i++) {
            double noise = config.prediction().noise(output[i], sample[i], alpha, sigma);
            next[i] = (float) (sampleWeight * sample[i] - noiseWeight * noise);
            original[i] = (float) ((sample[i] - sigma * noise) / alpha);
        }
        return new SchedulerStep(next, original);
    }
}
