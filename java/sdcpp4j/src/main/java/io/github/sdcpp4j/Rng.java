package io.github.sdcpp4j;

import java.util.Optional;

/**
 * The random number generator that makes the noise of a seed. The same seed gives another picture with another generator.
 */
public enum Rng implements RuntimeValue {
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

    @Override
    public int nativeValue() {
        return nativeValue;
    }

    @Override
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
        return RuntimeValue.find(values(), flag);
    }
}
