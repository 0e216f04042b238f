package io.github.sdcpp4j.internal.images;

import java.awt.image.BufferedImage;

/**
 * A picture of the canvas's size, in the order of {@link RgbImages}, that was fitted before: by the process that gave the
 * request to this one.
 */
public final class FittedImage extends BufferedImage {

    /** Takes over the pixels of a picture made by {@link RgbImages}. */
    public FittedImage(BufferedImage rgb) {
        super(rgb.getColorModel(), rgb.getRaster(), false, null);
    }
}
