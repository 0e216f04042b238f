package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests made of the parameters that are in pictures. */
class InfotextRequestTest {

    private static final BufferedImage PICTURE = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);

    private static final LoadOptions CAT = LoadOptions.builder().model(Path.of("models/cat-V2.5.safetensors")).build();

    private static Infotext fields(String... pairs) {
        return Infotext.parse("a cat\nSteps: 20, " + String.join(", ", pairs));
    }

    @Test
    void aPictureOfAWebUiBecomesARequest() {
        GenerationSettings settings = Infotext.parse("""
                masterpiece, (cat:1.2),
                sitting
                Negative prompt: lowres
                Steps: 25, Sampler: DPM++ 2M Karras, CFG scale: 7.5, Seed: 965400086, Size: 512x768, Model hash: 45dee52b, \
                Model: cat-V2.5, Clip skip: 2, Eta: 0.67, Version: v1.6.0""").toTextToImage().build().settings();
        assertThat(settings.prompt()).isEqualTo("masterpiece, (cat:1.2),\nsitting");
        assertThat(settings.negativePrompt()).isEqualTo("lowres");
        assertThat(settings.steps()).isEqualTo(25);
        assertThat(settings.sampler()).contains(Sampler.DPMPP_2M);
        assertThat(settings.scheduler()).contains(Scheduler.KARRAS);
        assertThat(settings.guidanceScale()).isEqualTo(7.5);
        assertThat(settings.seed()).hasValue(965400086);
        assertThat(settings).returns(512, GenerationSettings::width).returns(768, GenerationSettings::height);
        assertThat(settings.clipSkip()).hasValue(2);
        assertThat(settings.eta()).hasValue(0.67);
        assertThat(settings.batchCount()).isOne();
    }

    @Test
    void aPictureOfSdCliBecomesARequest() {
        Infotext text = Infotext.parse("""
                a cat
                Negative prompt: dog
                Steps: 4, CFG scale: 1.000000, Skip layers: [7, 8, 9], Guidance: 3.500000, Eta: inf, Seed: 42, Size: 64x64, \
                Model: cat-V2.5.safetensors, RNG: cpu, Sampler RNG: cuda, Sampler: euler_a sgm_uniform, \
                Version: stable-diffusion.cpp""");
        GenerationSettings settings = text.toTextToImage().build().settings();
        assertThat(settings.sampler()).contains(Sampler.EULER_A);
        assertThat(settings.scheduler()).contains(Scheduler.SGM_UNIFORM);
        assertThat(settings.eta()).isEmpty();
        LoadOptions options = text.applyTo(LoadOptions.builder().model(CAT.mainFile())).build();
        assertThat(options.rng()).isEqualTo(Rng.CPU);
        assertThat(options.samplerRng()).contains(Rng.CUDA);
        assertThat(text.notes(TextToImage.of("x"), options)).singleElement().asString()
                .endsWith("not repeated: Skip layers: [7, 8, 9], Guidance: 3.500000");
    }

    @ParameterizedTest
    @CsvSource({
        "Euler a, , EULER_A, ", "Euler, , EULER, ", "LCM, , LCM, ", "DDIM, , DDIM_TRAILING, ", "DPM++ 2M v2, , DPMPP_2M_V2, ",
        "dpm++2m karras, , DPMPP_2M, KARRAS", "DPM++ 2S a Karras, , DPMPP_2S_A, KARRAS", "Euler SGM Uniform, , EULER, SGM_UNIFORM",
        "Euler Uniform, , EULER, DISCRETE", "DPM++ 2M, Exponential, DPMPP_2M, EXPONENTIAL", "DPM++ 2M, Automatic, DPMPP_2M, KARRAS",
        "Euler a, Automatic, EULER_A, ", "DPM2 Karras, KL Optimal, DPM2, KL_OPTIMAL", "LCM karras, , LCM, KARRAS",
    })
    void samplersAndSchedulersAreKnownByTheNamesOfWebUis(String sampler, String scheduler, Sampler s, Scheduler c) {
        Infotext text = fields("Sampler: " + sampler + (scheduler == null ? "" : ", Schedule type: " + scheduler));
        assertThat(text.sampler()).contains(s);
        assertThat(text.scheduler()).isEqualTo(Optional.ofNullable(c));
    }

    @Test
    void anUnknownSamplerOrSchedulerIsNamedWithTheKnownOnes() {
        Infotext text = fields("Sampler: DPM++ 2M SDE Karras");
        assertThatThrownBy(text::toTextToImage)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("'DPM++ 2M SDE Karras'").hasMessageContaining("euler, euler_a");
        assertThat(text.scheduler()).contains(Scheduler.KARRAS);
        assertThat(text.without("Sampler").toTextToImage().build().settings().sampler()).isEmpty();
        assertThatThrownBy(fields("Schedule type: Beta")::toTextToImage).hasMessageContaining("'Beta'").hasMessageContaining("karras");
        assertThatThrownBy(() -> fields("RNG: dice").applyTo(LoadOptions.builder()))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("'dice'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CFG scale: high", "Seed: 1.5", "Size: 512", "Clip skip: two", "Eta: low", "VAE tiling: maybe", "Steps: x"})
    void aValueThatMakesNoSenseIsNamed(String field) {
        assertThatThrownBy(fields(field)::toTextToImage)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(field.split(": ")[0]).hasMessageContaining("'" + field.split(": ")[1] + "'");
    }

    @Test
    void whatTheTextDoesNotSayStaysAsItIs() {
        GenerationSettings settings = Infotext.parse("a cat\nSteps: 7").applyTo(
                TextToImage.builder().size(64, 128).seed(3).sampler(Sampler.HEUN).batchCount(2)).build().settings();
        assertThat(settings).returns(64, GenerationSettings::width).returns(7, GenerationSettings::steps)
                .returns(2, GenerationSettings::batchCount).returns(Optional.of(Sampler.HEUN), GenerationSettings::sampler);
        assertThat(settings.seed()).hasValue(3);
    }

    @Test
    void theStrengthIsForThoseWhoHaveThePicture() {
        Infotext text = fields("Denoising strength: 0.4", "Mask feather: 8", "Version: sdcpp4j", "Model: cat-V2.5");
        assertThat(text.applyTo(ImageToImage.builder(PICTURE)).build().strength()).isEqualTo(0.4);
        assertThat(text.notes(text.toTextToImage().build(), CAT)).singleElement().asString().contains("another one", "0.4");

        ImageToImage.Builder masked = ImageToImage.builder(PICTURE).mask(new Mask(PICTURE, 8));
        assertThat(text.notes(masked.build(), CAT)).isEmpty();
        assertThat(text.notes(masked.mask(null).build(), CAT)).singleElement().asString().contains("feather of 8");
    }

    @Test
    void anotherModelIsSaid() {
        TextToImage request = TextToImage.of("a cat");
        assertThat(fields("Model: cat-V2.5", "Model hash: 45dee52b").notes(request, CAT)).isEmpty();
        assertThat(fields("Model: dog", "Model hash: 45dee52b").notes(request, CAT))
                .containsExactly("the picture was made with the model dog (hash 45dee52b), this is cat-V2.5");
        assertThat(fields("Model hash: 45dee52b").notes(request, CAT)).singleElement().asString().contains("45dee52b", "cat-V2.5");
    }

    @Test
    void anotherWayOfLoadingIsSaid() {
        TextToImage request = TextToImage.of("a cat");
        LoadOptions odd = LoadOptions.builder().model(CAT.mainFile()).rng(Rng.CPU).circular(true, false)
                .vae(Path.of("soft.safetensors")).weightType(WeightType.Q8_0).build();
        Infotext made = new Infotext("a cat", "", InfotextFields.of(request, "cat-V2.5", InfotextLoad.of(odd)));
        assertThat(made.notes(request, odd)).isEmpty();
        assertThat(made.notes(request, CAT)).satisfiesExactly(
                note -> assertThat(note).endsWith("made with the RNG CPU, this model is loaded with the usual RNG"),
                note -> assertThat(note).contains("the tiling X"),
                note -> assertThat(note).contains("VAE soft.safetensors"),
                note -> assertThat(note).endsWith("made with the weight type q8_0, this model is loaded with the usual weight type"));
        assertThat(made.applyTo(LoadOptions.builder().model(CAT.mainFile())).build())
                .returns(Rng.CPU, LoadOptions::rng).returns(true, LoadOptions::circularX).returns(false, LoadOptions::circularY);

        Infotext plain = new Infotext("a cat", "", InfotextFields.of(request, "cat-V2.5", Map.of()));
        assertThat(plain.notes(request, odd)).hasSize(4);
        // a web UI need not have said which VAE it took
        assertThat(fields("Model: cat-V2.5", "RNG: NV").notes(request, odd)).hasSize(2);
    }

    @Test
    void whatIsNotRepeatedIsListed() {
        List<String> notes = fields("Model: cat-V2.5", "Hires CFG Scale: 5", "ControlNet 0: \"Module: canny, Weight: 1\"",
                "Civitai resources: [{\"type\":\"checkpoint\",\"weight\":1}]", "Lora hashes: \"a: b\"", "Version: v1.9")
                .notes(TextToImage.of("a cat"), CAT);
        assertThat(notes).singleElement().asString().endsWith(
                "not repeated: Hires CFG Scale: 5, ControlNet 0: Module: canny, Weight: 1,"
                        + " Civitai resources: [{\"type\":\"checkpoint\",\"weight\":1}], Lora hashes: a: b");
    }

    @Test
    void hiresFixByAnUpscalerThatIsNotHereIsSaid() {
        Infotext text = fields("Model: cat-V2.5", "Hires upscale: 2", "Hires upscaler: 4x-UltraSharp", "Denoising strength: 0.5");
        TextToImage request = text.toTextToImage().build();
        assertThat(request.settings().hires()).isEmpty();
        assertThat(text.notes(request, CAT)).singleElement().asString().contains("hires fix", "4x-UltraSharp");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "two\nNegative prompt: lines", "Negative prompt: x", "old\r\nMac\rends\n", "\n\nblank", "ends in \\", "a \"b\\\" c, d: e",
        "Steps: 20, Sampler: Euler, Seed: 1",
    })
    void promptsThatLookLikeTheTextAroundThemComeBack(String prompt) {
        for (String negative : List.of("", prompt, " spaced ", "\n")) {
            Infotext written = new Infotext(prompt, negative, Map.of("Steps", "20", "Model", "a"));
            assertThat(Infotext.parse(written.text())).isEqualTo(written);
        }
    }

    @Test
    void longPromptsComeBack() {
        String prompt = "Negative prompt: \\ \"cat\", ".repeat(2000);
        Infotext written = new Infotext(prompt, "", Map.of("Steps", "20"));
        assertThat(Infotext.parse(written.text())).isEqualTo(written);
    }
}
