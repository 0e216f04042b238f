package io.github.sdcpp4j.schedulers;

import io.github.sdcpp4j.Rng;

/**
 * The noise of PyTorch on a GPU as stable-diffusion.cpp imitates it: its default, {@link Rng#CUDA}, and the web UIs' "NV". The
 * first call gives the numbers that the runtime makes for a picture of that seed. Not for several threads.
 *
 * <p>Philox 4x32 with 10 rounds (Salmon et al. 2011) with the seed as key; its counter holds the number of the call and the index, and
 * the Box-Muller transform takes the first two of its four words. In single precision, as in the runtime's {@code rng_philox.hpp}, but
 * for the last bits of the logarithm and the sine.
 */
public final class TorchCudaNoise implements NoiseSource {

    private static final int ROUNDS = 10;
    private static final long FIRST_MULTIPLIER = 0xD2511F53L;
    private static final long SECOND_MULTIPLIER = 0xCD9E8D57L;
    private static final int FIRST_WEYL = 0x9E3779B9;
    private static final int SECOND_WEYL = 0xBB67AE85;
    private static final float UNIT = 2.3283064e-10f;
    private static final float ANGLE_UNIT = UNIT * 6.2831855f;

    private final long seed;
    private int calls;

    /**
     * Makes a generator.
     *
     * @param seed the seed
     */
    public TorchCudaNoise(long seed) {
        this.seed = seed;
    }

    @Override
    public float[] next(int length) {
        Require.that(length >= 0, "length is %d: give a number from 0", length);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = value(i);
        }
        calls++;
        return values;
    }

    private float value(int index) {
        int firstKey = (int) seed;
        int secondKey = (int) (seed >>> 32);
        int c0 = calls;
        int c1 = 0;
        int c2 = index;
        int c3 = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long first = Integer.toUnsignedLong(c0) * FIRST_MULTIPLIER;
            long second = Integer.toUnsignedLong(c2) * SECOND_MULTIPLIER;
            c0 = (int) (second >>> 32) ^ c1 ^ firstKey;
            c1 = (int) second;
            c2 = (int) (first >>> 32) ^ c3 ^ secondKey;
            c3 = (int) first;
            firstKey += FIRST_WEYL;
            secondKey += SECOND_WEYL;
        }
        return boxMuller(unsigned(c0), unsigned(c1));
    }

    private static float unsigned(int bits) {
        return Integer.toUnsignedLong(bits);
    }

    private static float boxMuller(float first, float second) {
        float u = first * UNIT + UNIT / 2;
        float v = second * ANGLE_UNIT + ANGLE_UNIT / 2;
        float radius = (float) Math.sqrt(-2 * Math.log(u));
        return (float) (radius * Math.sin(v));
    }
}
