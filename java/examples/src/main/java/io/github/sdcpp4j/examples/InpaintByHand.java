package io.github.sdcpp4j.examples;

import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.components.Components;
import io.github.sdcpp4j.components.Tensor;
import io.github.sdcpp4j.components.TextEmbedding;
import io.github.sdcpp4j.schedulers.DdimScheduler;
import io.github.sdcpp4j.schedulers.NoiseScheduler;
import io.github.sdcpp4j.schedulers.TorchCpuNoise;
import java.awt.image.BufferedImage;

/**
 * Inpainting with a model that knows nothing of masks: after each step, what is to stay is put back from the picture, with as much
 * noise as the rest has by then. Here the right half is painted anew.
 */
final class InpaintByHand {

    private InpaintByHand() {}

    public static void main(String[] args) {
        Example example = Example.of(args, 20);
        try (StableDiffusion sd = example.load()) {
            BufferedImage picture = sd.generate(TextToImage.builder().prompt("a red circle and a blue square on a white background")
                    .size(example.size(), example.size()).steps(example.steps()).seed(11).build()).getFirst().image();
            example.save("before", picture);
            example.timed("inpainting", () -> loop(example, sd.components(), picture));
        }
    }

    private static void loop(Example example, Components parts, BufferedImage picture) {
        NoiseScheduler scheduler = DdimScheduler.stableDiffusion1();
        scheduler.setTimesteps(example.steps());
        double[] timesteps = scheduler.timesteps();
        try (TextEmbedding text = parts.encodeText("a red circle and a green star on a white background");
                TextEmbedding empty = parts.encodeText("");
                Tensor original = parts.encodeImage(picture);
                Tensor latents = example.noise(parts, scheduler, 1, 12)) {
            float[] noise = new TorchCpuNoise(12).next(original.size());
            for (int i = 0; i < timesteps.length; i++) {
                Example.step(parts, scheduler, timesteps[i], latents, text, empty, 7.5);
                boolean last = i + 1 == timesteps.length;
                float[] kept = last ? original.toArray() : scheduler.addNoise(original.toArray(), noise, timesteps[i + 1]);
                keepLeft(latents, kept);
            }
            example.save("after", parts.decodeLatents(latents));
        }
    }

    private static void keepLeft(Tensor latents, float[] kept) {
        int width = latents.shape()[3];
        float[] values = latents.toArray();
        for (int i = 0; i < values.length; i++) {
            if (i % width < width / 2) {
                values[i] = kept[i];
            }
        }
        latents.set(values);
    }
}
