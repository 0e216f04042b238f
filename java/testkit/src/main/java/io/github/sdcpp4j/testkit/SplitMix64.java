package io.github.sdcpp4j.testkit;

/**
 * SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014), used as a
 * function of the position rather than as a stream: a value depends on its tensor's name and index only, so tensors
 * can be written in any order, sampled or skipped. Integer arithmetic and one exact scaling: the same bits on every
 * machine.
 */
final class SplitMix64 {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final float UNIT = 0x1p-23f;

    private SplitMix64() {}

    /** The {@code index}-th output of the generator that starts at {@code seed}. */
    static long at(long seed, long index) {
        return mix(seed + (index + 1) * GOLDEN_GAMMA);
    }

    /** A seed of its own for everything that has a name. */
    static long seed(long seed, String name) {
        long hash = 0xCBF29CE484222325L; // FNV-1a, 64 bits
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
        }
        return mix(seed ^ mix(hash));
    }

    /** Uniform on (-1, 1), symmetric, never zero; odd multiples of 2<sup>-23</sup>, hence exact in a float. */
    static float symmetric(long seed, long index) {
        return ((at(seed, index) >> 41) * 2 + 1) * UNIT;
    }

    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
