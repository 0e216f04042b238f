package io.github.sdcpp4j.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.CheckpointInfo;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.ModelConversion;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.WeightType;
import io.github.sdcpp4j.testkit.Psnr;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a conversion costs, seen in what a trained model paints. */
class ConvertedDemoTest {

    private static final List<String> PROMPTS = List.of(
            "a red circle on a yellow background", "a blue star on a white background");

    private static final int STEPS = 8;

    @TempDir
    private Path folder;

    private static List<BufferedImage> pictures(Path file, int count) {
        List<BufferedImage> pictures = new ArrayList<>();
        try (StableDiffusion model = StableDiffusion.builder(file).load()) {
            for (String prompt : PROMPTS.subList(0, count)) {
                pictures.add(model.generate(TextToImage.builder().prompt(prompt).size(128, 128).steps(STEPS).seed(42).build())
                        .getFirst().image());
            }
        }
        return pictures;
    }

    private CheckpointInfo convert(Path input, String name, WeightType type) {
        return ModelConversion.builder(input, folder.resolve(name)).weightType(type).run();
    }

    @Test
    void quantisedItPaintsTheSamePicturesFromASmallerFile() throws Exception {
        Path demo = LoadOptions.builder().demo().build().mainFile();
        CheckpointInfo info = convert(demo, "q8_0.gguf", WeightType.Q8_0);
        assertThat(info.family()).hasValue("SD 1.x");
        assertThat(info.weightType()).hasValue(WeightType.Q8_0);
        assertThat(info.resolution()).as("texts beside the tensors are not written").isEmpty();
        assertThat(info.fileSize()).isLessThan(Files.size(demo));
        List<BufferedImage> before = pictures(demo, PROMPTS.size());
        List<BufferedImage> after = pictures(info.path(), PROMPTS.size());
        List<Double> likeness = new ArrayList<>();
        for (int i = 0; i < PROMPTS.size(); i++) {
            likeness.add(Psnr.of(before.get(i), after.get(i)));
        }
        assertThat(likeness).allMatch(decibels -> decibels > 35); // measured: 50.1 and 50.5
    }

    @Test
    void asGgufAndBackItPaintsTheSameToTheLastBit() {
        Path demo = LoadOptions.builder().demo().build().mainFile();
        CheckpointInfo gguf = convert(demo, "demo.gguf", null);
        CheckpointInfo back = convert(gguf.path(), "demo.safetensors", null);
        List<BufferedImage> before = pictures(demo, 1);
        for (CheckpointInfo converted : List.of(gguf, back)) {
            assertThat(Psnr.of(before.getFirst(), pictures(converted.path(), 1).getFirst())).isInfinite();
        }
    }
}
