package io.github.sdcpp4j.schedulers;

/**
 * What a step gives. The arrays are the caller's own.
 *
 * @param sample the sample at the next, less noisy timestep; as long as the one that went in
 * @param predictedOriginal the sample without noise, as it is foreseen at this step: what a preview decodes. It has the scale
 *     of the VAE's latents with every scheduler. diffusers gives it for all schedulers here but PNDM and DPM-Solver++
 */
public record SchedulerStep(float[] sample, float[] predictedOriginal) {}
