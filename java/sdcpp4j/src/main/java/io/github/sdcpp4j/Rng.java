package io.github.sdcpp4j;

import java.util.Arrays;
import java.util.Optional;

/**
 * The random number generator that makes the noise of a seed. The same seed gives another picture with another generator.
 */
public enum Rng {
    /** The C++ standard library's default generator: not the same on every platform. */
    STD_DEFAULT(0, "std_default"),
    /** Philox, as PyTorch on a GPU: what most published seeds were made with. The default. */
    CUDA(1, "cuda"),
    /** Mersenne Twister, as PyTorch on the CPU. */
    CPU(2, "cpu");

    private final int nativeValue;
    private final String flag;

    Rng(int nativeValue, String flag) {
        this.nativeValue = nativeValue;
        this.flag = flag;
    }

    /**
     * Returns the value of the runtime's enum.
     *
     * @return the native value
     */
    public int nativeValue() {
        return nativeValue;
    }

    /**
     * Returns the name as {@code --rng} takes it.
     *
     * @return such as {@code cuda}
     */
    public String flag() {
        return flag;
    }

    /**
     * Finds a value by its flag, ignoring case.
     *
     * @param flag such as {@code cuda}
     * @return the value, or empty when there is none of that name
     */
    public static Optional<Rng> find(String flag) {
        return Arrays.stream(values()).filter(v -> v.flag.equalsIgnoreCase(flag)).findFirst();
    }
}
