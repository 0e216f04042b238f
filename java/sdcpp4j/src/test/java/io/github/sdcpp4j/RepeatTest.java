package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.support.Models;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A picture is made again from nothing but its file, to the last bit. */
class RepeatTest {

    @TempDir
    private Path folder;

    private static TextToImage.Builder small() {
        return TextToImage.builder().size(64, 64).steps(2).seed(42);
    }

    private Infotext saved(GeneratedImage image) {
        Path png = folder.resolve("picture.png");
        image.save(png);
        return Infotext.read(png).orElseThrow();
    }

    private void assertRepeated(GeneratedImage image) {
        Infotext text = saved(image);
        GeneratedImage again = Models.shared().generate(text.toTextToImage().build()).getFirst();
        assertThat(Models.pixels(again)).isEqualTo(Models.pixels(image));
        assertThat(again.request()).isEqualTo(image.request());
        assertThat(text.notes(again.request(), LoadOptions.builder().model(Models.smallSd1()).build())).isEmpty();
    }

    @Test
    void theSecondPictureOfABatchWithOddOptions() {
        List<GeneratedImage> batch = Models.shared().generate(small()
                .prompt("a (lovely:1.3) [cat],\n\"quoted\": {a|b}, 猫\nNegative prompt: no, really")
                .negativePrompt(" dog,\n(blurry:1.1)").size(72, 64).steps(3).guidanceScale(3.3).sampler(Sampler.DPMPP_2S_A)
                .scheduler(Scheduler.KARRAS).eta(0.35).clipSkip(2).vaeTiling(VaeTiling.ON).batchCount(2).build());
        assertThat(Models.pixels(batch.getLast())).isNotEqualTo(Models.pixels(batch.getFirst()));
        assertRepeated(batch.getLast());
    }

    @Test
    void aPictureWithEverythingLeftToTheModel() {
        assertRepeated(Models.shared().generate(small().prompt("a cat").randomSeed().build()).getFirst());
    }

    @Test
    void aPictureOfAnotherPicture() {
        BufferedImage start = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        start.setRGB(20, 20, 0xff8000);
        GeneratedImage image = Models.shared().generate(ImageToImage.builder(start).prompt("a cat").strength(0.35)
                .steps(4).sampler(Sampler.EULER_A).mask(Mask.of(white()).withFeather(8)).seed(7).build()).getFirst();
        Infotext text = saved(image);
        ImageToImage.Builder again = text.applyTo(ImageToImage.builder(start));
        assertThat(text.notes(again.build(), LoadOptions.builder().model(Models.smallSd1()).build())).singleElement().asString()
                .contains("feather of 8");
        again.mask(Mask.of(white()).withFeather(8));
        assertThat(Models.pixels(Models.shared().generate(again.build()).getFirst())).isEqualTo(Models.pixels(image));
    }

    private static BufferedImage white() {
        BufferedImage white = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 32 * 64; i++) {
            white.setRGB(i % 64, i / 64, 0xffffff);
        }
        return white;
    }

    @Test
    void aPictureOfOtherRandomNumbers() {
        Infotext text;
        byte[] pixels;
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1())
                .rng(Rng.CPU).samplerRng(Rng.CUDA).circular(true, true).load()) {
            GeneratedImage image = sd.generate(small().prompt("a cat").sampler(Sampler.EULER_A).build()).getFirst();
            pixels = Models.pixels(image);
            text = saved(image);
        }
        assertThat(text.fields()).containsEntry("RNG", "CPU").containsEntry("Sampler RNG", "NV").containsEntry("Tiling", "True");
        assertThat(Models.pixels(Models.shared().generate(text.toTextToImage().build()).getFirst())).isNotEqualTo(pixels);
        try (StableDiffusion sd = text.applyTo(StableDiffusion.builder(Models.smallSd1())).load()) {
            assertThat(Models.pixels(sd.generate(text.toTextToImage().build()).getFirst())).isEqualTo(pixels);
        }
    }
}
