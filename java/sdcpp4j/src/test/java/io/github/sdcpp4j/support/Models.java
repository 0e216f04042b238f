package io.github.sdcpp4j.support;

import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.testkit.Container;
import io.github.sdcpp4j.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.nio.file.Path;

/** The generated checkpoint, and the model loaded from it, shared by the tests that do not close it. */
public final class Models {

    private Models() {}

    public static Path smallSd1() {
        return Fixtures.smallSd1(fixtures());
    }

    public static Path smallSd1(Container container) {
        return Fixtures.smallSd1(fixtures(), container);
    }

    /** Where generated files are kept between test runs. */
    public static Path fixtures() {
        return Path.of(System.getProperty("sdcpp4j.fixtures"));
    }

    /** Loaded at first use, for the whole test run. */
    public static StableDiffusion shared() {
        return Shared.MODEL;
    }

    private static final class Shared {
        static final StableDiffusion MODEL = StableDiffusion.load(smallSd1());
    }

    public static byte[] pixels(GeneratedImage image) {
        return pixels(image.image());
    }

    /** The bytes of a picture made by the library: R G B, row by row. */
    public static byte[] pixels(BufferedImage image) {
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }

    /** Mean absolute difference, 0 to 255. */
    public static double distance(byte[] a, byte[] b) {
        long sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs((a[i] & 0xFF) - (b[i] & 0xFF));
        }
        return (double) sum / a.length;
    }
}
