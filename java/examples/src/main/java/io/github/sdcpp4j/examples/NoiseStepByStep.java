package io.github.sdcpp4j.examples;

import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.components.Components;
import io.github.sdcpp4j.components.Tensor;
import io.github.sdcpp4j.schedulers.DdpmScheduler;
import io.github.sdcpp4j.schedulers.NoiseScheduler;
import io.github.sdcpp4j.schedulers.TorchCpuNoise;
import java.awt.image.BufferedImage;

/** What training does to a picture: noise is added to its latents, more and more of it, and shown. */
final class NoiseStepByStep {

    private static final int[] TIMESTEPS = {0, 50, 150, 300, 500, 700, 999};

    private NoiseStepByStep() {}

    public static void main(String[] args) {
        Example example = Example.of(args, 20);
        try (StableDiffusion sd = example.load()) {
            BufferedImage picture = sd.generate(TextToImage.builder().prompt("a green star on a white background")
                    .size(example.size(), example.size()).steps(example.steps()).seed(5).build()).getFirst().image();
            example.timed("noise at %d timesteps".formatted(TIMESTEPS.length), () -> show(example, sd.components(), picture));
        }
    }

    private static void show(Example example, Components parts, BufferedImage picture) {
        NoiseScheduler scheduler = DdpmScheduler.stableDiffusion1(new TorchCpuNoise(0)); // only its addNoise is used
        try (Tensor latents = parts.encodeImage(picture)) {
            float[] original = latents.toArray();
            float[] noise = new TorchCpuNoise(1).next(original.length);
            for (int timestep : TIMESTEPS) {
                latents.set(scheduler.addNoise(original, noise, timestep));
                example.save("noise_%03d".formatted(timestep), parts.decodeLatents(latents).getFirst());
            }
        }
    }
}
