package io.github.sdcpp4j.schedulers;

/** MT19937 (Matsumoto and Nishimura 1998), seeded as in the authors' version of 2002. */
final class MersenneTwister {

    private static final int SIZE = 624;
    private static final int MIDDLE = 397;

    private final int[] state = new int[SIZE];
    private int used = SIZE;

    MersenneTwister(int seed) {
        state[0] = seed;
        for (int i = 1; i < SIZE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
        }
    }

    /** 32 random bits. */
    int next() {
        if (used == SIZE) {
            twist();
        }
        int bits = state[used++];
        bits ^= bits >>> 11;
        bits ^= bits << 7 & 0x9d2c5680;
        bits ^= bits << 15 & 0xefc60000;
        return bits ^ bits >>> 18;
    }

    private void twist() {
        for (int i = 0; i < SIZE; i++) {
            int mixed = state[i] & 0x80000000 | state[(i + 1) % SIZE] & 0x7fffffff;
            state[i] = state[(i + MIDDLE) % SIZE] ^ mixed >>> 1 ^ ((mixed & 1) == 0 ? 0 : 0x9908b0df);
        }
        used = 0;
    }
}
