package io.github.sdcpp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.Infotext;
import io.github.sdcpp4j.testkit.Fixtures;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a generated safety checker that flags red pictures. */
class SafetyOptionsTest {

    private static final Path FIXTURES = Path.of(System.getProperty("sdcpp4j.fixtures"));

    @TempDir
    private Path folder;

    private Path png(String name, int rgb, int corner) throws IOException {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            image.setRGB(i % 64, i / 64, rgb);
        }
        image.setRGB(0, 0, corner);
        Path file = folder.resolve(name);
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    /** All but a corner of the picture is the one that it starts from. */
    private CommandRun img2img(Path start, Path checker, String... more) throws IOException {
        String[] usual = {"img2img", "-m", Fixtures.smallSd1(FIXTURES).toString(), "-p", "a cat", "-i", start.toString(),
            "--mask", png("mask.png", 0, 0xffffff).toString(), "--steps", "2", "--strength", "0.5", "-s", "3",
            "-o", folder.resolve("out.png").toString(), "--safety-checker", checker.toString()};
        String[] all = Arrays.copyOf(usual, usual.length + more.length);
        System.arraycopy(more, 0, all, usual.length, more.length);
        return CommandRun.of(all);
    }

    private int written() throws IOException {
        return ImageIO.read(folder.resolve("out.png").toFile()).getRGB(30, 30) & 0xffffff;
    }

    @Test
    void aFlaggedPictureIsWrittenBlackAndSaid() throws IOException {
        CommandRun run = img2img(png("red.png", 0xff0000, 0xff0000), PartFiles.safetyChecker(FIXTURES));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.outLines()).satisfiesExactly(
                line -> assertThat(line).contains("out.png  seed 3  64x64  ").endsWith(" s  flagged as not safe for work"),
                line -> assertThat(line).isEqualTo("note: the picture check found a picture not safe for work, and replaced it"));
        assertThat(written()).isZero();
        assertThat(Infotext.read(folder.resolve("out.png")).orElseThrow().prompt()).isEqualTo("a cat");

        run = img2img(png("blue.png", 0x0000ff, 0x0000ff), PartFiles.safetyChecker(FIXTURES));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.outLines()).singleElement().asString().doesNotContain("flagged");
        assertThat(written()).isEqualTo(0x0000ff);
    }

    @Test
    void anotherFileIsNamedBeforeTheModelIsLoaded() throws IOException {
        CommandRun run = img2img(png("red.png", 0xff0000, 0xff0000), Fixtures.smallSd1(FIXTURES));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.errLines()).singleElement().asString().startsWith("error: ").contains("complete checkpoint", "not a safety checker");
        assertThat(folder.resolve("out.png")).doesNotExist();
    }

    @Test
    void previewsAreRefusedSinceItWouldNotSeeThem() throws IOException {
        CommandRun run = img2img(png("red.png", 0xff0000, 0xff0000), Path.of("missing.safetensors"), "--preview", "proj");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.errLines()).singleElement().asString().contains("--preview", "--safety-checker");
    }

    @Test
    void videosHaveItToo() {
        CommandRun run = CommandRun.of("vid_gen", "--diffusion-model", "missing.gguf", "-p", "a cat", "--safety-checker", "x", "--preview", "vae");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--safety-checker");
        assertThat(CommandRun.of("txt2img", "--help").out()).contains("--safety-checker=FILE");
    }
}
