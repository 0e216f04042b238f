package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures made at one size and refined at a larger one. */
@Timeout(300)
class HiresFixTest {

    private static TextToImage.Builder request() {
        return TextToImage.builder().prompt("a lovely cat").size(64, 64).seed(3).steps(2);
    }

    /** The picture at the larger size, without hires fix. */
    private static byte[] atOnce;

    @BeforeAll
    static void makeThePictureOfOnePass() {
        atOnce = Models.pixels(picture(Models.shared(), request().size(64, 128)));
    }

    private static GeneratedImage picture(StableDiffusion sd, TextToImage.Builder request) {
        return sd.generate(request.build()).getFirst();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MODEL")
    void thePictureHasTheLargerSizeAndAnotherLookThanOneMadeThereAtOnce(HiresUpscaler upscaler) {
        HiresFix hires = HiresFix.to(64, 128).withUpscaler(upscaler).withSteps(1).withDenoisingStrength(0.5);
        GeneratedImage image = picture(Models.shared(), request().hires(hires));
        assertThat(image.image()).extracting(BufferedImage::getWidth, BufferedImage::getHeight).containsExactly(64, 128);
        assertThat(Models.distance(Models.pixels(image), atOnce)).isGreaterThan(1);
    }

    @Test
    void upscalersStrengthsAndStepsDiffer() {
        HiresFix hires = HiresFix.to(64, 128).withSteps(2);
        byte[] usual = Models.pixels(picture(Models.shared(), request().hires(hires)));
        assertThat(Models.pixels(picture(Models.shared(), request().hires(hires)))).isEqualTo(usual);
        assertThat(Models.pixels(picture(Models.shared(), request().hires(hires.withUpscaler(HiresUpscaler.NEAREST))))).isNotEqualTo(usual);
        assertThat(Models.pixels(picture(Models.shared(), request().hires(hires.withDenoisingStrength(0.4))))).isNotEqualTo(usual);
        assertThat(Models.pixels(picture(Models.shared(), request().hires(hires.withSteps(3))))).isNotEqualTo(usual);
    }

    @Test
    void anUpscalerModelEnlargesFirst() {
        Path esrgan = PartFiles.esrgan(Models.fixtures());
        HiresFix latent = HiresFix.to(128, 128).withSteps(1).withDenoisingStrength(0.3);
        GeneratedImage image = picture(Models.shared(), request().hires(latent.withModel(esrgan)));
        assertThat(image.image().getWidth()).isEqualTo(128);
        assertThat(Models.pixels(image)).isNotEqualTo(Models.pixels(picture(Models.shared(), request().hires(latent))));
    }

    @Test
    void bothPassesReportTheirSteps() {
        List<Integer> steps = new ArrayList<>();
        Models.shared().generate(request().steps(4).hires(HiresFix.to(64, 128).withSteps(3)).build(), progress -> {
            if (progress.phase() == Phase.SAMPLE && progress.step() > 0) {
                steps.add(progress.step());
            }
        });
        assertThat(steps).containsSequence(1, 2, 3, 4).endsWith(1, 2, 3);
    }

    @Test
    void theFileSaysItAndRepeatsIt() {
        HiresFix hires = HiresFix.to(64, 128).withUpscaler(HiresUpscaler.LATENT_BICUBIC).withSteps(2).withDenoisingStrength(0.6);
        GeneratedImage image = picture(Models.shared(), request().hires(hires));
        assertThat(image.infotext().fields()).containsEntry("Size", "64x64").containsEntry("Hires resize", "64x128")
                .containsEntry("Hires upscaler", "Latent (bicubic)").containsEntry("Hires steps", "2")
                .containsEntry("Denoising strength", "0.6");
        TextToImage again = Infotext.parse(image.infotext().text()).toTextToImage().build();
        assertThat(again.settings().hires()).hasValue(hires);
        assertThat(Models.pixels(Models.shared().generate(again).getFirst())).isEqualTo(Models.pixels(image));
    }

    @Test
    void aWebUisScaleIsReadToo() {
        Infotext text = Infotext.parse("a cat\nSteps: 20, Size: 512x768, Hires upscale: 1.5, Hires upscaler: Latent, Denoising strength: 0.55");
        assertThat(text.toTextToImage().build().settings().hires())
                .hasValue(HiresFix.to(768, 1152).withDenoisingStrength(0.55));
    }

    @Test
    void aWorkerMakesTheSame() {
        HiresFix hires = HiresFix.to(64, 128).withSteps(1);
        byte[] here = Models.pixels(picture(Models.shared(), request().hires(hires)));
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).worker().load()) {
            assertThat(Models.pixels(picture(sd, request().hires(hires)))).isEqualTo(here);
        }
    }

    @Test
    void whatCannotWorkIsRefused() {
        assertThatThrownBy(() -> HiresFix.to(130, 128)).isInstanceOf(InvalidRequestException.class).hasMessageContaining("130");
        assertThatThrownBy(() -> HiresFix.to(128, 128).withUpscaler(HiresUpscaler.MODEL))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("ESRGAN");
        assertThatThrownBy(() -> request().size(256, 256).hires(HiresFix.to(128, 256)).build())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("128x256").hasMessageContaining("256x256");
        assertThatThrownBy(() -> picture(Models.shared(), request().hires(HiresFix.to(128, 128).withModel(PartFiles.vae(Models.fixtures())))))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("VAE");
        try (StableDiffusion sd = StableDiffusion.load(PartFiles.inpaint(Models.fixtures()))) {
            assertThatThrownBy(() -> picture(sd, request().hires(HiresFix.to(128, 128))))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("inpaint");
        }
    }

    @Test
    void theMemoryOfTheLargerSizeIsWhatCounts() {
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).memoryLimit(700L << 20).load()) {
            picture(sd, request());
            assertThatThrownBy(() -> picture(sd, request().hires(HiresFix.to(1024, 1024))))
                    .isInstanceOf(InsufficientMemoryException.class).hasMessageContaining("1024x1024");
        }
    }
}
