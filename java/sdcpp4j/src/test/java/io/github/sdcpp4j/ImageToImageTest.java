package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.distance;
import static io.github.sdcpp4j.support.Models.pixels;
import static io.github.sdcpp4j.support.Models.shared;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageToImageTest {

    /** The checkpoint is not trained, so it leaves in the noise that a strength of 0.1 adds: 26 of 255 on average. */
    private static final double NOISE_LEFT = 32;

    /** Four coloured quarters: what survives the checkpoint's coarse autoencoder. */
    private static BufferedImage quarters(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        Color[] colours = {new Color(200, 60, 60), new Color(60, 180, 60), new Color(60, 60, 200), new Color(200, 200, 80)};
        for (int i = 0; i < 4; i++) {
            graphics.setColor(colours[i]);
            graphics.fillRect(i % 2 * width / 2, i / 2 * height / 2, width / 2, height / 2);
        }
        graphics.dispose();
        return image;
    }

    private static ImageToImage.Builder request(BufferedImage image) {
        return ImageToImage.builder(image).prompt("a lovely cat").size(64, 64).steps(10).seed(42);
    }

    private static byte[] rgb(BufferedImage image) {
        byte[] bytes = new byte[image.getWidth() * image.getHeight() * 3];
        for (int i = 0; i < bytes.length / 3; i++) {
            int pixel = image.getRGB(i % image.getWidth(), i / image.getWidth());
            bytes[3 * i] = (byte) (pixel >> 16);
            bytes[3 * i + 1] = (byte) (pixel >> 8);
            bytes[3 * i + 2] = (byte) pixel;
        }
        return bytes;
    }

    @Test
    void lowStrengthStaysNearTheInputAndFullStrengthLeavesIt() {
        BufferedImage input = quarters(64, 64);
        byte[] low = pixels(shared().generate(request(input).strength(0.1).build()).getFirst());
        byte[] full = pixels(shared().generate(request(input).strength(1).build()).getFirst());
        double near = distance(low, rgb(input));
        double far = distance(full, rgb(input));
        assertThat(near).isLessThan(NOISE_LEFT);
        assertThat(far).isGreaterThan(2 * near);
    }

    @Test
    void theSameRequestGivesTheSameBytesAndAnotherInputGivesOthers() {
        byte[] once = pixels(shared().generate(request(quarters(64, 64)).strength(0.5).build()).getFirst());
        byte[] twice = pixels(shared().generate(request(quarters(64, 64)).strength(0.5).build()).getFirst());
        assertThat(twice).isEqualTo(once);
        BufferedImage black = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        assertThat(pixels(shared().generate(request(black).strength(0.5).build()).getFirst())).isNotEqualTo(once);
    }

    @Test
    void anInputOfAnotherSizeIsScaledToFillTheSizeAskedFor() {
        byte[] exact = pixels(shared().generate(request(quarters(64, 64)).strength(0.1).build()).getFirst());
        byte[] larger = pixels(shared().generate(request(quarters(256, 256)).strength(0.1).build()).getFirst());
        assertThat(distance(larger, exact)).isLessThan(6);
    }

    @Test
    void onASizeThatIsCroppedTheInputStaysInPlace() {
        BufferedImage input = quarters(48, 48);
        GeneratedImage image = shared().generate(request(input).size(48, 48).strength(0.1).build()).getFirst();
        assertThat(image.image().getWidth()).isEqualTo(48);
        assertThat(distance(pixels(image), rgb(input))).isLessThan(NOISE_LEFT);
    }

    @Test
    void progressBeginsWithEncodingThePicture() {
        List<Phase> phases = new ArrayList<>();
        GeneratedImage image = shared()
                .generate(request(quarters(64, 64)).strength(0.5).build(), progress -> phases.add(progress.phase()))
                .getFirst();
        assertThat(phases.stream().distinct())
                .containsExactly(Phase.ENCODE_IMAGE, Phase.ENCODE_TEXT, Phase.SAMPLE, Phase.DECODE);
        assertThat(image.timings().encodeImage()).isPositive();
    }

    @Test
    void theParametersHoldTheStrength(@TempDir Path folder) {
        GeneratedImage image = shared().generate(request(quarters(64, 64)).strength(0.25).build()).getFirst();
        Path png = folder.resolve("out.png");
        image.save(png);
        assertThat(Infotext.read(png).orElseThrow().fields()).containsEntry("Denoising strength", "0.25");
    }

    @Test
    void strengthZeroIsOneStepOfTheLowestNoise() {
        GeneratedImage image = shared().generate(request(quarters(64, 64)).strength(0).build()).getFirst();
        assertThat(distance(pixels(image), rgb(quarters(64, 64)))).isLessThan(5);
    }
}
