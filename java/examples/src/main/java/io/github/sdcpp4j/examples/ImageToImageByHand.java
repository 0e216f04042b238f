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

/** Image to image: the latents of a picture get the noise of a step in the middle, and the loop goes on from there. */
final class ImageToImageByHand {

    private static final double STRENGTH = 0.8;

    private ImageToImageByHand() {}

    public static void main(String[] args) {
        Example example = Example.of(args, 20);
        try (StableDiffusion sd = example.load()) {
            BufferedImage picture = sd.generate(TextToImage.builder().prompt("a red circle on a white background")
                    .size(example.size(), example.size()).steps(example.steps()).seed(7).build()).getFirst().image();
            example.save("before", picture);
            example.timed("image to image", () -> loop(example, sd.components(), picture));
        }
    }

    private static void loop(Example example, Components parts, BufferedImage picture) {
        NoiseScheduler scheduler = DdimScheduler.stableDiffusion1();
        scheduler.setTimesteps(example.steps());
        double[] timesteps = scheduler.timesteps();
        int first = timesteps.length - (int) Math.min(timesteps.length, Math.round(timesteps.length * STRENGTH));
        try (TextEmbedding text = parts.encodeText("a blue circle on a white background");
                TextEmbedding empty = parts.encodeText("");
                Tensor latents = parts.encodeImage(picture)) {
            float[] noise = new TorchCpuNoise(8).next(latents.size());
            latents.set(scheduler.addNoise(latents.toArray(), noise, timesteps[first]));
            for (int i = first; i < timesteps.length; i++) {
                Example.step(parts, scheduler, timesteps[i], latents, text, empty, 7.5);
            }
            example.save("after", parts.decodeLatents(latents));
        }
    }
}
