package io.github.sdcpp4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each example runs, in few steps, and writes the pictures that it is about. What they show with all their steps was looked at. */
@Timeout(300)
class ExamplesTest {

    @TempDir
    private Path folder;

    @FunctionalInterface
    private interface Main {
        void run(String[] args);
    }

    private static Arguments example(String name, Main main, String... pictures) {
        return Arguments.of(name, main, List.of(pictures));
    }

    static Stream<Arguments> examples() {
        return Stream.of(
                example("OwnLoop", OwnLoop::main, "final_0", "final_1"),
                example("LatentsAsPictures", LatentsAsPictures::main, "picture", "latent_channel_0", "latent_channel_3", "latent_preview_0", "decoded_0"),
                example("NoiseStepByStep", NoiseStepByStep::main, "noise_000", "noise_300", "noise_999"),
                example("ImageToImageByHand", ImageToImageByHand::main, "before", "after_0"),
                example("InpaintByHand", InpaintByHand::main, "before", "after_0"),
                example("GuidanceSplit", GuidanceSplit::main, "guidance_0.0", "guidance_1.0", "guidance_7.5"),
                example("SchedulerSwap", SchedulerSwap::main, "schedulers"),
                example("Pipeline", Pipeline::main, "four", "wide", "first", "changed", "preview_proj_02"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void itsPicturesAreThereAndDiffer(String name, Main main, List<String> pictures) throws IOException {
        main.run(new String[] {"--steps", "2", "--out", folder.toString()});
        List<Integer> seen = new ArrayList<>();
        for (String picture : pictures) {
            BufferedImage image = ImageIO.read(folder.resolve(picture + ".png").toFile());
            int[] colors = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
            assertThat(IntStream.of(colors).distinct().count()).as("colours of " + picture).isGreaterThan(2);
            seen.add(Arrays.hashCode(colors));
        }
        assertThat(seen).doesNotHaveDuplicates();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.count()).isGreaterThanOrEqualTo(pictures.size());
        }
    }

    @Test
    void inpaintingByHandKeepsTheLeftHalf() throws IOException {
        InpaintByHand.main(new String[] {"--steps", "8", "--out", folder.toString()});
        BufferedImage before = ImageIO.read(folder.resolve("before.png").toFile());
        BufferedImage after = ImageIO.read(folder.resolve("after_0.png").toFile());
        assertThat(distance(before, after, 0, before.getWidth() / 3)).isLessThan(8);
        assertThat(distance(before, after, before.getWidth() * 2 / 3, before.getWidth())).isGreaterThan(16);
    }

    /** Mean difference of the channels, 0 to 255, between two columns. */
    private static double distance(BufferedImage a, BufferedImage b, int from, int to) {
        long sum = 0;
        for (int y = 0; y < a.getHeight(); y++) {
            for (int x = from; x < to; x++) {
                for (int shift = 0; shift <= 16; shift += 8) {
                    sum += Math.abs((a.getRGB(x, y) >> shift & 0xFF) - (b.getRGB(x, y) >> shift & 0xFF));
                }
            }
        }
        return sum / (3.0 * a.getHeight() * (to - from));
    }

    @Test
    void anUnknownOptionIsNamed() {
        assertThatThrownBy(() -> Example.of(new String[] {"--sise", "64"}, 20)).hasMessageContaining("--sise").hasMessageContaining("--size");
    }
}
