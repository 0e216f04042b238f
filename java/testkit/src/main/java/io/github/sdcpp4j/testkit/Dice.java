package io.github.sdcpp4j.testkit;

import java.util.List;

/** Choices that follow from a seed, the same on every machine. */
final class Dice {
    private static final long[] EXTREMES = {
        0, 1, -1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xFFFF_FFFFL, 1L << 32,
        1L << 31, 1L << 40, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 31, -32, 100_000_000,
    };

    private final long seed;
    private long thrown;

    Dice(long seed) {
        this.seed = SplitMix64.mix(seed);
    }

    long any() {
        return SplitMix64.at(seed, thrown++);
    }

    /** From 0 up to but without {@code bound}. */
    long below(long bound) {
        return Long.remainderUnsigned(any(), bound);
    }

    int below(int bound) {
        return (int) below((long) bound);
    }

    boolean once(int inSoMany) {
        return below(inSoMany) == 0;
    }

    <T> T pick(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    @SafeVarargs
    final <T> T pick(T... choices) {
        return choices[below(choices.length)];
    }

    /** A number that programs stumble over, or one beside the {@code present} one. */
    long extreme(long present) {
        return switch (below(8)) {
            case 0 -> present + 1;
            case 1 -> present - 1;
            case 2 -> present * 2;
            case 3 -> -present;
            case 4 -> present + (1L << 32);
            default -> EXTREMES[below(EXTREMES.length)];
        };
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) any();
        }
        return bytes;
    }
}
