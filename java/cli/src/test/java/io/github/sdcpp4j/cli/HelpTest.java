package io.github.sdcpp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {

    /** The options of sd-cli that are supported, as its users type them. */
    private static final List<String> SD_CLI = List.of(
            "-m, --model", "-p, --prompt", "-n, --negative-prompt", "-W, --width", "-H, --height", "--steps", "--cfg-scale",
            "-s, --seed", "--sampling-method", "--scheduler", "-b, --batch-count", "--clip-skip", "-o, --output",
            "-t, --threads", "--type", "--tensor-type-rules", "--vae", "--taesd", "--clip_l", "--clip_g", "--t5xxl",
            "--diffusion-model", "--llm", "--rng", "--sampler-rng", "--prediction", "--eta", "--mmap", "--fa",
            "--diffusion-fa", "--diffusion-conv-direct", "--vae-conv-direct", "--backend", "--params-backend", "--max-vram",
            "--circular", "--control-net", "--photo-maker", "--pm-id-images-dir", "--pm-style-strength", "--upscale-model", "--upscale-repeats", "--upscale-tile-size", "--preview", "--preview-path",
            "--preview-interval", "--taesd-preview-only", "-v, --verbose");

    @ParameterizedTest
    @ValueSource(strings = {"txt2img", "img2img"})
    void showsTheOptionsOfSdCliInSections(String command) {
        CommandRun run = CommandRun.of(command, "--help");
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains(SD_CLI)
                .containsSubsequence("\nModel:\n", "\nPicture:\n", "\nUpscaling:\n", "\nOutput:\n", "\nRunning:\n", "\nGeneral:\n");
    }

    @Test
    void img2imgHasItsOwn() {
        assertThat(CommandRun.of("img2img", "--help").out()).contains("-i, --init-img", "--strength");
        assertThat(CommandRun.of("txt2img", "--help").out()).doesNotContain("--init-img", "--strength");
    }

    @Test
    void upscaleHasFewOptionsInTheSameSections() {
        CommandRun run = CommandRun.of("upscale", "--help");
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("-i, --init-img", "--upscale-model", "-o, --output", "-t, --threads", "--backend")
                .containsSubsequence("\nPicture to start from:\n", "\nUpscaling:\n", "\nOutput:\n", "\nRunning:\n", "\nGeneral:\n")
                .doesNotContain("--prompt", "--steps");
    }

    @Test
    void listsTheCommands() {
        CommandRun run = CommandRun.of("--help");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("txt2img", "img2img", "upscale", "convert", "info", "tokens").doesNotContain("generate-completion");
    }

    @Test
    void tellsTheVersion() {
        CommandRun run = CommandRun.of("--version");
        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("sdcpp4j ").contains("Java " + System.getProperty("java.version"));
    }

    @Test
    void completesNamesInShells() {
        CommandRun run = CommandRun.of("generate-completion");
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .startsWith("#!")
                .contains("local SAMPLER_option_args=(\"euler\"", "local SCHEDULER_option_args=(\"discrete\"");
    }
}
