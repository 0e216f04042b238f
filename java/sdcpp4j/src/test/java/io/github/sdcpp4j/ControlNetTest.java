package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a ControlNet is shown, and the edges that many are shown. Its widths are fixed, so the checkpoint has SD 1.5's. */
@Timeout(300)
class ControlNetTest {

    private static TextToImage.Builder request() {
        return TextToImage.builder().prompt("a lovely cat").size(64, 64).seed(3).steps(1).guidanceScale(1);
    }

    private static BufferedImage square(int x) {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(x, 16, 32, 32);
        graphics.dispose();
        return image;
    }

    private static LoadOptions.Builder options() {
        return StableDiffusion.builder(PartFiles.wide(Models.fixtures()))
                .file(ModelFile.CONTROL_NET, PartFiles.controlNetThatAnswers(Models.fixtures()));
    }

    private static byte[] pixels(StableDiffusion sd, ControlImage control) {
        return Models.pixels(sd.generate(request().control(control).build()).getFirst());
    }

    @Test
    void itsImageAndStrengthChangeThePictureAndWithoutThemItHasNoPart() {
        byte[] without;
        byte[] left;
        try (StableDiffusion sd = options().load()) {
            without = pixels(sd, null);
            left = pixels(sd, ControlImage.of(square(0)));
            assertThat(Models.distance(left, without)).as("effect of the ControlNet").isPositive();
            assertThat(pixels(sd, ControlImage.of(square(32)))).as("another image").isNotEqualTo(left);
            assertThat(pixels(sd, ControlImage.of(square(0)).withStrength(0.3))).as("another strength").isNotEqualTo(left);
            assertThat(pixels(sd, ControlImage.of(square(0)).withStrength(0))).as("no strength").isEqualTo(without);
            assertThat(pixels(sd, null)).as("without it again").isEqualTo(without);
            assertThat(pixels(sd, ControlImage.of(square(0)))).as("and with it").isEqualTo(left);
        }
        try (StableDiffusion sd = options().worker().load()) {
            assertThat(pixels(sd, ControlImage.of(square(0)))).as("in a worker").isEqualTo(left);
        }
    }

    @Test
    void withoutANetworkAControlImageIsRefused() {
        assertThatThrownBy(() -> pixels(Models.shared(), ControlImage.of(square(0))))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("--control-net");
    }

    @Test
    void cannyFindsTheEdgesOfASquareAndNothingElse() {
        BufferedImage edges = ControlImage.canny(square(16)).image();
        assertThat(edges.getWidth()).isEqualTo(64);
        int onEdge = 0;
        int elsewhere = 0;
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 64; x++) {
                boolean white = (edges.getRGB(x, y) & 0xff) > 128;
                // it smooths with a kernel of 5 pixels first
                boolean near = Math.max(Math.abs(x - 31.5), Math.abs(y - 31.5)) <= 19
                        && Math.max(Math.abs(x - 31.5), Math.abs(y - 31.5)) >= 13;
                onEdge += white && near ? 1 : 0;
                elsewhere += white && !near ? 1 : 0;
            }
        }
        assertThat(onEdge).isGreaterThan(100);
        assertThat(elsewhere).isZero();
    }

    @Test
    void badStrengthsAreRefused() {
        assertThatThrownBy(() -> new ControlImage(square(0), Double.NaN))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("control strength");
    }
}
