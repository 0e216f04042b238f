package io.github.sdcpp4j.schedulers;

import io.github.sdcpp4j.Rng;

/**
 * The noise of PyTorch on the CPU: what {@code torch.manual_seed(seed)} and then {@code torch.randn(length)} in single precision give,
 * call after call, but for the last bits of the logarithm, sine and cosine, which PyTorch computes otherwise on each kind of CPU.
 * The runtime calls it {@link Rng#CPU}. Not for several threads.
 *
 * <p>Mersenne Twister (Matsumoto and Nishimura 1998) and the Box-Muller transform. Below 16 numbers PyTorch makes them in double
 * precision in pairs, and keeps the second of a pair for the next such call; from 16 on in single precision, 8 pairs at a time.
 */
public final class TorchCpuNoise implements NoiseSource {

    private static final int BLOCK = 16;
    private static final float TWO_PI = (float) (2 * Math.PI);

    private final MersenneTwister bits;
    private double kept = Double.NaN;

    /**
     * Makes a generator.
     *
     * @param seed as {@code torch.manual_seed} takes it; only its lower 32 bits matter
     */
    public TorchCpuNoise(long seed) {
        bits = new MersenneTwister((int) seed);
    }

    @Override
    public float[] next(int length) {
        Require.that(length >= 0, "length is %d: give a number from 0", length);
        float[] values = new float[length];
        if (length < BLOCK) {
            for (int i = 0; i < length; i++) {
                values[i] = (float) nextDouble();
            }
            return values;
        }
        fill(values, 0, length);
        int whole = length / BLOCK * BLOCK;
        for (int start = 0; start < whole; start += BLOCK) {
            transform(values, start);
        }
        if (whole < length) {
            // The last 16 are made anew, although some of them are done.
            fill(values, length - BLOCK, length);
            transform(values, length - BLOCK);
        }
        return values;
    }

    private double nextDouble() {
        if (!Double.isNaN(kept)) {
            double value = kept;
            kept = Double.NaN;
            return value;
        }
        double angle = 2 * Math.PI * uniformDouble();
        double radius = Math.sqrt(-2 * Math.log1p(-uniformDouble()));
        kept = radius * Math.sin(angle);
        return radius * Math.cos(angle);
    }

    /** From 0 to below 1, in steps of 2^-53. */
    private double uniformDouble() {
        long high = bits.next();
        long low = Integer.toUnsignedLong(bits.next());
        return ((high << 32 | low) & (1L << 53) - 1) * 0x1p-53;
    }

    /** From 0 to below 1, in steps of 2^-24. */
    private void fill(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            values[i] = (bits.next() & (1 << 24) - 1) * 0x1p-24f;
        }
    }

    private static void transform(float[] values, int start) {
        for (int i = start; i < start + BLOCK / 2; i++) {
            float radius = (float) Math.sqrt(-2 * (float) Math.log(1 - values[i]));
            float angle = TWO_PI * values[i + BLOCK / 2];
            values[i] = radius * (float) Math.cos(angle);
            values[i + BLOCK / 2] = radius * (float) Math.sin(angle);
        }
    }
}
