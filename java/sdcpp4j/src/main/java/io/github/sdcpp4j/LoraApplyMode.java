package io.github.sdcpp4j;

/** When LoRAs are brought together with the weights. The pictures differ by rounding only. */
public enum LoraApplyMode implements RuntimeValue {
    /** {@link #AT_RUNTIME} for quantised weights and those kept elsewhere than computed, else {@link #IMMEDIATELY}. */
    AUTO(0, "auto"),
    /** Into the weights, once: sampling is as fast as without, and each change of LoRAs reads the weights anew. */
    IMMEDIATELY(1, "immediately"),
    /** Beside the weights, at each step: a change costs nothing, sampling is slower. Precise with quantised weights. */
    AT_RUNTIME(2, "at_runtime");

    private final int nativeValue;
    private final String flag;

    LoraApplyMode(int nativeValue, String flag) {
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
}
