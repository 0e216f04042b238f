package io.github.sdcpp4j;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Reads the pictures that work starts from. */
public final class Images {

    private Images() {}

    /**
     * Reads a picture.
     *
     * @param file a picture in a format that the JDK reads: PNG, JPEG, BMP, GIF, WBMP, TIFF
     * @return the picture
     * @throws InvalidRequestException when the file is missing or is no such picture
     */
    public static BufferedImage read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidRequestException("there is no picture at " + file + ": check the path");
        }
        try {
            BufferedImage image = ImageIO.read(file.toFile());
            if (image == null) {
                throw new InvalidRequestException(
                        file + " is not a picture this JDK can read: convert it to PNG or JPEG");
            }
            return image;
        } catch (IOException | RuntimeException e) {
            // ImageIO's readers throw either for a damaged file
            if (e instanceof InvalidRequestException invalid) {
                throw invalid;
            }
            throw new InvalidRequestException(file + " is damaged (" + e.getMessage() + "): export it again", e);
        }
    }
}
