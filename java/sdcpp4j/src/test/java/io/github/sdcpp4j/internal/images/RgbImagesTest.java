package io.github.sdcpp4j.internal.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RgbImagesTest {

    @Test
    void nativePixelsKeepTheirOrder() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rgb = arena.allocateFrom(ValueLayout.JAVA_BYTE, new byte[] {
                (byte) 255, 0, 0, 0, (byte) 255, 0, // red, green
                0, 0, (byte) 255, 10, 20, 30, // blue, dark
            });
            BufferedImage image = RgbImages.copyOf(rgb, 2, 2, 2, 2);
            assertThat(image.getRGB(0, 0)).isEqualTo(0xFFFF0000);
            assertThat(image.getRGB(1, 0)).isEqualTo(0xFF00FF00);
            assertThat(image.getRGB(0, 1)).isEqualTo(0xFF0000FF);
            assertThat(image.getRGB(1, 1)).isEqualTo(0xFF0A141E);
        }
    }

    @Test
    void aLargerCanvasIsCroppedEvenly() {
        try (Arena arena = Arena.ofConfined()) {
            int width = 10;
            int height = 6;
            byte[] pixels = new byte[width * height * 3];
            for (int i = 0; i < width * height; i++) {
                pixels[i * 3] = (byte) (i % width);
                pixels[i * 3 + 1] = (byte) (i / width);
            }
            MemorySegment rgb = arena.allocateFrom(ValueLayout.JAVA_BYTE, pixels);
            BufferedImage both = RgbImages.copyOf(rgb, width, height, 4, 2);
            assertThat(both.getRGB(0, 0)).isEqualTo(0xFF030200);
            assertThat(both.getRGB(3, 1)).isEqualTo(0xFF060300);
            BufferedImage rows = RgbImages.copyOf(rgb, width, height, 10, 2);
            assertThat(rows.getRGB(0, 0)).isEqualTo(0xFF000200);
            assertThat(rows.getRGB(9, 1)).isEqualTo(0xFF090300);
        }
    }

    @Test
    void aPictureOfSixteenBitsIsReadLikeAnyOther() {
        WritableRaster raster = Raster.createInterleavedRaster(
                DataBuffer.TYPE_USHORT, 2, 1, 6, 3, new int[] {0, 1, 2}, null); // as the JDK reads a PNG of 16 bits
        raster.setPixel(1, 0, new int[] {65535, 32896, 0});
        BufferedImage image = new BufferedImage(new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false,
                BufferedImage.OPAQUE, DataBuffer.TYPE_USHORT), raster, false, null);
        byte[] rgb = RgbImages.rgb(image);
        assertThat(rgb[3] & 0xff).isEqualTo(255);
        assertThat(rgb[4] & 0xff).isBetween(127, 129);
        assertThat(rgb[5]).isZero();
    }

    @Test
    void aPictureOfTheRightSizeIsTakenPixelByPixel() {
        BufferedImage image = new BufferedImage(8, 16, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 8; x++) {
                image.setRGB(x, y, 0xFF000000 | x * 30 << 16 | y * 15 << 8 | (x ^ y));
            }
        }
        BufferedImage fitted = RgbImages.fit(image, 8, 16, 8, 16);
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 8; x++) {
                assertThat(fitted.getRGB(x, y)).isEqualTo(image.getRGB(x, y));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_BGR})
    void everyTypeAndAPartOfALargerPictureGiveTheSameBytes(int type) {
        BufferedImage large = new BufferedImage(24, 24, type);
        Random random = new Random(3);
        for (int i = 0; i < 24 * 24; i++) {
            large.setRGB(i % 24, i / 24, random.nextInt());
        }
        BufferedImage part = large.getSubimage(3, 5, 8, 16);
        BufferedImage alone = new BufferedImage(8, 16, type);
        byte[] expected = new byte[8 * 16 * 3];
        for (int i = 0; i < 8 * 16; i++) {
            int rgb = part.getRGB(i % 8, i / 8);
            alone.setRGB(i % 8, i / 8, rgb);
            expected[i * 3] = (byte) (rgb >> 16);
            expected[i * 3 + 1] = (byte) (rgb >> 8);
            expected[i * 3 + 2] = (byte) rgb;
        }
        assertThat(RgbImages.bytes(RgbImages.fit(alone, 8, 16, 8, 16))).isEqualTo(expected);
        assertThat(RgbImages.bytes(RgbImages.fit(part, 8, 16, 8, 16))).isEqualTo(expected);
        assertThat(RgbImages.rgb(alone)).isEqualTo(expected);
    }

    @Test
    void aWiderPictureFillsTheSizeAndLosesItsSides() {
        BufferedImage stripes = new BufferedImage(300, 100, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = stripes.createGraphics();
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, 100, 100);
        graphics.setColor(Color.GREEN);
        graphics.fillRect(100, 0, 100, 100);
        graphics.setColor(Color.BLUE);
        graphics.fillRect(200, 0, 100, 100);
        graphics.dispose();

        BufferedImage fitted = RgbImages.fit(stripes, 64, 64, 64, 64);
        assertThat(fitted.getRGB(4, 32)).isEqualTo(0xFF00FF00);
        assertThat(fitted.getRGB(59, 32)).isEqualTo(0xFF00FF00);
    }

    @Test
    void onALargerCanvasThePictureLiesInTheMiddleAndItsEdgesAreRepeated() {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0xFFFF0000);
        image.setRGB(7, 7, 0xFF0000FF);
        BufferedImage canvas = RgbImages.fit(image, 8, 8, 64, 64);
        assertThat(canvas.getRGB(28, 28)).isEqualTo(0xFFFF0000);
        assertThat(canvas.getRGB(0, 0)).isEqualTo(0xFFFF0000);
        assertThat(canvas.getRGB(35, 35)).isEqualTo(0xFF0000FF);
        assertThat(canvas.getRGB(63, 63)).isEqualTo(0xFF0000FF);
        assertThat(canvas.getRGB(32, 32)).isEqualTo(0xFF000000);
    }

    @Test
    void transparencyLiesOverBlack() {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x00FFFFFF);
        image.setRGB(1, 0, 0x80FFFFFF);
        BufferedImage fitted = RgbImages.fit(image, 8, 8, 8, 8);
        assertThat(fitted.getRGB(0, 0)).isEqualTo(0xFF000000);
        assertThat(fitted.getRGB(1, 0) & 0xFF).isBetween(126, 130);
    }

    @Test
    void aPictureMadeHereGoesInAsItCameOut() {
        BufferedImage own = RgbImages.create(8, 8);
        for (int i = 0; i < 64; i++) {
            own.setRGB(i % 8, i / 8, 0xFF000000 | i * 0x030201);
        }
        assertThat(RgbImages.bytes(RgbImages.fit(own, 8, 8, 8, 8))).isEqualTo(RgbImages.bytes(own));
    }

    @Test
    void greyPicturesBecomeColour() {
        BufferedImage grey = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = grey.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, 8, 8);
        graphics.dispose();
        assertThat(RgbImages.fit(grey, 8, 8, 8, 8).getRGB(4, 4)).isEqualTo(0xFFFFFFFF);
    }
}
