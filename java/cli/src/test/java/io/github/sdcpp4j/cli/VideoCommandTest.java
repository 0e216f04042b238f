package io.github.sdcpp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class VideoCommandTest {

    private static final Path FIXTURES = Path.of(System.getProperty("sdcpp4j.fixtures"));

    @TempDir
    private Path folder;

    private CommandRun run(String... more) {
        List<String> args = new ArrayList<>(List.of("vid_gen", "--diffusion-model", PartFiles.wan(FIXTURES).toString(),
                "--taesd", PartFiles.videoTaesd(FIXTURES).toString(), "-p", "a wave", "-W", "32", "-H", "32", "--steps", "1",
                "--cfg-scale", "1", "-s", "3"));
        args.addAll(List.of(more));
        return CommandRun.of(args.toArray(String[]::new));
    }

    @Test
    void aVideoIsWrittenAndItsSeedSizeFramesAndNotesAreTold() throws IOException {
        Path output = folder.resolve("wave.gif");
        CommandRun run = run("--video-frames", "5", "--fps", "10", "-o", output.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.outLines()).satisfiesExactly(
                line -> assertThat(line).matches("\\Q" + output + "\\E  seed 3  32x32  5 frames  \\d+\\.\\d s"),
                line -> assertThat(line).startsWith("note: ").contains("text encoder"));
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (ImageInputStream in = ImageIO.createImageInputStream(output.toFile())) {
            reader.setInput(in);
            assertThat(reader.getNumImages(true)).isEqualTo(5);
        }
    }

    @Test
    void framesAreWrittenAsPicturesAndFollowAControlVideo() throws IOException {
        Path control = Files.createDirectory(folder.resolve("control"));
        for (int i = 0; i < 5; i++) {
            BufferedImage picture = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
            picture.setRGB(i, i, 0xffffff);
            ImageIO.write(picture, "png", control.resolve("frame" + i + ".png").toFile());
        }
        assertThat(run("--video-frames", "5", "-o", folder.resolve("a_%02d.png").toString()).code()).isZero();
        CommandRun run = run("--video-frames", "5", "--control-video", control.toString(), "-o", folder.resolve("b_%02d.png").toString());
        assertThat(run.code()).as(run.err()).isZero();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(10);
        }
        for (int i = 1; i <= 5; i++) {
            assertThat(folder.resolve("b_0" + i + ".png")).isRegularFile();
            assertThat(Files.readAllBytes(folder.resolve("a_0" + i + ".png"))).isNotEqualTo(Files.readAllBytes(folder.resolve("b_0" + i + ".png")));
        }
    }

    @Test
    void whatCannotBeIsSaidInOneSentence() throws IOException {
        assertSentence(run("-o", "a.mp4"), 2, "a.mp4", ".gif or .avi");
        assertSentence(run("-o", "a.png"), 2, "a.png", "frame_%03d.png");
        assertSentence(run("-o", folder.resolve("no/a.gif").toString()), 2, "folder of the output does not exist");
        assertSentence(run("--video-frames", "0"), 2, "frames is 0");
        assertSentence(run("--moe-boundary", "2"), 2, "boundary", "2");
        assertSentence(run("-b", "2"), 2, "batch count is 2");
        assertSentence(run("-p", "another"), 2, "--prompt is given 2 times");
        assertSentence(run("-i", "none.png"), 2, "none.png");
        assertSentence(run("--control-video", folder.resolve("none").toString()), 2, "--control-video");
        assertSentence(run("--control-video", folder.toString()), 2, "is empty");
        assertSentence(CommandRun.of("vid_gen", "-p", "a wave"), 2, "no model is given");
    }

    private static void assertSentence(CommandRun run, int code, String... parts) {
        assertThat(run.code()).as(run.err()).isEqualTo(code);
        assertThat(run.errLines()).hasSize(1);
        assertThat(run.err()).startsWith("error: ").contains(parts);
    }
}
