package io.github.sdcpp4j;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Makes pictures from a picture and a prompt.
 *
 * @param settings the prompt and everything else
 * @param image the picture to start from. Of another size than asked for, it is scaled to fill the size and cropped
 *     evenly, as web UIs do; transparency is laid over black
 * @param strength how much to change, 0 to 1, 0.75 by default. Of n steps the last {@code floor(n * strength) + 1} are run, at
 *     most n; 1 starts from pure noise
 */
public record ImageToImage(GenerationSettings settings, BufferedImage image, double strength) implements ImageRequest {

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when strength is out of its range
     */
    public ImageToImage {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(image, "image");
        Check.range("strength", strength, 0, 1);
    }

    /**
     * Starts with the defaults and the picture's own size, each side rounded down to a multiple of 8.
     *
     * @param image the picture to start from
     * @return a builder
     */
    public static Builder builder(BufferedImage image) {
        return new Builder(image).size(side(image.getWidth()), side(image.getHeight()));
    }

    /**
     * Starts with the defaults and the size of a picture read from a file.
     *
     * @param file a picture in a format that the JDK reads: PNG, JPEG, BMP, GIF, WBMP, TIFF
     * @return a builder
     * @throws InvalidRequestException when the file is missing or is no such picture
     */
    public static Builder builder(Path file) {
        return builder(Images.read(file));
    }

    /**
     * Starts with this request's values.
     *
     * @return a builder
     */
    public Builder toBuilder() {
        return new Builder(image).copyOf(settings).strength(strength);
    }

    @Override
    public ImageToImage withSettings(GenerationSettings other) {
        return new ImageToImage(other, image, strength);
    }

    private static int side(int pixels) {
        return Math.clamp(pixels - pixels % 8, GenerationSettings.MIN_SIDE, GenerationSettings.MAX_SIDE);
    }

    /** Collects an {@link ImageToImage}. */
    public static final class Builder extends GenerationSettings.Builder<Builder> {
        private final BufferedImage image;
        private double strength = 0.75;

        private Builder(BufferedImage image) {
            this.image = Objects.requireNonNull(image, "image");
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * How much to change.
         *
         * @param value 0 to 1
         * @return this
         */
        public Builder strength(double value) {
            strength = value;
            return this;
        }

        /**
         * Checks the values and makes the request.
         *
         * @return the request
         * @throws InvalidRequestException when a value is out of its range
         */
        public ImageToImage build() {
            return new ImageToImage(settings(), image, strength);
        }
    }
}
