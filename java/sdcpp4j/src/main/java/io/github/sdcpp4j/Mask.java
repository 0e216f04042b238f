package io.github.sdcpp4j;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where {@link ImageToImage} repaints. What is outside comes back as it was, to the last bit; the model itself sees the mask
 * in blocks of 8x8 pixels, and every block that the mask touches is painted anew before the outside is put back.
 *
 * @param image white where to repaint, black where to keep; greys count as the nearer of both. Scaled and cropped as the
 *     picture is; transparency is laid over black
 * @param feather width in pixels of the soft edge, inside the mask, over which the picture goes over into what is painted, 0
 *     to 512; 0, a hard edge, by default
 */
public record Mask(BufferedImage image, int feather) {

    /** The widest soft edge. */
    public static final int MAX_FEATHER = 512;

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when the feather is out of its range
     */
    public Mask {
        Objects.requireNonNull(image, "image");
        Check.range("mask feather", feather, 0, MAX_FEATHER);
    }

    /**
     * Makes a mask with a hard edge.
     *
     * @param image white where to repaint
     * @return the mask
     */
    public static Mask of(BufferedImage image) {
        return new Mask(image, 0);
    }

    /**
     * Reads a mask with a hard edge.
     *
     * @param file a picture in a format that the JDK reads, white where to repaint
     * @return the mask
     * @throws InvalidRequestException when the file is missing or is no such picture
     */
    public static Mask read(Path file) {
        return of(Images.read(file));
    }

    /**
     * Returns the mask with a soft edge.
     *
     * @param pixels the edge's width, 0 to 512
     * @return the mask
     * @throws InvalidRequestException when the width is out of its range
     */
    public Mask withFeather(int pixels) {
        return new Mask(image, pixels);
    }
}
