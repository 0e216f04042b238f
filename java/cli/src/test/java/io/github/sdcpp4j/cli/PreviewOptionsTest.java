package io.github.sdcpp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreviewOptionsTest {

    @TempDir
    private Path folder;

    private CommandRun txt2img(String model, String... more) {
        List<String> usual = List.of(
                "txt2img", "-m", model, "-p", "a cat", "-W", "64", "-H", "64", "--steps", "3", "-s", "7",
                "--sampling-method", "euler", "-o", folder.resolve("out.png").toString());
        return CommandRun.of(Stream.concat(usual.stream(), Stream.of(more)).toArray(String[]::new));
    }

    private CommandRun made(String... more) {
        CommandRun run = txt2img(Fixtures.smallSd1(Path.of(System.getProperty("sdcpp4j.fixtures"))).toString(), more);
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static int[] pixels(Path png) throws IOException {
        BufferedImage image = ImageIO.read(png.toFile());
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    @Test
    void oneFileIsOverwrittenByEachPreview() throws IOException {
        Path preview = Files.writeString(folder.resolve("look.png"), "an old one");
        made("--preview", "vae", "--preview-path", preview.toString());
        assertThat(files()).containsExactly("look.png", "out.png");
        // the last preview by the VAE is the picture, with this sampler
        assertThat(pixels(preview)).isEqualTo(pixels(folder.resolve("out.png")));
    }

    @Test
    void aPlaceForTheStepGivesAFileForEach() throws IOException {
        made("--preview", "proj", "--preview-path", folder.resolve("a_%d.png").toString(), "--preview-interval", "3");
        made("--preview", "proj", "--preview-path", folder.resolve("b_%03d.png").toString(), "--preview-interval", "7");
        assertThat(files()).containsExactly("a_3.png", "b_003.png", "out.png");
        assertThat(pixels(folder.resolve("a_3.png"))).hasSize(8 * 8);
    }

    @Test
    void severalPicturesAreNumberedThroughAllPrompts() throws IOException {
        made("-p", "a dog", "--preview", "proj", "--preview-path", folder.resolve("%d.png").toString(),
                "--preview-interval", "3");
        assertThat(files()).containsExactly("3_1.png", "3_2.png", "out_1.png", "out_2.png");
    }

    @Test
    void withoutTheWishThereIsNoFile() throws IOException {
        made("--preview", "none", "--preview-path", folder.resolve("look.png").toString());
        assertThat(files()).containsExactly("out.png");
    }

    @Test
    void badValuesAreRefusedBeforeTheModelIsLoaded() {
        String look = folder.resolve("look.png").toString();
        assertRefused(txt2img("missing", "--preview", "proj", "--preview-interval", "0"), "preview interval is 0");
        assertRefused(txt2img("missing", "--preview", "proj", "--preview-path", "look.jpg"), "look.jpg");
        assertRefused(txt2img("missing", "--preview", "proj", "--preview-path", "no/such/look.png"), "such");
        assertRefused(txt2img("missing", "--preview", "proj", "--preview-path", folder.resolve("out.png").toString()),
                "also an output");
        assertRefused(txt2img("missing", "-b", "2", "--preview", "proj", "--preview-path", folder.resolve("out.png").toString()),
                "out_1.png is also an output");
        assertRefused(txt2img("missing", "--preview", "tae", "--preview-path", look), "--taesd");
        assertRefused(txt2img("missing", "--preview-path", look), "--preview-path", "--preview");
        assertRefused(txt2img("missing", "--preview-interval", "2"), "--preview-interval");
        assertRefused(txt2img("missing", "--taesd-preview-only"), "--taesd-preview-only");
    }

    private static void assertRefused(CommandRun run, String... parts) {
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.errLines()).singleElement().asString().startsWith("error: ").contains(parts);
    }
}
