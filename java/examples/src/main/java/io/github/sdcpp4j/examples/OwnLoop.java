package io.github.sdcpp4j.examples;

import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.components.Components;
import io.github.sdcpp4j.components.Tensor;
import io.github.sdcpp4j.components.TextEmbedding;
import io.github.sdcpp4j.schedulers.LmsScheduler;
import io.github.sdcpp4j.schedulers.NoiseScheduler;
import java.util.Collections;
import java.util.List;

/**
 * The tutorial's own {@code prompt_2_img}: several prompts at once, guidance, a seed, the LMS scheduler, and the pictures as they
 * are after every few steps.
 */
final class OwnLoop {

    private static final List<String> PROMPTS =
            List.of("a red circle on a yellow background", "a green star on a white background");
    private static final double GUIDANCE = 7.5;
    private static final int SAVE_EVERY = 10;

    private OwnLoop() {}

    public static void main(String[] args) {
        Example example = Example.of(args, 50);
        try (StableDiffusion sd = example.load()) {
            example.timed("%d prompts, %d steps".formatted(PROMPTS.size(), example.steps()), () -> loop(example, sd.components()));
        }
    }

    private static void loop(Example example, Components parts) {
        NoiseScheduler scheduler = LmsScheduler.stableDiffusion1();
        scheduler.setTimesteps(example.steps());
        double[] timesteps = scheduler.timesteps();
        try (TextEmbedding text = Example.encode(parts, PROMPTS);
                TextEmbedding empty = Example.encode(parts, Collections.nCopies(PROMPTS.size(), ""));
                Tensor latents = example.noise(parts, scheduler, PROMPTS.size(), 32)) {
            for (int i = 0; i < timesteps.length; i++) {
                Example.step(parts, scheduler, timesteps[i], latents, text, empty, GUIDANCE);
                if ((i + 1) % SAVE_EVERY == 0 && i + 1 < timesteps.length) {
                    example.save("step%03d".formatted(i + 1), parts.decodeLatents(latents));
                }
            }
            example.save("final", parts.decodeLatents(latents));
        }
    }
}
