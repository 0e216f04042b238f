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
