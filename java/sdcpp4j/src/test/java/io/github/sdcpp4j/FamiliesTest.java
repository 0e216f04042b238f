package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.SamplingExtras.SkipLayers;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.FamilyCheckpoints;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Families beside SD 1.x, from end to end on generated checkpoints. */
@Timeout(300)
class FamiliesTest {

    private static final SamplingExtras NONE = SamplingExtras.NONE;
    /** A difference, of 255, that is no matter of rounding. */
    private static final double SEEN = 0.25;

    private static TextToImage.Builder request(String prompt) {
        return TextToImage.builder().prompt(prompt).size(64, 64).seed(3).steps(2);
    }

    /** Without guidance, so that the large text encoders have one prompt to read. */
    private static TextToImage.Builder plain(String prompt) {
        return request(prompt).guidanceScale(1);
    }

    private static void assertRecognised(Path checkpoint, ModelKind kind, String family) {
        assertThat(CheckpointInfo.read(checkpoint)).satisfies(info -> {
            assertThat(info.kind()).isEqualTo(kind);
            assertThat(info.family()).hasValue(family);
        });
    }

    private static byte[] pixels(StableDiffusion sd, TextToImage.Builder request) {
        return Models.pixels(sd.generate(request.build()).getFirst());
    }

    @Test
    void sd2PaintsWithItsOwnTextEncoderAndPrediction() {
        Path checkpoint = PartFiles.sd2(Models.fixtures());
        assertThat(CheckpointInfo.read(checkpoint)).satisfies(info -> {
            assertThat(info.kind()).isEqualTo(ModelKind.CHECKPOINT);
            assertThat(info.family()).hasValue("SD 2.x");
        });
        byte[] usual;
        try (StableDiffusion sd = StableDiffusion.load(checkpoint)) {
            assertThat(sd.family()).isEqualTo("SD 2.x");
            usual = pixels(sd, request("a lovely cat"));
            assertThat(Models.distance(pixels(sd, request("a dog")), usual)).as("the prompt matters").isPositive();
            assertThat(pixels(sd, request("a lovely cat"))).isEqualTo(usual);
            assertThat(sd.tokens("a lovely cat").count()).isEqualTo(3);
            assertThatThrownBy(() -> pixels(sd, request("a cat").clipSkip(1)))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("clip skip is 1");
            assertThatThrownBy(() -> pixels(sd, request("a cat").lora(PartFiles.lora(Models.fixtures()), 1)))
                    .isInstanceOf(CheckpointException.class).hasMessageContaining("SD 1.x").hasMessageContaining("SD 2.x");
        }
        // what an SD 2.x model predicts the runtime finds out by trying: this one was made to predict noise
        try (StableDiffusion sd = StableDiffusion.builder(checkpoint).prediction(Prediction.EPS).load()) {
            assertThat(pixels(sd, request("a lovely cat"))).as("noise is what it predicts").isEqualTo(usual);
        }
        try (StableDiffusion sd = StableDiffusion.builder(checkpoint).prediction(Prediction.V).load()) {
            assertThat(pixels(sd, request("a lovely cat"))).as("read as velocity it is another picture").isNotEqualTo(usual);
        }
        Path word = PartFiles.textualInversionOfAnotherFamily(Models.fixtures());
        try (StableDiffusion sd = StableDiffusion.builder(checkpoint).additions(Additions.NONE.withEmbedding("zwx", word)).load()) {
            assertThat(sd.tokens("zwx").count()).as("its embeddings are words of two vectors").isEqualTo(2);
            assertThat(pixels(sd, request("a zwx"))).isNotEqualTo(usual);
        }
    }

    /** Prompt, guidance, seed and start picture matter, and a request gives the same picture again. */
    private static byte[] assertPaints(StableDiffusion sd, Sampler sampler, Scheduler scheduler) {
        List<GeneratedImage> two = sd.generate(plain("a lovely cat").batchCount(2).build());
        byte[] usual = Models.pixels(two.getFirst());
        GenerationSettings made = two.getFirst().request().settings();
        assertThat(made.sampler()).hasValue(sampler);
        assertThat(made.scheduler()).hasValue(scheduler);
        assertThat(colours(usual)).as("one colour for most of the 64 blocks of 8x8 pixels").isGreaterThan(40);
        assertThat(Models.distance(Models.pixels(two.getLast()), usual)).as("the seed matters").isGreaterThan(SEEN);
        assertThat(Models.distance(pixels(sd, plain("a dog")), usual)).as("the prompt matters").isGreaterThan(SEEN);
        assertThat(Models.distance(pixels(sd, request("a lovely cat")), usual)).as("guidance matters").isGreaterThan(SEEN);
        assertThat(pixels(sd, plain("a lovely cat"))).as("the same again").isEqualTo(usual);
        ImageToImage.Builder onward = ImageToImage.builder(halfWhite()).strength(0.4).prompt("a cat").seed(3).steps(5).guidanceScale(1);
        byte[] halves = Models.pixels(sd.generate(onward.build()).getFirst());
        assertThat(mean(halves, 0) - mean(halves, halves.length / 2)).as("the white half stays the brighter one").isGreaterThan(20);
        return usual;
    }

    /** White above, black below. */
    private static BufferedImage halfWhite() {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        image.createGraphics().fillRect(0, 0, 64, 32);
        return image;
    }

    private static long colours(byte[] pixels) {
        return IntStream.range(0, pixels.length / 3)
                .map(i -> (pixels[3 * i] & 0xFF) << 16 | (pixels[3 * i + 1] & 0xFF) << 8 | pixels[3 * i + 2] & 0xFF).distinct().count();
    }

    /** Mean brightness of half a picture. */
    private static double mean(byte[] pixels, int from) {
        return IntStream.range(from, from + pixels.length / 2).map(i -> pixels[i] & 0xFF).average().orElseThrow();
    }

    private static byte[] pixels(StableDiffusion sd, SamplingExtras extras) {
        return pixels(sd, plain("a lovely cat").extras(extras));
    }

    private static void assertLora(StableDiffusion sd, Path lora, byte[] usual) {
        assertThat(CheckpointInfo.read(lora)).satisfies(info -> {
            assertThat(info.kind()).isEqualTo(ModelKind.LORA);
            assertThat(info.family().orElse(sd.family())).as("its family, if it is known").isEqualTo(sd.family());
        });
        assertThat(Models.distance(pixels(sd, plain("a lovely cat").lora(lora, 1)), usual)).as("LoRA").isGreaterThan(SEEN);
        assertThat(pixels(sd, plain("a lovely cat"))).as("without it again").isEqualTo(usual);
    }

    private static void assertLorasOfSd1AreRefused(StableDiffusion sd) {
        assertThatThrownBy(() -> pixels(sd, request("a cat").lora(PartFiles.lora(Models.fixtures()), 1)))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("LoRA").hasMessageContaining(sd.family());
    }

    @Test
    void sdxlPaintsWithItsTwoTextEncoders() {
        Path checkpoint = FamilyCheckpoints.sdxl(Models.fixtures());
        assertRecognised(checkpoint, ModelKind.CHECKPOINT, "SDXL");
        try (StableDiffusion sd = StableDiffusion.load(checkpoint)) {
            assertThat(sd.family()).isEqualTo("SDXL");
            byte[] usual = assertPaints(sd, Sampler.EULER_A, Scheduler.DISCRETE);
            assertLora(sd, FamilyCheckpoints.sdxlLora(Models.fixtures()), usual);
            assertLorasOfSd1AreRefused(sd);
        }
    }

    @Test
    void sd3PaintsWithItsTwoClipEncoders() {
        Path checkpoint = FamilyCheckpoints.sd3(Models.fixtures());
        assertRecognised(checkpoint, ModelKind.CHECKPOINT, "SD3.x");
        try (StableDiffusion sd = StableDiffusion.load(checkpoint)) {
            assertThat(sd.family()).isEqualTo("SD3.x");
            byte[] usual = assertPaints(sd, Sampler.EULER, Scheduler.DISCRETE);
            assertThat(pixels(sd, NONE.withFlowShift(1))).as("flow shift").isNotEqualTo(usual);
            SkipLayers seen = new SkipLayers(List.of(FamilyCheckpoints.SD3_SEEN_BLOCK), 2.5, 0, 1);
            assertThat(pixels(sd, NONE.withSkipLayers(seen))).as("skip layer guidance").isNotEqualTo(usual);
            assertLora(sd, FamilyCheckpoints.sd3Lora(Models.fixtures()), usual);
            assertLorasOfSd1AreRefused(sd);
        }
    }

    @Test
    void fluxPaintsFromOneFile() {
        Path checkpoint = FamilyCheckpoints.flux(Models.fixtures());
        assertRecognised(checkpoint, ModelKind.CHECKPOINT, "Flux");
        try (StableDiffusion sd = StableDiffusion.load(checkpoint)) {
            assertThat(sd.family()).isEqualTo("Flux");
            byte[] usual = assertPaints(sd, Sampler.EULER, Scheduler.DISCRETE);
            assertThat(pixels(sd, NONE.withFlowShift(3))).as("flow shift").isNotEqualTo(usual);
            SkipLayers second = new SkipLayers(List.of(1), 2.5, 0, 1);
            assertThat(pixels(sd, NONE.withSkipLayers(second))).as("skip layer guidance").isNotEqualTo(usual);
            assertLora(sd, FamilyCheckpoints.fluxLora(Models.fixtures()), usual);
            TextToImage.Builder editing = plain("a lovely cat").referenceImages(List.of(halfWhite()));
            assertThat(Models.distance(pixels(sd, editing), usual)).as("a picture to edit, as for Kontext").isGreaterThan(SEEN);
            assertLorasOfSd1AreRefused(sd);
        }
    }

    @Test
    void fluxPaintsFromItsParts() {
        Path transformer = FamilyCheckpoints.fluxTransformer(Models.fixtures());
        assertRecognised(transformer, ModelKind.DIFFUSION_MODEL, "Flux");
        assertDistilledGuidance(transformer, true);
        assertDistilledGuidance(FamilyCheckpoints.fluxTransformerWithoutGuidance(Models.fixtures()), false);
    }

    private static void assertDistilledGuidance(Path transformer, boolean matters) {
        LoadOptions parts = LoadOptions.builder().file(ModelFile.DIFFUSION, transformer)
                .file(ModelFile.CLIP_L, PartFiles.textEncoder(Models.fixtures()))
                .vae(FamilyCheckpoints.fluxVae(Models.fixtures())).build();
        try (StableDiffusion sd = StableDiffusion.load(parts)) {
            assertThat(sd.family()).isEqualTo("Flux");
            boolean differs = Models.distance(pixels(sd, NONE.withDistilledGuidance(1)), pixels(sd, NONE.withDistilledGuidance(5))) > SEEN;
            assertThat(differs).as("distilled guidance with %s", transformer).isEqualTo(matters);
        }
    }

    @Test
    void zImagePaintsWithItsLanguageModel() {
        Path transformer = FamilyCheckpoints.zImageTransformer(Models.fixtures());
        Path text = FamilyCheckpoints.qwen3(Models.fixtures());
        assertRecognised(transformer, ModelKind.DIFFUSION_MODEL, "Z-Image");
        assertThat(CheckpointInfo.read(text).kind()).isEqualTo(ModelKind.LLM);
        LoadOptions parts = LoadOptions.builder().file(ModelFile.DIFFUSION, transformer).file(ModelFile.LLM, text)
                .vae(FamilyCheckpoints.fluxVae(Models.fixtures())).build();
        try (StableDiffusion sd = StableDiffusion.load(parts)) {
            assertThat(sd.family()).isEqualTo("Z-Image");
            byte[] usual = assertPaints(sd, Sampler.EULER, Scheduler.DISCRETE);
            assertThat(pixels(sd, NONE.withFlowShift(1))).as("flow shift").isNotEqualTo(usual);
            assertLorasOfSd1AreRefused(sd);
            assertLora(sd, FamilyCheckpoints.zImageLora(Models.fixtures()), usual);
            assertThatThrownBy(() -> pixels(sd, plain("a cat").referenceImages(List.of(halfWhite()))))
                    .as("the runtime would read past an array").isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("reference images");
            assertThat(pixels(sd, plain("a lovely cat"))).isEqualTo(usual);
        }
    }

    @Test
    void flux2KleinPaintsWithItsLanguageModel() {
        Path transformer = FamilyCheckpoints.flux2Transformer(Models.fixtures());
        assertRecognised(transformer, ModelKind.DIFFUSION_MODEL, "Flux.2");
        LoadOptions parts = LoadOptions.builder().file(ModelFile.DIFFUSION, transformer)
                .file(ModelFile.LLM, FamilyCheckpoints.qwen3(Models.fixtures()))
                .vae(FamilyCheckpoints.flux2Vae(Models.fixtures())).build();
        try (StableDiffusion sd = StableDiffusion.load(parts)) {
            assertThat(sd.family()).isEqualTo("Flux.2 klein");
            byte[] usual = assertPaints(sd, Sampler.EULER, Scheduler.DISCRETE);
            TextToImage.Builder editing = plain("a lovely cat").referenceImages(List.of(halfWhite()));
            assertThat(Models.distance(pixels(sd, editing), usual)).as("a picture to edit").isGreaterThan(SEEN);
            assertLorasOfSd1AreRefused(sd);
        }
    }
}
