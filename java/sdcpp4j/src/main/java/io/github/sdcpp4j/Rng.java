package io.github.sdcpp4j;

import java.util.Optional;

/**
 * The random number generator that makes the noise of a seed. The same seed gives another picture with another generator.
 */
public enum Rng implements RuntimeValue {
    /** The C++ standard library's default generator: not the same on every platform. */
    STD_DEFAULT(0, "std_default", "std_default"),
    /** Philox, as PyTorch on a GPU: what most published seeds were made with. The default. */
    CUDA(1, "cuda", "NV"),
    /** Mersenne Twister, as PyTorch on the CPU. */
    CPU(2, "cpu", "CPU");

    private final int nativeValue;
    private final String flag;
    private final String webUiName;

    Rng(int nativeValue, String flag, String webUiName) {
        this.nativeValue = nativeValue;
        this.flag = flag;
        this.webUiName = webUiName;
    }

    @Override
    public int nativeValue() {
        return nativeValue;
    }

    @Override
    public String flag() {
        return flag;
    }

    @Override
    public String webUiName() {
        return webUiName;
    }

    /**
     * Finds a value by its flag or web UI name, ignoring case.
     *
     * @param name such as {@code cuda} or {@code NV}
     * @return the value, or empty when there is none of that name
     */
    public static Optional<Rng> find(String name) {
        return RuntimeValue.find(values(), name);
    }
}
