package io.github.sdcpp4j.examples;

import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.PictureGrid;
import io.github.sdcpp4j.PreviewMode;
import io.github.sdcpp4j.Previews;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import java.util.List;

/**
 * What most people need: a picture with guidance, steps and a seed; several of one prompt in a grid; another shape than square; a
 * negative prompt; image to image; previews every five steps, both as latents and decoded.
 */
final class Pipeline {

    private Pipeline() {}

    public static void main(String[] args) {
        Example example = Example.of(args, 25);
        try (StableDiffusion sd = example.load()) {
            TextToImage request = TextToImage.builder().prompt("a red star on a white background").size(example.size(), example.size())
                    .steps(example.steps()).guidanceScale(8).seed(1024).build();
            example.timed("a batch of four", () -> {
                List<GeneratedImage> four = sd.generate(request.toBuilder().batchCount(4).build());
                example.save("four", PictureGrid.of(four.stream().map(GeneratedImage::image).toList()).withColumns(2).image());
            });
            example.timed("wide, without blue", () -> example.save("wide", sd.generate(request.toBuilder()
                    .size(example.size() * 3 / 2, example.size()).negativePrompt("blue").build()).getFirst().image()));
            example.timed("image to image", () -> {
                GeneratedImage first = sd.generate(request).getFirst();
                example.save("first", first.image());
                example.save("changed", sd.generate(ImageToImage.builder(first.image()).prompt("a green star on a white background")
                        .steps(example.steps()).strength(0.75).seed(1).build()).getFirst().image());
            });
            for (PreviewMode mode : List.of(PreviewMode.PROJECTION, PreviewMode.VAE)) {
                example.timed("previews, " + mode.flag(), () -> sd.generate(request,
                        progress -> {
                            if (progress.phase() == Phase.SAMPLE && progress.step() % 5 == 0) {
                                System.out.println(progress);
                            }
                        },
                        Previews.of(mode, preview -> example.save("preview_%s_%02d".formatted(mode.flag(), preview.step()), preview.image()))
                                .withInterval(5)));
            }
        }
    }
}
