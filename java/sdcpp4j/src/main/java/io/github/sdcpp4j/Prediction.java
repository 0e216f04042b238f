package io.github.sdcpp4j;

import java.util.Optional;

/**
 * What the diffusion model predicts. Found out from the file when not set; SD 2.x and SDXL checkpoints that do not say so
 * need {@link #V}.
 */
public enum Prediction implements RuntimeValue {
    /** The noise. */
    EPS(0, "eps"),
    /** The velocity. */
    V(1, "v"),
    /** The velocity, in the EDM formulation. */
    EDM_V(2, "edm_v"),
    /** The flow, as SD3. */
    FLOW(3, "sd3_flow"),
    /** The flow, as Flux. */
    FLUX_FLOW(4, "flux_flow"),
    /** The flow, as Flux.2. */
    FLUX2_FLOW(5, "flux2_flow");

    private final int nativeValue;
    private final String flag;

    Prediction(int nativeValue, String flag) {
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
     * @param flag such as {@code v}
     * @return the value, or empty when there is none of that name
     */
    public static Optional<Prediction> find(String flag) {
        return RuntimeValue.find(values(), flag);
    }
}
