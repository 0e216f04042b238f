package io.github.sdcpp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.Infotext;
import io.github.sdcpp4j.internal.images.PngFile;
import io.github.sdcpp4j.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that are made again from their files. */
class RepeatOptionsTest {

    private static String model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void writeCheckpoint() {
        model = Fixtures.smallSd1(Path.of(System.getProperty("sdcpp4j.fixtures"))).toString();
    }

    private CommandRun run(String... args) {
        CommandRun run = CommandRun.of(args);
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    private CommandRun repeat(Path picture, Path output, String... more) {
        List<String> args = List.of("txt2img", "-m", model, "--from-image", picture.toString(), "-o", output.toString());
        return run(Stream.concat(args.stream(), Stream.of(more)).toArray(String[]::new));
    }

    private static int[] pixels(Path png) throws IOException {
        BufferedImage image = ImageIO.read(png.toFile());
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    private static Infotext text(Path png) {
        return Infotext.read(png).orElseThrow();
    }

    @Test
    void theSecondOfABatchWithOddOptionsIsMadeAgainToTheLastBit() throws IOException {
        run("txt2img", "-m", model, "-p", "a (lovely:1.3) [cat],\n\"quoted\": so, \\ 猫", "-n", "dog,\nblurry", "-W", "72", "-H", "64",
                "--steps", "3", "--sampling-method", "dpm++2s_a", "--scheduler", "karras", "--eta", "0.4", "--clip-skip", "2",
                "--cfg-scale", "4.5", "--rng", "cpu", "-s", "42", "-b", "2", "-o", folder.resolve("cat.png").toString());
        Path second = folder.resolve("cat_2.png");
        Path again = folder.resolve("again.png");
        CommandRun repeated = repeat(second, again);
        assertThat(repeated.out()).contains("seed 43  72x64");
        assertThat(repeated.outLines()).filteredOn(line -> line.startsWith("note: ")).singleElement().asString().contains("cropped");
        assertThat(pixels(again)).isEqualTo(pixels(second)).isNotEqualTo(pixels(folder.resolve("cat_1.png")));
        assertThat(text(again)).isEqualTo(text(second));
    }

    @Test
    void optionsBesideItWin() {
        Path picture = folder.resolve("cat.png");
        run("txt2img", "-m", model, "-p", "a cat", "-n", "dog", "-W", "64", "-H", "64", "--steps", "2", "-s", "42",
                "--sampling-method", "euler", "--clip-skip", "2", "-o", picture.toString());
        Path other = folder.resolve("other.png");
        repeat(picture, other, "-p", "a bird", "--steps", "1", "--sampling-method", "heun", "-H", "72", "--rng", "cpu",
                "--clip-skip", "-1", "-s", "-1");
        Infotext made = text(other);
        assertThat(made.prompt()).isEqualTo("a bird");
        assertThat(made.negativePrompt()).isEqualTo("dog");
        assertThat(made.fields()).containsEntry("Steps", "1").containsEntry("Sampler", "Heun").containsEntry("Size", "64x72")
                .containsEntry("RNG", "CPU").containsEntry("Schedule type", text(picture).fields().get("Schedule type"))
                .doesNotContainKey("Clip skip");
        assertThat(made.fields().get("Seed")).isNotEqualTo("42");
    }

    @Test
    void anUnknownSamplerIsRefusedUntilAnotherIsGiven() throws IOException {
        Path picture = png("a cat\nSteps: 2, Sampler: DPM++ 3M SDE Karras, Seed: 1, Size: 64x64, Model: dream, Hires upscale: 2");
        CommandRun refused = CommandRun.of("txt2img", "-m", model, "--from-image", picture.toString());
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.errLines()).singleElement().asString().startsWith("error: ").contains("'DPM++ 3M SDE Karras'", "euler_a");

        Path output = folder.resolve("out.png");
        CommandRun made = repeat(picture, output, "--sampling-method", "euler");
        assertThat(made.outLines()).contains(
                "note: the picture was made with hires fix, by an upscaler that is not named, which is not repeated:"
                        + " ask for it with an upscaler that is here")
                .anyMatch(line -> line.startsWith("note: the picture was made with the model dream, this is "));
        assertThat(text(output).fields()).containsEntry("Schedule type", "Karras");
    }

    @Test
    void aPictureMadeFromAPictureNeedsThatOneAgain() throws IOException {
        Path start = folder.resolve("start.png");
        BufferedImage image = new BufferedImage(72, 72, BufferedImage.TYPE_INT_RGB);
        image.setRGB(9, 9, 0xffffff);
        ImageIO.write(image, "png", start.toFile());
        Path picture = folder.resolve("made.png");
        run("img2img", "-m", model, "-p", "a cat", "-i", start.toString(), "-W", "64", "-H", "64", "--strength", "0.4", "--steps", "4",
                "-s", "5", "-o", picture.toString());
        Path again = folder.resolve("again.png");
        String[] args = {"img2img", "-m", model, "-i", start.toString(), "--from-image", picture.toString(), "-o", again.toString()};
        assertThat(run(args).out()).doesNotContain("note: ");
        assertThat(pixels(again)).isEqualTo(pixels(picture));

        run(Stream.concat(Arrays.stream(args), Stream.of("--strength", "0.9")).toArray(String[]::new));
        assertThat(text(again).fields()).containsEntry("Denoising strength", "0.9");
        assertThat(repeat(picture, again).out()).contains("note: the picture was made from another one, with the strength 0.4");
    }

    @Test
    void whatIsNoPictureWithParametersIsRefused() throws IOException {
        Path plain = folder.resolve("plain.png");
        ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", plain.toFile());
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");
        for (Path file : List.of(plain, text, folder.resolve("missing.png"))) {
            CommandRun run = CommandRun.of("txt2img", "-m", "missing.safetensors", "--from-image", file.toString());
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.errLines()).singleElement().asString().startsWith("error: ").contains(file.toString());
        }
    }

    private Path png(String parameters) throws IOException {
        Path file = folder.resolve("webui.png");
        PngFile.write(
                file, new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), Optional.of(parameters));
        return file;
    }
}
