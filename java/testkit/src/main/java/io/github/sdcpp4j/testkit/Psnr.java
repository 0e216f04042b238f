package io.github.sdcpp4j.testkit;

import java.awt.image.BufferedImage;

/** How alike two pictures are: the peak signal-to-noise ratio in decibels, of a peak of 255. Infinite for equal ones. */
public final class Psnr {

    private Psnr() {}

    /** Of pictures of the same size. */
    public static double of(BufferedImage a, BufferedImage b) {
        return of(bytes(a), bytes(b));
    }

    /** Of as many bytes, 0 to 255 each. */
    public static double of(byte[] a, byte[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("%d bytes and %d bytes are not pictures of the same size".formatted(a.length, b.length));
        }
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (a[i] & 0xFF) - (b[i] & 0xFF);
            squares += difference * difference;
        }
        return squares == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(255.0 * 255 * a.length / squares);
    }

    private static byte[] bytes(BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        byte[] bytes = new byte[3 * pixels.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (pixels[i / 3] >> 8 * (i % 3));
        }
        return bytes;
    }
}
