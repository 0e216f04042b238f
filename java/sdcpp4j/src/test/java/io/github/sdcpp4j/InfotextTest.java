package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.internal.images.PngFile;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InfotextTest {

    private static final BufferedImage PICTURE = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);

    @TempDir
    private Path folder;

    @Test
    void theTextHasTheFormOfTheWebUis() {
        TextToImage request = TextToImage.builder()
                .prompt("a lovely cat, (fluffy:1.2)").negativePrompt("dog").size(512, 768).steps(25).guidanceScale(7.5)
                .sampler(Sampler.DPMPP_2M).scheduler(Scheduler.KARRAS).seed(42).clipSkip(2).build();
        assertThat(Infotext.of(request, "counterfeit-V2.5", Map.of()).text()).isEqualTo("""
                a lovely cat, (fluffy:1.2)
                Negative prompt: dog
                Steps: 25, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 42, Size: 512x768, \
                Model: counterfeit-V2.5, Clip skip: 2, Version: sdcpp4j""");
    }

    @Test
    void aTextWrittenByAWebUiIsUnderstood() {
        Infotext parsed = Infotext.parse("""
                masterpiece, best quality,
                1girl
                Negative prompt: lowres, bad anatomy
                extra digits
                Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 965400086, Size: 512x512, Model hash: 45dee52b, \
                Lora hashes: "add_detail: 7c6bad76eb54, other: 1", Version: v1.6.0""");
        assertThat(parsed.prompt()).isEqualTo("masterpiece, best quality,\n1girl");
        assertThat(parsed.negativePrompt()).isEqualTo("lowres, bad anatomy\nextra digits");
        assertThat(parsed.fields())
                .containsEntry("Steps", "20")
                .containsEntry("Sampler", "Euler a")
                .containsEntry("Seed", "965400086")
                .containsEntry("Lora hashes", "add_detail: 7c6bad76eb54, other: 1")
                .containsEntry("Version", "v1.6.0");
    }

    @Test
    void aPictureThatWasMadeLargerSaysSoAsWebUisDo() throws Exception {
        Infotext made = Infotext.parse("a cat\nSteps: 20, Seed: 7, Size: 512x512, Version: sdcpp4j");
        Infotext larger = made.upscaled(4, "4x-UltraSharp");
        assertThat(larger.text()).isEqualTo("a cat\nSteps: 20, Seed: 7, Size: 512x512, "
                + "Postprocess upscale by: 4, Postprocess upscaler: 4x-UltraSharp, Version: sdcpp4j");
        Infotext unknown = new Infotext("", "", Map.of()).upscaled(2, "x2");
        Path png = folder.resolve("larger.png");
        unknown.save(PICTURE, png);
        assertThat(Infotext.read(png)).contains(unknown);
        assertThat(unknown.fields()).containsOnlyKeys("Postprocess upscale by", "Postprocess upscaler");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "a cat", "two\nlines", "Umlaute: äöü", "猫、🐈", "time: 12:30, place: here", "trailing comma,", "\"quoted\", {a|b}",
    })
    void whatIsWrittenIsReadBack(String prompt) throws Exception {
        Infotext written = new Infotext(prompt, "not \"this\"", Map.of(
                "Steps", "20", "Model", "a, b: \"c\" \\ d", "Seed", "4294967295"));
        assertThat(Infotext.parse(written.text())).isEqualTo(written);

        Path png = folder.resolve("picture.png");
        PngFile.write(png, PICTURE, Optional.of(written.text()));
        assertThat(Infotext.read(png)).contains(written);
    }

    @Test
    void aTextWithoutParametersIsAllPrompt() {
        assertThat(Infotext.parse("scene: a beach")).isEqualTo(new Infotext("scene: a beach", "", Map.of()));
        assertThat(Infotext.parse("")).isEqualTo(new Infotext("", "", Map.of()));
    }

    @Test
    void latin1GoesIntoATextChunkAndOtherTextIntoAnInternationalOne() throws Exception {
        Path png = folder.resolve("picture.png");
        PngFile.write(png, PICTURE, Optional.of("café"));
        assertThat(chunks(png)).contains("tEXtparameters").doesNotContain("iTXt");
        PngFile.write(png, PICTURE, Optional.of("猫"));
        assertThat(chunks(png)).contains("iTXtparameters").doesNotContain("tEXt");
    }

    private static String chunks(Path png) throws Exception {
        return new String(Files.readAllBytes(png), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aFailedWriteLeavesNothingBehindAndThePictureBeforeItUntouched() throws Exception {
        Path folderInTheWay = Files.createDirectory(folder.resolve("taken.png"));
        Files.createFile(folderInTheWay.resolve("file"));
        assertThatThrownBy(() -> PngFile.write(folderInTheWay, PICTURE, Optional.of("x"))).isInstanceOf(java.io.IOException.class);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folderInTheWay);
        }
    }

    @Test
    void aFileThatIsNoPngIsRefusedAndOneWithoutParametersIsEmpty() throws Exception {
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");
        assertThatThrownBy(() -> Infotext.read(text))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(text.toString());
        assertThatThrownBy(() -> Infotext.read(folder.resolve("none.png"))).hasMessageContaining("no such file");

        Path plain = folder.resolve("plain.png");
        javax.imageio.ImageIO.write(PICTURE, "png", plain.toFile());
        assertThat(Infotext.read(plain)).isEmpty();
    }
}
