package io.github.sdcpp4j.internal.images;

import java.awt.image.BufferedImage;

/**
 * Pictures as CLIP's image encoder wants them, made as {@code CLIPImageProcessor} of transformers makes them with Pillow: the
 * shorter side scaled to 224 pixels, the middle cut out, and each colour moved and scaled by the mean and the deviation of the
 * pictures that CLIP was trained with.
 */
public final class ClipPixels {

    private static final int SIDE = 224;
    private static final int CHANNELS = 3;
    /** Of red, green and blue; <a href="https://github.com/openai/CLIP">OpenAI's</a>. */
    private static final double[] MEAN = {0.48145466, 0.4578275, 0.40821073};
    private static final double[] DEVIATION = {0.26862954, 0.26130258, 0.27577711};

    private ClipPixels() {}

    /** Red, green and blue, one after the other, 224 x 224 numbers each. */
    public static float[] of(BufferedImage picture) {
        byte[] rgb = cropped(picture);
        int plane = SIDE * SIDE;
        float[] pixels = new float[CHANNELS * plane];
        for (int i = 0; i < rgb.length; i++) {
            int channel = i % CHANNELS;
            pixels[channel * plane + i / CHANNELS] =
                    (float) (((rgb[i] & 0xFF) / 255.0 - MEAN[channel]) / DEVIATION[channel]);
        }
        return pixels;
    }

    /** R G B bytes of 224 x 224 pixels. */
    static byte[] cropped(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        int shorter = Math.min(width, height);
        // in double precision, as Python divides
        int longer = (int) ((double) SIDE * Math.max(width, height) / shorter);
        int scaledWidth = width <= height ? SIDE : longer;
        int scaledHeight = width <= height ? longer : SIDE;
        byte[] rgb = RgbImages.rgb(picture);
        byte[] wide = BicubicRows.scale(rgb, width, height, scaledWidth);
        byte[] scaled = transposed(BicubicRows.scale(transposed(wide, scaledWidth, height), height, scaledWidth, scaledHeight),
                scaledHeight, scaledWidth);
        int left = (scaledWidth - SIDE) / 2;
        int top = (scaledHeight - SIDE) / 2;
        byte[] middle = new byte[SIDE * SIDE * CHANNELS];
        for (int y = 0; y < SIDE; y++) {
            System.arraycopy(scaled, ((top + y) * scaledWidth + left) * CHANNELS, middle, y * SIDE * CHANNELS, SIDE * CHANNELS);
        }
        return middle;
    }

    private static byte[] transposed(byte[] rgb, int width, int height) {
        byte[] turned = new byte[rgb.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                System.arraycopy(rgb, (y * width + x) * CHANNELS, turned, (x * height + y) * CHANNELS, CHANNELS);
            }
        }
        return turned;
    }
}
