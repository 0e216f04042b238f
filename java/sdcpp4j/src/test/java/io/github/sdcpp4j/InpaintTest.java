package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A mask says what is repainted, to the pixel, on ordinary checkpoints and on those made for it. */
class InpaintTest {

    private static final int SIDE = 64;

    /** Noise: nothing that a decoder could give back by chance. */
    private static BufferedImage noise(int side) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(5);
        for (int i = 0; i < side * side; i++) {
            image.setRGB(i % side, i / side, random.nextInt(1 << 24));
        }
        return image;
    }

    /** White in a rectangle whose edges are in the middle of the model's blocks of 8. */
    private static BufferedImage rectangle(int side) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(12 * side / SIDE, 20 * side / SIDE, 30 * side / SIDE, 30 * side / SIDE);
        graphics.dispose();
        return image;
    }

    private static boolean isInside(int x, int y) {
        return x >= 12 && x < 42 && y >= 20 && y < 50;
    }

    private static ImageToImage.Builder request(Mask mask) {
        return ImageToImage.builder(noise(SIDE)).prompt("a lovely cat").strength(0.9).steps(3).seed(42).mask(mask);
    }

    private static void assertOnlyTheInsideChanged(BufferedImage image) {
        BufferedImage before = noise(SIDE);
        int changed = 0;
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                boolean same = (image.getRGB(x, y) & 0xffffff) == (before.getRGB(x, y) & 0xffffff);
                if (isInside(x, y)) {
                    changed += same ? 0 : 1;
                } else {
                    assertThat(same).as("(%d, %d) is as it was", x, y).isTrue();
                }
            }
        }
        assertThat(changed).isGreaterThan(850); // of 900
    }

    private static BufferedImage image(StableDiffusion sd, ImageRequest request) {
        return sd.generate(request).getFirst().image();
    }

    @Test
    void onlyWhatTheMaskCoversIsRepainted() {
        assertOnlyTheInsideChanged(image(shared(), request(Mask.of(rectangle(SIDE))).build()));
    }

    @Test
    void whatIsPaintedInsideDependsOnWhatIsAround() {
        BufferedImage around = noise(SIDE);
        BufferedImage white = noise(SIDE);
        Graphics2D graphics = white.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, SIDE, 12);
        graphics.dispose();
        ImageToImage request = request(Mask.of(rectangle(SIDE))).strength(1).build();
        BufferedImage one = image(shared(), new ImageToImage(request.settings(), around, 1, request.mask()));
        BufferedImage other = image(shared(), new ImageToImage(request.settings(), white, 1, request.mask()));
        assertThat(one.getRGB(27, 35)).isNotEqualTo(other.getRGB(27, 35));
    }

    @Test
    void aMaskOfAnotherSizeIsScaledAsThePictureIs() {
        BufferedImage exact = image(shared(), request(Mask.of(rectangle(SIDE))).build());
        BufferedImage scaled = image(shared(), request(Mask.of(rectangle(4 * SIDE))).build());
        assertThat(Models.distance(Models.pixels(scaled), Models.pixels(exact))).isLessThan(0.5);
    }

    @Test
    void aFeatherGoesOverIntoTheOldPictureInsideTheMask() {
        BufferedImage before = noise(SIDE);
        BufferedImage hard = image(shared(), request(Mask.of(rectangle(SIDE))).build());
        BufferedImage soft = image(shared(), request(Mask.of(rectangle(SIDE)).withFeather(8)).build());
        assertOnlyTheInsideChanged(hard);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                if (!isInside(x, y)) {
                    assertThat(soft.getRGB(x, y) & 0xffffff).isEqualTo(before.getRGB(x, y) & 0xffffff);
                }
            }
        }
        // in the middle, 15 pixels from the edge, it is what was painted; at the edge hardly
        assertThat(soft.getRGB(27, 35)).isEqualTo(hard.getRGB(27, 35));
        int old = before.getRGB(12, 35) & 255;
        int painted = hard.getRGB(12, 35) & 255;
        assertThat(soft.getRGB(12, 35) & 255).isEqualTo((int) Math.round(old + (painted - old) / 9.0));
    }

    @Test
    void anInpaintCheckpointDoesItToo() {
        try (StableDiffusion sd = StableDiffusion.load(PartFiles.inpaint(Models.fixtures()))) {
            assertThat(sd.family()).isEqualTo("SD 1.x Inpaint");
            assertOnlyTheInsideChanged(image(sd, request(Mask.of(rectangle(SIDE))).build()));
        }
    }

    @Test
    void aWorkerGetsTheMaskToo() {
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).worker().load()) {
            ImageToImage request = request(Mask.of(rectangle(SIDE))).build();
            assertThat(Models.pixels(image(sd, request))).isEqualTo(Models.pixels(image(shared(), request)));
        }
    }

    @Test
    void outpaintingKeepsThePictureAndPaintsAroundIt() {
        BufferedImage picture = noise(SIDE);
        ImageToImage request = ImageToImage.outpaint(picture, 16, 0, 48, 0).prompt("a lovely cat").steps(2).seed(1).build();
        BufferedImage grown = image(shared(), request);
        assertThat(grown.getWidth()).isEqualTo(16 + SIDE + 48);
        assertThat(grown.getHeight()).isEqualTo(SIDE);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 16; x < SIDE - 16; x++) { // the margins at the left and at the right go over
                assertThat(grown.getRGB(16 + x, y) & 0xffffff).isEqualTo(picture.getRGB(x, y) & 0xffffff);
            }
        }
        assertThat(grown.getRGB(120, 30)).isNotEqualTo(request.image().getRGB(120, 30));
    }

    @Test
    void growthThatCannotBeIsRefused() {
        BufferedImage picture = noise(SIDE);
        assertThatThrownBy(() -> ImageToImage.outpaint(picture, 0, 0, 0, 0))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("no side is to grow");
        assertThatThrownBy(() -> ImageToImage.outpaint(picture, -8, 0, 0, 0))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("pixels to add is -8");
        assertThatThrownBy(() -> ImageToImage.outpaint(picture, 0, 0, 5, 0))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("the grown picture's width is 69").hasMessageContaining("64 and 72");
    }

    @Test
    void aFeatherOutOfRangeIsRefused() {
        assertThatThrownBy(() -> Mask.of(rectangle(SIDE)).withFeather(-1))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("mask feather is -1: give a number from 0 to 512");
    }
}
