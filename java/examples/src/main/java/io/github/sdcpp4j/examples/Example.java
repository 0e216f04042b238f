package io.github.sdcpp4j.examples;

import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.components.Components;
import io.github.sdcpp4j.components.Tensor;
import io.github.sdcpp4j.components.TextEmbedding;
import io.github.sdcpp4j.schedulers.NoiseScheduler;
import io.github.sdcpp4j.schedulers.TorchCpuNoise;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/**
 * What the examples share: which model, how many steps, where the pictures go, and how long things took.
 *
 * @param model a checkpoint; the demo's if empty
 * @param steps sampling steps
 * @param size side of the pictures in pixels
 * @param folder where the pictures go
 */
record Example(Optional<Path> model, int steps, int size, Path folder) {

    /** Reads {@code [--model FILE] [--steps N] [--size PIXELS] [--out FOLDER]}. */
    static Example of(String[] args, int usualSteps) {
        Optional<Path> model = Optional.empty();
        int steps = usualSteps;
        int size = 128; // the demo's
        Path folder = Path.of("example");
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--model" -> model = Optional.of(Path.of(args[i + 1]));
                case "--steps" -> steps = Integer.parseInt(args[i + 1]);
                case "--size" -> size = Integer.parseInt(args[i + 1]);
                case "--out" -> folder = Path.of(args[i + 1]);
                default -> throw new IllegalArgumentException(args[i] + " is not known: give --model, --steps, --size or --out");
            }
        }
        return new Example(model, steps, size, folder);
    }

    StableDiffusion load() {
        return model.isPresent() ? StableDiffusion.load(model.get()) : StableDiffusion.demo();
    }

    /** The shape of latents for so many pictures. */
    int[] latentShape(Components parts, int pictures) {
        return new int[] {pictures, parts.latentChannels(), size / parts.downscale(), size / parts.downscale()};
    }

    /** Noise to start from, the same as PyTorch's for this seed, as strong as the scheduler wants it. */
    Tensor noise(Components parts, NoiseScheduler scheduler, int pictures, long seed) {
        return Tensor.randn(new TorchCpuNoise(seed), latentShape(parts, pictures)).scale(scheduler.initNoiseSigma());
    }

    /** The texts of several prompts as one batch. */
    static TextEmbedding encode(Components parts, List<String> prompts) {
        List<TextEmbedding> each = prompts.stream().map(parts::encodeText).toList();
        try {
            return new TextEmbedding(Tensor.concat(each.stream().map(TextEmbedding::context).toArray(Tensor[]::new)), Optional.empty());
        } finally {
            each.forEach(TextEmbedding::close);
        }
    }

    /**
     * Classifier-free guidance: what the model says without the prompt, and from there in the direction of what it says with it.
     * The caller closes the result.
     */
    static Tensor guided(Components parts, Tensor input, double timestep, TextEmbedding text, TextEmbedding empty, double guidance) {
        Tensor noise = parts.predictNoise(input, timestep, empty);
        try (Tensor withPrompt = parts.predictNoise(input, timestep, text)) {
            return noise.lerp(withPrompt, guidance);
        }
    }

    /** One step of a denoising loop: scale, ask the model, step. */
    static void step(Components parts, NoiseScheduler scheduler, double timestep, Tensor latents, TextEmbedding text,
            TextEmbedding empty, double guidance) {
        float[] sample = latents.toArray();
        try (Tensor input = Tensor.of(scheduler.scaleModelInput(sample, timestep), latents.shape());
                Tensor noise = guided(parts, input, timestep, text, empty, guidance)) {
            latents.set(scheduler.step(noise.toArray(), timestep, sample).sample());
        }
    }

    /** Writes a picture into the folder. */
    void save(String name, BufferedImage image) {
        try {
            Files.createDirectories(folder);
            ImageIO.write(image, "png", folder.resolve(name + ".png").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes pictures, numbered from 0. */
    void save(String name, List<BufferedImage> images) {
        IntStream.range(0, images.size()).forEach(i -> save(name + "_" + i, images.get(i)));
    }

    /** Runs something and prints how long it took. */
    void timed(String what, Runnable work) {
        long start = System.nanoTime();
        work.run();
        System.out.printf("%s: %.2f s, pictures in %s%n", what, (System.nanoTime() - start) / 1e9, folder);
    }
}
