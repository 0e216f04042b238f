package io.github.sdcpp4j.examples;

import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.components.Components;
import io.github.sdcpp4j.components.Tensor;
import java.awt.image.BufferedImage;

/** A picture into latents, each of their channels shown as a picture of its own, the fast preview of them, and back to a picture. */
final class LatentsAsPictures {

    private LatentsAsPictures() {}

    public static void main(String[] args) {
        Example example = Example.of(args, 20);
        try (StableDiffusion sd = example.load()) {
            BufferedImage picture = sd.generate(TextToImage.builder().prompt("a blue triangle on a white background")
                    .size(example.size(), example.size()).steps(example.steps()).seed(3).build()).getFirst().image();
            example.save("picture", picture);
            example.timed("encode and decode", () -> show(example, sd.components(), picture));
        }
    }

    private static void show(Example example, Components parts, BufferedImage picture) {
        try (Tensor latents = parts.encodeImage(picture)) {
            int[] shape = latents.shape(); // 1 x 4 x height/8 x width/8
            float[] values = latents.toArray();
            for (int channel = 0; channel < shape[1]; channel++) {
                example.save("latent_channel_" + channel, gray(values, channel, shape[3], shape[2]));
            }
            example.save("latent_preview", parts.preview(latents));
            example.save("decoded", parts.decodeLatents(latents));
        }
    }

    /** One channel, its smallest value black and its largest white. */
    private static BufferedImage gray(float[] values, int channel, int width, int height) {
        int offset = channel * width * height;
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < width * height; i++) {
            least = Math.min(least, values[offset + i]);
            most = Math.max(most, values[offset + i]);
        }
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < width * height; i++) {
            image.getRaster().setSample(i % width, i / width, 0, Math.round(255 * (values[offset + i] - least) / Math.max(most - least, 1e-9f)));
        }
        return image;
    }
}
