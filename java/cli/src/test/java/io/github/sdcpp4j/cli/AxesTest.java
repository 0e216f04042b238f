package io.github.sdcpp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.Infotext;
import io.github.sdcpp4j.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Grids with axes by the command line. */
class AxesTest {

    private static String model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void writeCheckpoint() {
        model = Fixtures.smallSd1(Path.of(System.getProperty("sdcpp4j.fixtures"))).toString();
    }

    private static CommandRun small(String... args) {
        return CommandRun.of(Stream.concat(
                Stream.of("txt2img", "-m", model, "-p", "a red cat", "-W", "64", "-H", "64", "--steps", "1", "-s", "7"),
                Stream.of(args)).toArray(String[]::new));
    }

    private List<Path> written() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void withAxesTheOutputIsTheGrid() throws IOException {
        Path output = folder.resolve("grid.png");
        CommandRun run = small("--x-axis", "steps=1,2", "--y-axis", "cfg-scale=1,4,7", "-o", output.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(written()).containsExactly(output);
        assertThat(run.outLines()).satisfiesExactly(
                line -> assertThat(line).matches("6 pictures  \\d+\\.\\d s"),
                line -> assertThat(line).isEqualTo(output + "  the grid of all"));
        assertThat(run.errLines()).contains(
                "picture 1 of 6: Steps 1, CFG scale 1",
                "picture 4 of 6: Steps 2, CFG scale 4", "picture 6 of 6: Steps 2, CFG scale 7");
        BufferedImage image = ImageIO.read(output.toFile());
        assertThat(image.getWidth()).isBetween(2 * 72 + 8 + 20, 3 * 72);
        assertThat(image.getHeight()).isBetween(3 * 72 + 8 + 20, 4 * 72);
    }

    @Test
    void eachPictureOfTheGridHasItsPreviews() throws IOException {
        Path output = folder.resolve("grid.png");
        String look = folder.resolve("look.png").toString();
        CommandRun run = small("--x-axis", "seed=1,2", "-o", output.toString(), "--preview", "proj", "--preview-path", look);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(written()).containsExactly(output, folder.resolve("look_1.png"), folder.resolve("look_2.png"));
        assertThat(Files.readAllBytes(folder.resolve("look_1.png"))).isNotEqualTo(Files.readAllBytes(folder.resolve("look_2.png")));

        CommandRun both = small("--x-axis", "seed=1,2", "-o", folder.resolve("look_2.png").toString(), "--preview", "proj",
                "--preview-path", look);
        assertThat(both.code()).isEqualTo(2);
        assertThat(both.err()).contains("look_2.png is also an output");
    }

    @Test
    void withAGridFileTheSinglePicturesAreWrittenToo() throws IOException {
        Path output = folder.resolve("cat.png");
        Path grid = folder.resolve("grid.png");
        CommandRun run = small(
                "--y-axis", "prompt-sr=red,blue", "-o", output.toString(), "--grid", grid.toString(), "--no-labels");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(written()).containsExactly(folder.resolve("cat_1.png"), folder.resolve("cat_2.png"), grid);
        assertThat(run.outLines()).satisfiesExactly(
                line -> assertThat(line).startsWith(folder.resolve("cat_1.png") + "  seed 7  64x64  "),
                line -> assertThat(line).startsWith(folder.resolve("cat_2.png") + "  seed 7  64x64  "),
                line -> assertThat(line).startsWith("2 pictures  "),
                line -> assertThat(line).isEqualTo(grid + "  the grid of all"));
        assertThat(Infotext.read(folder.resolve("cat_2.png")).orElseThrow().prompt()).isEqualTo("a blue cat");
        BufferedImage image = ImageIO.read(grid.toFile());
        assertThat(image).extracting(BufferedImage::getWidth, BufferedImage::getHeight).containsExactly(80, 152);
        BufferedImage second = ImageIO.read(folder.resolve("cat_2.png").toFile());
        assertThat(image.getRGB(8, 80, 64, 64, null, 0, 64)).isEqualTo(second.getRGB(0, 0, 64, 64, null, 0, 64));
    }

    @Test
    void strengthIsAnAxisOfImageToImage() throws IOException {
        Path start = folder.resolve("start.png");
        ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", start.toFile());
        Path output = folder.resolve("out.png");
        CommandRun run = CommandRun.of("img2img", "-m", model, "-i", start.toString(), "-p", "a cat", "--steps", "2",
                "--x-axis", "strength=0.5,1", "-o", output.toString(), "--grid", folder.resolve("grid.png").toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(Infotext.read(folder.resolve("out_1.png")).orElseThrow().fields()).containsEntry("Denoising strength", "0.5");
        Infotext second = Infotext.read(folder.resolve("out_2.png")).orElseThrow();
        assertThat(second.fields()).containsEntry("Denoising strength", "1");
        assertThat(second.fields().get("Seed"))
                .isEqualTo(Infotext.read(folder.resolve("out_1.png")).orElseThrow().fields().get("Seed"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "--x-axis stepz=1                       | 'stepz' is no field for an axis: give one of prompt,",
        "--x-axis steps=1,0                     | axis Steps, value 0: steps is 0: give a number from 1 to 1000",
        "--x-axis steps=1,2 --y-axis eta=11     | axis Eta, value 11: eta is 11.0",
        "--y-axis steps=1,2 -b 2                | batch count is 2",
        "--y-axis steps=1,2 -p dog              | there are 2 prompts and an axis: give one prompt",
        "--y-axis steps=1,2 --grid-columns 2    | --grid-columns is for a grid without axes",
        "--x-axis strength=1                    | strength is for image to image",
        "--grid-title Cats                      | --grid-title is for a grid with axes",
        "--x-axis steps=1,2 -o no.jpg           | no.jpg",
        "--x-axis steps=1,2 --grid no.jpg       | no.jpg",
        "--x-axis steps=1-300 --y-axis cfg-scale=1-30 -W 1024 | too large: give it fewer or smaller ones",
    })
    void whatIsNoGridIsRefusedBeforeTheModelIsLoaded(String options, String message) {
        List<String> args = new ArrayList<>(List.of("txt2img", "-m", "missing.safetensors", "-p", "a cat"));
        args.addAll(List.of(options.split(" +")));
        CommandRun run = CommandRun.of(args.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.errLines()).singleElement().asString().startsWith("error: ").contains(message);
    }

    @Test
    void valuesThatDoNotFitEachOtherAreRefusedBeforeTheFirstPicture() throws IOException {
        CommandRun run = small(
                "--x-axis", "steps=2,1", "--y-axis", "scheduler=simple,gits", "-o", folder.resolve("a.png").toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("axis Schedule type, value GITS: steps is 1, and the gits scheduler needs at least 2");
        assertThat(written()).isEmpty();
    }

    @Test
    void theHelpNamesTheFields() {
        assertThat(CommandRun.of("txt2img", "--help").out().replaceAll("\\s+", " "))
                .contains("--x-axis=NAME=VALUES", "--y-axis=NAME=VALUES",
                        "prompt, prompt-sr, negative-prompt, steps, cfg-scale, seed,");
    }
}
