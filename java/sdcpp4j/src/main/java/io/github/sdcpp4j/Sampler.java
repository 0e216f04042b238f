package io.github.sdcpp4j;

import java.util.Optional;

/**
 * The sampling method: how a denoising step gets from one sigma to the next.
 *
 * <p>When a request names none, the runtime's own choice is used: {@link #EULER_A} for the UNet families, {@link #EULER}
 * for diffusion transformers.
 */
public enum Sampler implements RuntimeValue {
    /** Euler. */
    EULER(0, "euler", "Euler"),
    /** Euler ancestral: adds noise at each step, so it never settles. */
    EULER_A(1, "euler_a", "Euler a"),
    /** Heun: second order, two model calls a step. */
    HEUN(2, "heun", "Heun"),
    /** DPM2: second order, two model calls a step. */
    DPM2(3, "dpm2", "DPM2"),
    /** DPM++ 2S ancestral: two model calls a step. */
    DPMPP_2S_A(4, "dpm++2s_a", "DPM++ 2S a"),
    /** DPM++ 2M: second order, multistep. */
    DPMPP_2M(5, "dpm++2m", "DPM++ 2M"),
    /** DPM++ 2M, modified for few steps. */
    DPMPP_2M_V2(6, "dpm++2mv2", "DPM++ 2M v2"),
    /** iPNDM: improved pseudo numerical method. */
    IPNDM(7, "ipndm", "IPNDM"),
    /** iPNDM with variable step. */
    IPNDM_V(8, "ipndm_v", "IPNDM_V"),
    /** LCM, for latent consistency models. */
    LCM(9, "lcm", "LCM"),
    /** DDIM with trailing timesteps. */
    DDIM_TRAILING(10, "ddim_trailing", "DDIM"),
    /** TCD, for trajectory consistency models. */
    TCD(11, "tcd", "TCD"),
    /** RES multistep. */
    RES_MULTISTEP(12, "res_multistep", "Res Multistep"),
    /** RES, second order, two model calls a step. */
    RES_2S(13, "res_2s", "Res 2s"),
    /** Extended reverse-time SDE. */
    ER_SDE(14, "er_sde", "ER SDE"),
    /** Euler with CFG++ guidance. */
    EULER_CFG_PP(15, "euler_cfg_pp", "Euler CFG++"),
    /** Euler ancestral with CFG++ guidance. */
    EULER_A_CFG_PP(16, "euler_a_cfg_pp", "Euler a CFG++"),
    /** Euler with gradient estimation. */
    EULER_GE(17, "euler_ge", "Euler GE");

    private final int nativeValue;
    private final String flag;
    private final String webUiName;

    Sampler(int nativeValue, String flag, String webUiName) {
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
     * Finds a sampler by its flag or web UI name, ignoring case.
     *
     * @param name such as {@code euler_a} or {@code Euler a}
     * @return the sampler, or empty when there is none of that name
     */
    public static Optional<Sampler> find(String name) {
        return RuntimeValue.find(values(), name);
    }

    static Sampler of(int nativeValue) {
        return values()[nativeValue];
    }
}
