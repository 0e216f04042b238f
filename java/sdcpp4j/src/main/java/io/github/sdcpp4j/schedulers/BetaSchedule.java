package io.github.sdcpp4j.schedulers;

/** How the variance that a training step adds grows; the names are those of diffusers' {@code beta_schedule}. */
public enum BetaSchedule {
    /** Evenly from start to end (Ho et al. 2020). */
    LINEAR,
    /** Evenly in the square root: Stable Diffusion (Rombach et al. 2022). */
    SCALED_LINEAR,
    /** From a squared cosine (Nichol and Dhariwal 2021), at most 0.999; start and end are not used. */
    SQUAREDCOS_CAP_V2
}
