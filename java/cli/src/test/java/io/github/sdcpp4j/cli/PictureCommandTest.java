package io.github.sdcpp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.Infotext;
import io.github.sdcpp4j.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs on a small checkpoint. */
class PictureCommandTest {

    private static final Terminal TERMINAL = () -> 100;

    private static String model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void writeCheckpoint() {
        model = Fixtures.smallSd1(Path.of(System.getProperty("sdcpp4j.fixtures"))).toString();
    }

    @Test
    void aBatchIsNumberedAndEachPictureHasItsSeed() throws IOException {
        Path output = folder.resolve("cat.png");
        CommandRun run = CommandRun.of(
                "txt2img", "-m", model, "-p", "a lovely cat", "-n", "dog", "-W", "64", "-H", "64", "--steps", "1",
                "--sampling-method", "euler", "-s", "42", "-b", "2", "-o", output.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(output).doesNotExist();
        assertThat(run.outLines()).satisfiesExactly(
                line -> assertThat(line).isEqualTo(folder.resolve("cat_1.png") + "  seed 42  64x64"),
                line -> assertThat(line).isEqualTo(folder.resolve("cat_2.png") + "  seed 43  64x64"),
                line -> assertThat(line).matches("2 pictures  \\d+\\.\\d s"));
        assertThat(run.errLines()).satisfiesExactly(
                line -> assertThat(line).startsWith("loaded in "),
                line -> assertThat(line).startsWith("encoded the prompt in "),
                line -> assertThat(line).startsWith("sampled 2 x 1 step in "),
                line -> assertThat(line).startsWith("decoded in "));

        Infotext second = Infotext.read(folder.resolve("cat_2.png")).orElseThrow();
        assertThat(second.prompt()).isEqualTo("a lovely cat");
        assertThat(second.negativePrompt()).isEqualTo("dog");
        assertThat(second.fields()).containsEntry("Seed", "43").containsEntry("Sampler", "Euler").containsEntry("Steps", "1");
    }

    @Test
    void withoutAModelTheDemoPaintsAtItsOwnSizeAndSaysSo() throws IOException {
        Path output = folder.resolve("demo.png");
        CommandRun run = CommandRun.of("txt2img", "-p", "a red circle on a yellow background", "--steps", "1", "-o", output.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.errLines().getFirst()).startsWith("no model is given, so this is the demo's").contains("-m FILE");
        assertThat(ImageIO.read(output.toFile())).extracting(BufferedImage::getWidth, BufferedImage::getHeight).containsExactly(128, 128);

        CommandRun wide = CommandRun.of(
                "txt2img", "--demo", "-p", "a red circle", "-W", "64", "--steps", "1", "-o", output.toString());
        assertThat(wide.code()).as(wide.err()).isZero();
        assertThat(wide.errLines()).noneMatch(line -> line.contains("no model is given"));
        assertThat(ImageIO.read(output.toFile())).extracting(BufferedImage::getWidth, BufferedImage::getHeight).containsExactly(64, 128);
    }

    @Test
    void severalPromptsGiveAPictureEachAndAGridOfAll() throws IOException {
        Path output = folder.resolve("out.png");
        Path grid = folder.resolve("grid.png");
        CommandRun run = CommandRun.of(
                "txt2img", "-m", model, "-p", "a cat", "-p", "a dog", "-b", "2", "-W", "64", "-H", "64", "--steps", "1",
                "-s", "7", "-o", output.toString(), "--grid", grid.toString(), "--grid-columns", "2");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.outLines()).satisfiesExactly(
                line -> assertThat(line).startsWith(folder.resolve("out_1.png") + "  seed 7"),
                line -> assertThat(line).startsWith(folder.resolve("out_2.png") + "  seed 8"),
                line -> assertThat(line).startsWith(folder.resolve("out_3.png") + "  seed 7"),
                line -> assertThat(line).startsWith(folder.resolve("out_4.png") + "  seed 8"),
                line -> assertThat(line).startsWith("4 pictures  "),
                line -> assertThat(line).isEqualTo(grid + "  the grid of all"));
        assertThat(Infotext.read(folder.resolve("out_2.png")).orElseThrow().prompt()).isEqualTo("a cat");
        assertThat(Infotext.read(folder.resolve("out_3.png")).orElseThrow().prompt()).isEqualTo("a dog");
        BufferedImage all = ImageIO.read(grid.toFile());
        assertThat(all.getWidth()).isEqualTo(2 * 72 + 8);
        assertThat(all.getHeight()).isGreaterThan(2 * 72 + 8 + 2 * 10); // labels
    }

    @Test
    void aMaskKeepsWhatItDoesNotCover() throws IOException {
        BufferedImage start = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        start.setRGB(3, 5, 0x123456);
        BufferedImage mask = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 32 * 64; i++) {
            mask.setRGB(32 + i % 32, i / 32, 0xffffff);
        }
        ImageIO.write(start, "png", folder.resolve("start.png").toFile());
        ImageIO.write(mask, "png", folder.resolve("mask.png").toFile());
        Path output = folder.resolve("out.png");
        CommandRun run = CommandRun.of(
                "img2img", "-m", model, "-p", "a cat", "-i", folder.resolve("start.png").toString(),
                "--mask", folder.resolve("mask.png").toString(), "--steps", "2", "--strength", "1", "-o", output.toString());
        assertThat(run.code()).as(run.err()).isZero();
        BufferedImage made = ImageIO.read(output.toFile());
        assertThat(made.getRGB(3, 5) & 0xffffff).isEqualTo(0x123456);
        assertThat(made.getRGB(31, 40) & 0xffffff).isZero();
        assertThat(made.getRGB(50, 40) & 0xffffff).isNotZero();
    }

    @Test
    void aPictureToStartFromGivesTheSize() throws IOException {
        Path start = folder.resolve("start.png");
        ImageIO.write(new BufferedImage(72, 64, BufferedImage.TYPE_INT_RGB), "png", start.toFile());
        Path output = folder.resolve("out.PNG");
        CommandRun run = CommandRun.on(
                TERMINAL, "img2img", "-m", model, "-p", "a cat", "-i", start.toString(), "--strength", "0.5", "--steps", "2",
                "-o", output.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.outLines()).satisfiesExactly(
                line -> assertThat(line).matches("\\Q" + output + "\\E  seed \\d+  72x64  \\d+\\.\\d s"),
                line -> assertThat(line).startsWith("note: ").contains("cropped"));
        assertThat(run.err()).contains("\rload ", "\rencode ", "\rprompt ", "\rsample ", "\rdecode ", "100%");
        assertThat(ImageIO.read(output.toFile()).getWidth()).isEqualTo(72);
    }

    @Test
    void infoDescribesTheFile() throws IOException {
        CommandRun run = CommandRun.of("info", "-m", model);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.outLines()).contains(
                "file         " + model,
                "kind         complete checkpoint",
                "family       SD 1.x",
                "prediction   not said",
                "format       safetensors",
                "size         " + Words.bytes(Files.size(Path.of(model))),
                "weight type  f16",
                "parts        diffusion model, text encoder, VAE");
    }

    @Test
    void halfAFileIsRefused() throws IOException {
        byte[] half = new byte[1 << 20];
        try (var in = Files.newInputStream(Path.of(model))) {
            assertThat(in.readNBytes(half, 0, half.length)).isEqualTo(half.length);
        }
        Path truncated = Files.write(folder.resolve("half.safetensors"), half);
        CommandRun run = CommandRun.of("txt2img", "-p", "x", "-m", truncated.toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.errLines()).singleElement().asString().startsWith("error: ").contains("half.safetensors", "truncated");
    }
}
