package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * LoRAs that come and go, in the runtime's two ways of applying them, given by file and named in prompts. Upstream frees a
 * VAE's weights when LoRAs change and goes on using them; the guard layer ends the VAE's use after each call.
 */
@Timeout(300)
class LoraTest {

    private static final Path LORA = PartFiles.lora(Models.fixtures());

    @TempDir
    private Path folder;

    private static TextToImage.Builder request() {
        return TextToImage.builder().prompt("a lovely cat").size(64, 64).seed(3).steps(1).guidanceScale(1);
    }

    /** Guidance doubles the work, and makes more of the difference. */
    private static TextToImage.Builder guided() {
        return request().guidanceScale(7).steps(2);
    }

    private static byte[] pixels(StableDiffusion sd, TextToImage.Builder request) {
        return Models.pixels(sd.generate(request.build()).getFirst());
    }

    private static StableDiffusion load(LoraApplyMode mode) {
        return StableDiffusion.builder(Models.smallSd1()).additions(Additions.NONE.withLoraApplyMode(mode)).load();
    }

    private StableDiffusion loadWithFolder() throws IOException {
        Files.createDirectories(folder.resolve("styles"));
        Files.copy(LORA, folder.resolve("ink.safetensors"));
        Files.copy(LORA, folder.resolve("styles/water colour.safetensors"));
        return StableDiffusion.builder(Models.smallSd1()).loraFolder(folder).load();
    }

    @ParameterizedTest
    @EnumSource(names = {"IMMEDIATELY", "AT_RUNTIME"})
    void aLoraChangesThePictureAndIsGoneWithoutTrace(LoraApplyMode mode) {
        try (StableDiffusion sd = load(mode)) {
            byte[] without = pixels(sd, guided());
            byte[] with = pixels(sd, guided().lora(LORA, 1));
            assertThat(Models.distance(with, without)).as("effect of the LoRA").isGreaterThan(5);
            assertThat(pixels(sd, guided().lora(LORA, 1))).isEqualTo(with);
            assertThat(pixels(sd, guided())).isEqualTo(without);
            assertThat(pixels(sd, guided().lora(LORA, 1))).isEqualTo(with);
            assertThat(pixels(sd, guided())).isEqualTo(without);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IMMEDIATELY", "AT_RUNTIME"})
    void itsWeightIsItsStrength(LoraApplyMode mode) {
        try (StableDiffusion sd = load(mode)) {
            byte[] without = pixels(sd, request());
            byte[] whole = pixels(sd, request().lora(LORA, 1));
            byte[] little = pixels(sd, request().lora(LORA, 0.1));
            byte[] away = pixels(sd, request().lora(LORA, -1));
            assertThat(Models.distance(little, without)).isPositive().isLessThan(0.6 * Models.distance(whole, without));
            assertThat(Models.distance(away, without)).isGreaterThan(1);
            assertThat(Models.distance(away, whole)).isGreaterThan(1);
            assertThat(pixels(sd, request().lora(LORA, 0))).isEqualTo(without);
            assertThat(pixels(sd, request().lora(LORA, 0.75).lora(LORA, 0.25))).as("given twice").isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IMMEDIATELY", "AT_RUNTIME"})
    void aStopWhileLorasAreAppliedLeavesNoneHalfApplied(LoraApplyMode mode) {
        try (StableDiffusion sd = load(mode)) {
            byte[] without = pixels(sd, request());
            byte[] with = pixels(sd, request().lora(LORA, 1));
            assertThat(pixels(sd, request())).isEqualTo(without);
            for (Phase phase : List.of(Phase.LOAD, Phase.ENCODE_TEXT, Phase.SAMPLE, Phase.DECODE)) {
                AtomicReference<CompletableFuture<List<GeneratedImage>>> running = new AtomicReference<>();
                CompletableFuture<Void> known = new CompletableFuture<>();
                running.set(sd.submit(request().lora(LORA, 1).build(), progress -> {
                    if (progress.phase() == phase) {
                        known.join();
                        running.get().cancel(true);
                    }
                }));
                known.complete(null);
                assertThatThrownBy(running.get()::join).as("stopped at " + phase).isInstanceOf(CancellationException.class);
                assertThat(pixels(sd, request())).as("without it, stopped at " + phase).isEqualTo(without);
                assertThat(pixels(sd, request().lora(LORA, 1))).as("with it, stopped at " + phase).isEqualTo(with);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IMMEDIATELY", "AT_RUNTIME"})
    void aConvertedLoraChangesThePictureAsTheOriginalDoes(LoraApplyMode mode) {
        Path gguf = folder.resolve("lora.gguf");
        Path bf16 = folder.resolve("bf16.gguf");
        ModelConversion.builder(LORA, gguf).run();
        ModelConversion.builder(LORA, bf16).weightType(WeightType.BF16).run();
        try (StableDiffusion sd = load(mode)) {
            byte[] with = pixels(sd, request().lora(LORA, 1));
            assertThat(pixels(sd, request().lora(gguf, 1))).isEqualTo(with);
            assertThat(Models.distance(pixels(sd, request().lora(bf16, 1)), with)).isLessThan(2);
        }
    }

    @Test
    void aPromptNamesThoseOfTheFolder() throws IOException {
        try (StableDiffusion sd = loadWithFolder()) {
            byte[] byFile = pixels(sd, request().lora(LORA, 0.7));
            assertThat(pixels(sd, request().prompt("a lovely cat<lora:ink:0.7>"))).isEqualTo(byFile);
            assertThat(pixels(sd, request().prompt("<lora:water colour:0.7>a lovely cat"))).isEqualTo(byFile);
            assertThat(pixels(sd, request().prompt("a lovely<lora:styles/water colour:.4> cat<lora:ink:.3>")))
                    .as("two files").isNotEqualTo(byFile);
            assertThat(pixels(sd, request().prompt("a lovely cat<lora:ink>"))).isEqualTo(pixels(sd, request().lora(LORA, 1)));
            assertThat(sd.tokens("a lovely cat<lora:ink:0.7>")).isEqualTo(sd.tokens("a lovely cat"));
        }
    }

    @Test
    void aPictureSaysWhichItWasMadeWith() {
        try (StableDiffusion sd = load(LoraApplyMode.AUTO)) {
            GeneratedImage image = sd.generate(request().lora(LORA, 0.7).build()).getFirst();
            String name = LORA.getFileName().toString().replace(".safetensors", "");
            assertThat(image.infotext().prompt()).isEqualTo("a lovely cat <lora:" + name + ":0.7>");
            assertThat(image.request().settings().loras()).containsExactly(new Lora(LORA, 0.7));
            assertThat(image.notes()).isEmpty();
        }
    }

    @Test
    void aNameThatIsNotThereSaysWhatIs() throws IOException {
        try (StableDiffusion sd = loadWithFolder()) {
            assertThatThrownBy(() -> pixels(sd, request().prompt("a cat <lora:oil:1>")))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("'oil'").hasMessageContaining("ink, water colour");
            Files.copy(LORA, folder.resolve("styles/ink2.safetensors"));
            Files.createDirectory(folder.resolve("more"));
            Files.copy(LORA, folder.resolve("more/ink2.safetensors"));
            assertThatThrownBy(() -> pixels(sd, request().prompt("a cat <lora:ink2:1>")))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("several");
        }
    }

    @Test
    void aNameWithoutAFolderOrWronglyWrittenIsRefused() throws IOException {
        StableDiffusion sd = Models.shared();
        assertThatThrownBy(() -> pixels(sd, request().prompt("a cat <lora:ink:1>")))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("--lora-model-dir");
        try (StableDiffusion named = loadWithFolder()) {
            assertThatThrownBy(() -> pixels(named, request().prompt("a cat <lora:ink:strong>")))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("'strong'");
            assertThatThrownBy(() -> pixels(named, request().prompt("a cat <lora:ink:1:0.5>")))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("one weight");
            assertThatThrownBy(() -> pixels(named, request().prompt("a cat <lora:ink")))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("no end");
            assertThatThrownBy(() -> pixels(named, request().negativePrompt("<lora:ink:1>")))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("negative");
            assertThatThrownBy(() -> pixels(named, request().prompt("a cat <lora:../ink:1>")))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("'../ink'");
        }
    }

    @Test
    void whatDoesNotFitIsNotAppliedInSilence() {
        StableDiffusion sd = Models.shared();
        byte[] without = pixels(sd, request());
        assertThatThrownBy(() -> pixels(sd, request().lora(PartFiles.loraOfAnotherFamily(Models.fixtures()), 1)))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("a LoRA for SDXL").hasMessageContaining("SD 1.x");
        assertThatThrownBy(() -> pixels(sd, request().lora(PartFiles.loraOfAnotherWidth(Models.fixtures()), 1)))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("does not fit")
                .hasMessageMatching("(?s).*\\d+ x \\d+ numbers, and this model's has \\d+ x \\d+.*");
        assertThatThrownBy(() -> pixels(sd, request().lora(PartFiles.loraOfUnknownLayers(Models.fixtures()), 1)))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("none of its 3 tensors");
        assertThatThrownBy(() -> pixels(sd, request().lora(PartFiles.vae(Models.fixtures()), 1)))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("is a VAE").hasMessageContaining("not a LoRA");
        assertThatThrownBy(() -> pixels(sd, request().lora(Path.of("nowhere.safetensors"), 1)))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("nowhere.safetensors");

        GeneratedImage partly = sd.generate(request().lora(PartFiles.loraThatFitsPartly(Models.fixtures()), 1).build()).getFirst();
        assertThat(partly.notes()).singleElement().asString().contains("3 of its 6 tensors");
        assertThat(Models.pixels(partly)).isNotEqualTo(without);
        assertThat(pixels(sd, request())).isEqualTo(without);
    }

    @Test
    void theOptionsCheckARequestsLorasWithoutLoading() {
        LoadOptions options = LoadOptions.builder().model(Models.smallSd1()).loraFolder(folder).build();
        options.check(request().lora(LORA, 1).build());
        assertThatThrownBy(() -> options.check(request().prompt("a cat <lora:ink:1>").build()))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("there is no LoRA at all");
        assertThatThrownBy(() -> options.check(request().lora(PartFiles.loraOfAnotherFamily(Models.fixtures()), 1).build()))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("SDXL");
    }

    @Test
    void aWorkerAppliesThemAlike() throws IOException {
        byte[] here;
        try (StableDiffusion sd = loadWithFolder()) {
            here = pixels(sd, request().prompt("a lovely cat<lora:ink:0.5>").lora(LORA, 0.2));
        }
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).loraFolder(folder).worker().load()) {
            assertThat(pixels(sd, request().prompt("a lovely cat<lora:ink:0.5>").lora(LORA, 0.2))).isEqualTo(here);
            assertThatThrownBy(() -> pixels(sd, request().prompt("a cat <lora:oil:1>"))).isInstanceOf(InvalidRequestException.class);
            assertThat(sd.tokens("a lovely cat").count()).isEqualTo(3);
        }
    }
}
