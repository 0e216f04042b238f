package io.github.sdcpp4j.schedulers;

import io.github.sdcpp4j.InvalidRequestException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A linear multistep method of order 4 on the sigmas: the integral of the polynomial through the last derivatives. diffusers'
 * {@code LMSDiscreteScheduler}, after Katherine Crowson's k-diffusion. It has a history.
 *
 * <p>Begun at a later timestep, the order grows from 1 as it does at the first; diffusers takes the weights of order 4 at once, with
 * derivatives that are not there.
 */
public final class LmsScheduler extends SigmaScheduler {

    private static final int ORDER = 4;

    private final Deque<float[]> derivatives = new ArrayDeque<>();

    /**
     * Makes a scheduler.
     *
     * @param config the configuration
     * @throws InvalidRequestException when the configuration wants clipping
     */
    public LmsScheduler(SchedulerConfig config) {
        super(config);
    }

    /**
     * Makes a scheduler for Stable Diffusion 1.x.
     *
     * @return a scheduler from {@link SchedulerConfig#stableDiffusion1()} with {@link TimestepSpacing#LINSPACE}
     */
    public static LmsScheduler stableDiffusion1() {
        return new LmsScheduler(SchedulerConfig.stableDiffusion1().withSpacing(TimestepSpacing.LINSPACE));
    }

    @Override
    public void setTimesteps(int count) {
        super.setTimesteps(count);
        derivatives.clear();
    }

    @Override
    public SchedulerStep step(float[] modelOutput, double timestep, float[] sample) {
        Require.sameLength("model output", modelOutput, sample);
        Require.that(derivatives.isEmpty() || derivatives.getFirst().length == sample.length,
                "the sample has %d values, and had %d in the step before: call setTimesteps for another sample",
                sample.length, derivatives.isEmpty() ? 0 : derivatives.getFirst().length);
        int index = list().take(timestep);
        double sigma = sigma(index);
        float[] original = original(modelOutput, sample, sigma);
        float[] derivative = new float[sample.length];
        for (int i = 0; i < derivative.length; i++) {
            derivative[i] = (float) (((double) sample[i] - original[i]) / sigma);
        }
        derivatives.addFirst(derivative);
        if (derivatives.size() > ORDER) {
            derivatives.removeLast();
        }
        return new SchedulerStep(multistep(index, sample), original);
    }

    private float[] multistep(int index, float[] sample) {
        double[] sum = new double[sample.length];
        int age = 0;
        for (float[] derivative : derivatives) {
            double weight = weight(index, age++);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += weight * derivative[i];
            }
        }
        float[] next = new float[sample.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = (float) (sample[i] + sum[i]);
        }
        return next;
    }

    /**
     * The integral over the step of the Lagrange polynomial that is 1 at the sigma of that age and 0 at the others. It is of the third
     * degree at most, which Gauss's rule of two points integrates exactly.
     */
    private double weight(int index, int age) {
        double middle = (sigma(index) + sigma(index + 1)) / 2;
        double half = (sigma(index + 1) - sigma(index)) / 2;
        double point = half / Math.sqrt(3);
        return half * (lagrange(index, age, middle - point) + lagrange(index, age, middle + point));
    }

    private double lagrange(int index, int age, double sigma) {
        double product = 1;
        for (int other = 0; other < derivatives.size(); other++) {
            if (other != age) {
                product *= (sigma - sigma(index - other)) / (sigma(index - age) - sigma(index - other));
            }
        }
        return product;
    }
}
