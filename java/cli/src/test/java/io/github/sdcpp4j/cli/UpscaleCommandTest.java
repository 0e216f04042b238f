package io.github.sdcpp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.Infotext;
import io.github.sdcpp4j.testkit.Fixtures;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class UpscaleCommandTest {

    private static final Path FIXTURES = Path.of(System.getProperty("sdcpp4j.fixtures"));

    @TempDir
    private Path folder;

    private Path picture;
    private String upscaler;

    @BeforeEach
    void writePicture() throws IOException {
        upscaler = PartFiles.knownEsrgan(FIXTURES, 2).toString();
        picture = folder.resolve("small.png");
        ImageIO.write(red(12, 8), "png", picture.toFile());
    }

    private static BufferedImage red(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, 0xff0000);
        }
        return image;
    }

    @Test
    void aPictureIsMadeLargerAsOftenAsAskedForAndSaysSo() throws IOException {
        Path output = folder.resolve("large.png");
        CommandRun run = CommandRun.of(
                "upscale", "-i", picture.toString(), "--upscale-model", upscaler, "--upscale-repeats", "2", "-o", output.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.outLines()).singleElement().asString().matches("\\Q" + output + "\\E  48x32  \\d+\\.\\d s");
        assertThat(run.errLines()).singleElement().asString().startsWith("upscaled in ");
        BufferedImage large = ImageIO.read(output.toFile());
        assertThat(large.getWidth()).isEqualTo(48);
        assertThat(large.getRGB(20, 20) >> 16 & 0xff).isGreaterThan(253);
        assertThat(large.getRGB(20, 20) & 0xffff).isZero();
        assertThat(Infotext.read(output).orElseThrow().fields())
                .containsEntry("Postprocess upscale by", "4")
                .hasEntrySatisfying("Postprocess upscaler", name -> assertThat(name).startsWith("esrgan-known-x2"));
    }

    @Test
    void severalPicturesAreNumberedAndKeepTheirParameters() throws IOException {
        Path made = folder.resolve("made.png");
        new Infotext("a cat", "", Map.of("Steps", "20", "Seed", "7")).save(red(8, 8), made);
        Path jpeg = folder.resolve("photo.jpg");
        ImageIO.write(red(10, 8), "jpg", jpeg.toFile());
        CommandRun run = CommandRun.on(() -> 100, "upscale", "-i", made.toString(), "-i", jpeg.toString(),
                "--upscale-model", upscaler, "-o", folder.resolve("out.png").toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.outLines()).satisfiesExactly(
                line -> assertThat(line).startsWith(folder.resolve("out_1.png") + "  16x16"),
                line -> assertThat(line).startsWith(folder.resolve("out_2.png") + "  20x16"));
        assertThat(run.err()).contains("\rlarger", "100%");
        Infotext kept = Infotext.read(folder.resolve("out_1.png")).orElseThrow();
        assertThat(kept.prompt()).isEqualTo("a cat");
        assertThat(kept.fields()).containsEntry("Seed", "7").containsEntry("Postprocess upscale by", "2");
    }

    @Test
    void eachPictureOfAPromptIsMadeLarger() throws IOException {
        Path output = folder.resolve("cat.png");
        CommandRun run = CommandRun.of(
                "txt2img", "-m", Fixtures.smallSd1(FIXTURES).toString(), "-p", "a cat", "-W", "64", "-H", "64", "--steps", "1",
                "-s", "42", "-b", "2", "--upscale-model", upscaler, "-o", output.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.outLines()).satisfiesExactly(
                line -> assertThat(line).isEqualTo(folder.resolve("cat_1.png") + "  seed 42  128x128"),
                line -> assertThat(line).isEqualTo(folder.resolve("cat_2.png") + "  seed 43  128x128"),
                line -> assertThat(line).startsWith("2 pictures  "));
        assertThat(run.errLines()).filteredOn(line -> line.startsWith("upscaled in ")).hasSize(2);
        Infotext second = Infotext.read(folder.resolve("cat_2.png")).orElseThrow();
        assertThat(second.fields()).containsEntry("Seed", "43").containsEntry("Size", "64x64").containsEntry("Postprocess upscale by", "2");
        assertThat(ImageIO.read(folder.resolve("cat_2.png").toFile()).getHeight()).isEqualTo(128);
    }

    @Test
    void mistakesCostOneSentenceAndAreFoundFirst() throws IOException {
        String output = folder.resolve("out.png").toString();
        assertMistake(2, "--upscale-model", "upscale", "-i", picture.toString(), "-o", output);
        assertMistake(2, "--init-img", "upscale", "--upscale-model", upscaler, "-o", output);
        assertMistake(2, "missing.png", "upscale", "-i", "missing.png", "--upscale-model", "x.pth", "-o", output);
        assertMistake(2, "upscale repeats is 0", "upscale", "-i", picture.toString(), "--upscale-model", "x.pth",
                "--upscale-repeats", "0", "-o", output);
        assertMistake(2, "tile size is 5", "txt2img", "-p", "x", "--demo", "--upscale-model", "x.pth", "--upscale-tile-size", "5",
                "-o", output);
        assertMistake(1, "x.pth", "upscale", "-i", picture.toString(), "--upscale-model", "x.pth", "-o", output);
        assertMistake(1, "is a LoRA", "txt2img", "-p", "x", "--demo", "--upscale-model", PartFiles.lora(FIXTURES).toString(), "-o", output);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(picture);
        }
    }

    private static void assertMistake(int code, String part, String... args) {
        CommandRun run = CommandRun.of(args);
        assertThat(run.code()).as(run.err()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines().getFirst()).startsWith("error: ").contains(part);
    }
}
