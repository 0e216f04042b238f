package io.github.sdcpp4j;

import java.util.Optional;

/**
 * The noise schedule: which sigmas the steps visit.
 *
 * <p>When a request names none, the runtime's own choice is used: {@link #DISCRETE} for most samplers, {@link #LCM} for
 * {@link Sampler#LCM} and {@link Sampler#TCD}, {@link #SIMPLE} for {@link Sampler#DDIM_TRAILING}.
 */
public enum Scheduler implements RuntimeValue {
    /** The model's own timesteps, evenly spaced. */
    DISCRETE(0, "discrete", "Discrete", 1),
    /** Karras et al. 2022, rho 7. */
    KARRAS(1, "karras", "Karras", 2),
    /** Evenly spaced in log sigma. */
    EXPONENTIAL(2, "exponential", "Exponential", 2),
    /** Align Your Steps. */
    AYS(3, "ays", "Align Your Steps", 1),
    /** GITS: learned timesteps for few steps. */
    GITS(4, "gits", "GITS", 2),
    /** Uniform timesteps as in Stability's generative models. */
    SGM_UNIFORM(5, "sgm_uniform", "SGM Uniform", 1),
    /** Evenly picked from the model's sigmas. */
    SIMPLE(6, "simple", "Simple", 1),
    /** A smoothstep curve over the timesteps. */
    SMOOTHSTEP(7, "smoothstep", "Smoothstep", 1),
    /** KL optimal. */
    KL_OPTIMAL(8, "kl_optimal", "KL Optimal", 1),
    /** The timesteps of latent consistency models. */
    LCM(9, "lcm", "LCM", 1),
    /** Bong tangent: two arcs of tangent. */
    BONG_TANGENT(10, "bong_tangent", "Bong Tangent", 1),
    /** The schedule of LTX-2. */
    LTX2(11, "ltx2", "LTX2", 1);

    private final int nativeValue;
    private final String flag;
    private final String webUiName;
    private final int minSteps;

    Scheduler(int nativeValue, String flag, String webUiName, int minSteps) {
        this.nativeValue = nativeValue;
        this.flag = flag;
        this.webUiName = webUiName;
        this.minSteps = minSteps;
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
     * Returns the fewest steps this schedule can be made for: its formula divides by the number of intervals.
     *
     * @return 1 or 2
     */
    public int minSteps() {
        return minSteps;
    }

    /**
     * Finds a scheduler by its flag or web UI name, ignoring case.
     *
     * @param name such as {@code karras} or {@code SGM Uniform}
     * @return the scheduler, or empty when there is none of that name
     */
    public static Optional<Scheduler> find(String name) {
        return RuntimeValue.find(values(), name);
    }

    static Scheduler of(int nativeValue) {
        return values()[nativeValue];
    }
}
