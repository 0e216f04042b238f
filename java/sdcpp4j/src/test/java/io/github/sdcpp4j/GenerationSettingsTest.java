package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class GenerationSettingsTest {

    private static final BufferedImage PICTURE = new BufferedImage(100, 50, BufferedImage.TYPE_INT_RGB);

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal(b -> b.size(65, 64), "width is 65", "64 and 72"),
                refusal(b -> b.size(64, 100), "height is 100", "96 and 104"),
                refusal(b -> b.size(0, 64), "width is 0", "8 to 16384"),
                refusal(b -> b.size(-64, 64), "width is -64", "8 to 16384"),
                refusal(b -> b.size(64, 20000), "height is 20000", "8 to 16384"),
                refusal(b -> b.steps(0), "steps is 0", "1 to 1000"),
                refusal(b -> b.steps(-1), "steps is -1", "1 to 1000"),
                refusal(b -> b.steps(1001), "steps is 1001", "1 to 1000"),
                refusal(b -> b.guidanceScale(-0.5), "guidance scale is -0.5", "0.0 to 100.0"),
                refusal(b -> b.guidanceScale(Double.NaN), "guidance scale is NaN", "0.0 to 100.0"),
                refusal(b -> b.guidanceScale(Double.POSITIVE_INFINITY), "guidance scale is Infinity", "0.0 to 100.0"),
                refusal(b -> b.batchCount(0), "batch count is 0", "1 to 1000"),
                refusal(b -> b.batchCount(-3), "batch count is -3", "1 to 1000"),
                refusal(b -> b.seed(-1), "seed is -1", "0 to"),
                refusal(b -> b.seed(Long.MAX_VALUE), "seed is 9223372036854775807", "0 to"),
                refusal(b -> b.clipSkip(0), "clip skip is 0", "1 to 12"),
                refusal(b -> b.clipSkip(13), "clip skip is 13", "1 to 12"),
                refusal(b -> b.eta(-1), "eta is -1.0", "0.0 to 10.0"),
                refusal(b -> b.prompt(null), "prompt is null", "empty text"),
                refusal(b -> b.prompt("a\0b"), "prompt has a NUL character at index 1", "remove it"),
                refusal(b -> b.negativePrompt("\0"), "negative prompt has a NUL character at index 0", "remove it"),
                refusal(b -> b.steps(1).scheduler(Scheduler.KARRAS), "steps is 1, and the karras scheduler", "at least 2"),
                refusal(b -> b.steps(1).scheduler(Scheduler.GITS), "steps is 1, and the gits scheduler", "at least 2"));
    }

    private static Arguments refusal(UnaryOperator<TextToImage.Builder> change, String value, String remedy) {
        return Arguments.of(change, value, remedy);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("refusals")
    void aValueOutOfRangeIsRefusedWithTheValueAndTheRemedy(
            UnaryOperator<TextToImage.Builder> change, String value, String remedy) {
        assertThatThrownBy(() -> change.apply(TextToImage.builder()).build())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(value)
                .hasMessageContaining(remedy);
    }

    @Test
    void strengthIsFromZeroToOne() {
        assertThatThrownBy(() -> ImageToImage.builder(PICTURE).strength(1.01).build())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("strength is 1.01: give a number from 0.0 to 1.0");
        assertThatThrownBy(() -> ImageToImage.builder(PICTURE).strength(-0.1).build())
                .hasMessageContaining("strength is -0.1");
        assertThat(ImageToImage.builder(PICTURE).strength(0).build().strength()).isZero();
        assertThat(ImageToImage.builder(PICTURE).strength(1).build().strength()).isOne();
    }

    @Test
    void imageToImageTakesThePicturesSizeRoundedDownToAMultipleOf8() {
        GenerationSettings settings = ImageToImage.builder(PICTURE).build().settings();
        assertThat(settings.width()).isEqualTo(96);
        assertThat(settings.height()).isEqualTo(48);
    }

    @Test
    void aMissingOrDamagedPictureIsRefusedByName(@TempDir Path folder) throws Exception {
        Path missing = folder.resolve("none.png");
        assertThatThrownBy(() -> ImageToImage.builder(missing))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("check the path");

        Path text = Files.writeString(folder.resolve("text.png"), "not a picture");
        assertThatThrownBy(() -> ImageToImage.builder(text))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(text.toString())
                .hasMessageContaining("convert it to PNG or JPEG");

        Path cut = Files.write(folder.resolve("cut.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0});
        assertThatThrownBy(() -> ImageToImage.builder(cut))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(cut.toString())
                .hasMessageContaining("damaged");
    }

    @Test
    void aBuilderMadeFromARequestMakesTheSameRequest() {
        TextToImage request = TextToImage.builder()
                .prompt("p").negativePrompt("n").size(64, 128).steps(3).guidanceScale(4.5).sampler(Sampler.HEUN)
                .scheduler(Scheduler.KARRAS).seed(7).batchCount(2).clipSkip(2).eta(0.5).build();
        assertThat(request.toBuilder().build()).isEqualTo(request);

        ImageToImage fromImage = ImageToImage.builder(PICTURE).prompt("p").strength(0.3).build();
        assertThat(fromImage.toBuilder().build()).isEqualTo(fromImage);
    }

    @ParameterizedTest
    @EnumSource(Sampler.class)
    void samplersAreFoundByFlagAndByWebUiName(Sampler sampler) {
        assertThat(Sampler.find(sampler.flag())).contains(sampler);
        assertThat(Sampler.find(sampler.webUiName())).contains(sampler);
    }

    @ParameterizedTest
    @EnumSource(Scheduler.class)
    void schedulersAreFoundByFlagAndByWebUiName(Scheduler scheduler) {
        assertThat(Scheduler.find(scheduler.flag())).contains(scheduler);
        assertThat(Scheduler.find(scheduler.webUiName())).contains(scheduler);
    }

    @Test
    void loadOptionsRefuseWhatTheRuntimeCannotTake() {
        assertThatThrownBy(() -> LoadOptions.builder().build())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("--model");
        LoadOptions.Builder options = LoadOptions.builder().model(Path.of("model.safetensors"));
        assertThatThrownBy(() -> options.threads(0).build()).hasMessageContaining("threads is 0");
        options.threads(1);
        assertThatThrownBy(() -> options.weightType(WeightType.I32).build())
                .hasMessageContaining("converted to i32")
                .hasMessageContaining("q8_0");
        options.weightType(null);
        assertThatThrownBy(() -> options.maxVram(-2).build()).hasMessageContaining("max VRAM is -2.0");
        assertThatThrownBy(() -> options.maxVram(0).backend("a\0").build()).hasMessageContaining("NUL character");
    }

    @Test
    void aPromptLongerThanTheParserTakesIsRefused() {
        String longest = "ä".repeat(GenerationSettings.MAX_PROMPT_BYTES / 2);
        assertThat(TextToImage.of(longest).settings().prompt()).isEqualTo(longest);
        assertThatThrownBy(() -> TextToImage.of(longest + "a"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("prompt has 60001 bytes: shorten it to 60000 or less");
    }
}
