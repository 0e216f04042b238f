package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.images.PngFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A picture that is not finished: what the model would settle on, seen from one step.
 *
 * @param image 8 bits for each of red, green and blue, sRGB; the receiver's own. Of the picture's size, or, by
 *     {@link PreviewMode#PROJECTION}, one pixel for one of the latent: 64x96 for a picture of 512x768 by most families
 * @param index which picture of the batch it is, from 0
 * @param step steps done, from 1
 * @param steps steps in all
 * @param mode how it was made
 */
public record Preview(BufferedImage image, int index, int step, int steps, PreviewMode mode) {

    /**
     * Writes a PNG without parameters. The file appears whole or not at all; an existing one is replaced.
     *
     * @param png where to
     * @throws UncheckedIOException when the file cannot be written
     */
    public void save(Path png) {
        try {
            PngFile.write(png, image, Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the preview to " + png + ": " + e.getMessage(), e);
        }
    }
}
