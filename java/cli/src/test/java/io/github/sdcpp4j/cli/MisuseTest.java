package io.github.sdcpp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong costs one sentence, and is found before a model is loaded. */
class MisuseTest {

    @TempDir
    private Path folder;

    /** Adds the model that is not there: who complains about something else has looked at that first. */
    private static CommandRun txt2img(String... args) {
        String[] all = Arrays.copyOf(args, args.length + 5);
        System.arraycopy(new String[] {"-p", "a cat", "-m", "missing.safetensors"}, 0, all, args.length + 1, 4);
        System.arraycopy(args, 0, all, 1, args.length);
        all[0] = "txt2img";
        return CommandRun.of(all);
    }

    private static void assertSentence(CommandRun run, int code, String... parts) {
        assertThat(run.code()).as(run.err()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines()).hasSize(1);
        assertThat(run.err()).startsWith("error: ").contains(parts);
    }

    private static void assertUsage(CommandRun run, String command, String... parts) {
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines()).hasSize(2).last().isEqualTo("try '" + command + " --help'");
        assertThat(run.err()).startsWith("error: ").contains(parts);
    }

    @ParameterizedTest
    @CsvSource({
        "-W, 65, width is 65",
        "-H, 0, height is 0",
        "--steps, 0, steps is 0",
        "--cfg-scale, -1, guidance scale is -1",
        "-b, 0, batch count is 0",
        "-s, -2, seed is -2",
        "--clip-skip, 0, clip skip is 0",
        "-t, 0, threads is 0",
        "--max-vram, -3, max VRAM is -3",
    })
    void valuesOutOfRangeAreNamed(String option, String value, String part) {
        assertSentence(txt2img(option, value), 2, part);
    }

    @ParameterizedTest
    @CsvSource({
        "--sampling-method, 'euler, euler_a, heun'",
        "--scheduler, 'discrete, karras'",
        "--type, 'f32, f16'",
        "--rng, 'std_default, cuda, cpu'",
        "--sampler-rng, 'std_default, cuda, cpu'",
        "--prediction, 'eps, v, edm_v'",
        "--preview, 'none, proj, tae, vae'",
    })
    void unknownNamesListTheValidOnes(String option, String names) {
        assertUsage(txt2img(option, "foo"), "sdcpp4j txt2img", option, "'foo'", names);
    }

    @Test
    void typesThatCannotBeMadeAreNotOffered() {
        assertUsage(txt2img("--type", "i32"), "sdcpp4j txt2img", "'i32'");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertUsage(CommandRun.of("txt2img", "-m", "x.safetensors"), "sdcpp4j txt2img", "--prompt");
        assertUsage(CommandRun.of("img2img", "-m", "x.safetensors", "-p", "x"), "sdcpp4j img2img", "--init-img");
        assertUsage(CommandRun.of("info"), "sdcpp4j info", "--model");
        assertUsage(CommandRun.of(), "sdcpp4j", "txt2img, img2img, vid_gen, upscale, convert, info or tokens");
    }

    @Test
    void twoModelsAreOneTooMany() {
        assertSentence(txt2img("--demo"), 2, "--demo", "missing.safetensors");
    }

    @Test
    void mistypedOptionsGetAHint() {
        assertUsage(txt2img("--stepz", "3"), "sdcpp4j txt2img", "--stepz", "similar: --steps");
    }

    @Test
    void anOptionGivenTwiceIsAMistake() {
        assertUsage(txt2img("--steps", "3", "--steps", "4"), "sdcpp4j txt2img", "--steps");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cat.jpg", "cat", "cat.png.webp"})
    void onlyPngIsWritten(String output) {
        assertSentence(txt2img("-o", output), 2, output, ".png");
    }

    @Test
    void theOutputMustHaveAPlace() throws IOException {
        assertSentence(txt2img("-o", folder.resolve("no/cat.png").toString()), 2, folder.resolve("no").toString());
        Files.createDirectory(folder.resolve("cat_2.png"));
        assertSentence(txt2img("-b", "2", "-o", folder.resolve("cat.png").toString()), 2, "cat_2.png");
    }

    @Test
    void theGridIsCheckedAsTheOutputIs() {
        assertSentence(txt2img("--grid", "grid.jpg"), 2, "grid.jpg", ".png");
        assertSentence(txt2img("--grid", folder.resolve("no/grid.png").toString()), 2, folder.resolve("no").toString());
    }

    @Test
    void modelFilesThatCannotBeUsedAreFailures() throws IOException {
        Path text = Files.writeString(folder.resolve("text.safetensors"), "hello");
        assertSentence(txt2img(), 1, "missing.safetensors");
        assertSentence(CommandRun.of("info", "-m", "missing.safetensors"), 1, "missing.safetensors");
        assertSentence(CommandRun.of("info", "-m", text.toString()), 1, "text.safetensors");
        assertSentence(CommandRun.of("txt2img", "-p", "x", "-m", text.toString()), 1, "text.safetensors");
    }

    @Test
    void startPicturesAreCheckedFirst() throws IOException {
        Path text = Files.writeString(folder.resolve("text.png"), "hello");
        List<String> start = List.of("img2img", "-m", "missing.safetensors", "-p", "x", "-i");
        for (Path picture : List.of(text, folder.resolve("missing.png"))) {
            String[] args = Stream.concat(start.stream(), Stream.of(picture.toString()))
                    .toArray(String[]::new);
            assertSentence(CommandRun.of(args), 2, picture.toString());
        }
    }

    @Test
    void masksAreCheckedFirst() throws IOException {
        Path picture = folder.resolve("start.png");
        ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
        assertSentence(CommandRun.of("img2img", "-m", "missing.safetensors", "-p", "x", "-i", picture.toString(), "--mask", "none.png"),
                2, "none.png");
        assertSentence(CommandRun.of("img2img", "-m", "missing.safetensors", "-p", "x", "-i", picture.toString(),
                "--mask", picture.toString(), "--mask-feather", "513"), 2, "mask feather is 513");
        assertSentence(CommandRun.of("img2img", "-m", "missing.safetensors", "-p", "x", "-i", picture.toString(),
                "--outpaint", "64,0"), 2, "--outpaint has 2 numbers");
        assertSentence(CommandRun.of("img2img", "-m", "missing.safetensors", "-p", "x", "-i", picture.toString(),
                "--outpaint", "64,0,0,0", "--mask", picture.toString()), 2, "--mask");
    }

    @Test
    void stackTracesAreForThoseWhoAsk() {
        CommandRun run = CommandRun.of("info", "-v", "-m", "missing.safetensors");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.errLines()).hasSizeGreaterThan(2).first().asString().startsWith("error: ");
        assertThat(run.err()).contains("CheckpointException", "\tat io.github.sdcpp4j.");
    }

    @Test
    void promptsMayLookLikeAnything() {
        // neither a file of arguments nor an option
        CommandRun run = CommandRun.of("txt2img", "-m", "missing.safetensors", "-p", "@cat", "-n", "--blurry");
        assertSentence(run, 1, "missing.safetensors");
    }
}
