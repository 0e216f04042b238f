package io.github.sdcpp4j.examples;

import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.components.Components;
import io.github.sdcpp4j.components.Tensor;
import io.github.sdcpp4j.components.TextEmbedding;
import io.github.sdcpp4j.schedulers.EulerScheduler;
import io.github.sdcpp4j.schedulers.NoiseScheduler;

/** What guidance does: the picture that comes without the prompt, with it, and with guidance of several strengths; one seed. */
final class GuidanceSplit {

    private static final double[] GUIDANCE = {0, 1, 3, 7.5}; // 0 is without the prompt, 1 with it and nothing more

    private GuidanceSplit() {}

    public static void main(String[] args) {
        Example example = Example.of(args, 15);
        try (StableDiffusion sd = example.load()) {
            Components parts = sd.components();
            for (double guidance : GUIDANCE) {
                example.timed("guidance " + guidance, () -> loop(example, parts, guidance));
            }
        }
    }

    private static void loop(Example example, Components parts, double guidance) {
        NoiseScheduler scheduler = EulerScheduler.stableDiffusion1();
        scheduler.setTimesteps(example.steps());
        try (TextEmbedding text = parts.encodeText("a purple cross on a yellow background");
                TextEmbedding empty = parts.encodeText("");
                Tensor latents = example.noise(parts, scheduler, 1, 21)) {
            for (double timestep : scheduler.timesteps()) {
                Example.step(parts, scheduler, timestep, latents, text, empty, guidance);
            }
            example.save("guidance_" + guidance, parts.decodeLatents(latents).getFirst());
        }
    }
}
