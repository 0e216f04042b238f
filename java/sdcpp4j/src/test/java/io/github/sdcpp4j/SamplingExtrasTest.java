package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.SamplingExtras.SkipLayers;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What few models or few pictures need of sampling. */
@Timeout(300)
class SamplingExtrasTest {

    private static final SamplingExtras NONE = SamplingExtras.NONE;

    private static TextToImage.Builder request() {
        return TextToImage.builder().prompt("a lovely cat").size(64, 64).seed(3).steps(4).sampler(Sampler.EULER);
    }

    private static byte[] pixels(SamplingExtras extras) {
        return Models.pixels(Models.shared().generate(request().extras(extras).build()).getFirst());
    }

    @Test
    void sigmasTakeTheSchedulesPlace() {
        AtomicInteger steps = new AtomicInteger();
        SamplingExtras extras = NONE.withSigmas(List.of(14.61, 5.0, 1.0, 0.0));
        List<GeneratedImage> made = Models.shared().generate(request().extras(extras).build(), progress -> {
            if (progress.phase() == Phase.SAMPLE) {
                steps.set(Math.max(steps.get(), progress.step()));
            }
        });
        assertThat(steps).hasValue(3);
        byte[] scheduled = Models.pixels(Models.shared().generate(request().steps(3).build()).getFirst());
        assertThat(Models.pixels(made.getFirst())).isNotEqualTo(scheduled);
        assertThat(pixels(NONE.withSigmas(List.of(14.61, 4.0, 1.0, 0.0)))).isNotEqualTo(Models.pixels(made.getFirst()));
    }

    @Test
    void aCacheLeavesWorkOutAndChangesThePictureALittle() {
        TextToImage.Builder request = request().steps(16);
        byte[] whole = Models.pixels(Models.shared().generate(request.build()).getFirst());
        SamplingExtras extras = NONE.withCache(new StepCache(StepCache.Mode.UCACHE, OptionalDouble.of(5)));
        byte[] cached = Models.pixels(Models.shared().generate(request.extras(extras).build()).getFirst());
        assertThat(cached).isNotEqualTo(whole);
        assertThat(Models.pixels(Models.shared().generate(request.extras(NONE).build()).getFirst())).as("gone with it").isEqualTo(whole);
    }

    @Test
    void imageGuidanceHoldsAPix2pixModelToItsPicture() {
        BufferedImage start = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        start.createGraphics().fillRect(0, 0, 64, 32);
        try (StableDiffusion sd = StableDiffusion.load(PartFiles.pix2pix(Models.fixtures()))) {
            assertThat(sd.family()).isEqualTo("Instruct-Pix2Pix");
            TextToImage.Builder request = TextToImage.builder().prompt("make it rain").size(64, 64).steps(2).seed(1);
            BufferedImage other = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
            byte[] ofOther = Models.pixels(sd.generate(request.referenceImages(List.of(other)).build()).getFirst());
            byte[] without = Models.pixels(sd.generate(request.referenceImages(List.of(start)).build()).getFirst());
            byte[] with = Models.pixels(sd.generate(request.extras(NONE.withImageGuidance(2)).build()).getFirst());
            assertThat(Models.distance(ofOther, without)).as("the picture to edit matters").isPositive();
            assertThat(Models.distance(with, without)).as("so does its guidance").isPositive();
        }
    }

    @Test
    void theFileSaysThemAndRepeatsThem() {
        SamplingExtras extras = NONE.withSigmas(List.of(14.61, 5.0, 0.0)).withFlowShift(3).withDistilledGuidance(2.5)
                .withImageGuidance(1.5).withSkipLayers(new SkipLayers(List.of(7, 8), 2.5, 0.01, 0.2))
                .withCache(new StepCache(StepCache.Mode.SPECTRUM, OptionalDouble.of(0.3)));
        String text = Infotext.of(request().extras(extras).build(), "", Map.of()).text();
        assertThat(Infotext.parse(text).toTextToImage().build().settings().extras()).isEqualTo(extras);
    }

    @Test
    void badValuesAreRefused() {
        assertThatThrownBy(() -> NONE.withSigmas(List.of(1.0)))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("one sigma");
        assertThatThrownBy(() -> NONE.withSigmas(List.of(1.0, 2.0, 0.0)))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("do not fall");
        assertThatThrownBy(() -> NONE.withFlowShift(Double.NaN))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("flow shift");
        assertThatThrownBy(() -> new SkipLayers(List.of(), 1, 0, 1))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("no layer");
        assertThatThrownBy(() -> new StepCache(StepCache.Mode.UCACHE, OptionalDouble.of(0)))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("cache threshold");
    }
}
