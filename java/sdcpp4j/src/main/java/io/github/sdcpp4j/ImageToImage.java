package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.images.Outpainting;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes pictures from a picture and a prompt: all of it, or what a mask says.
 *
 * @param settings the prompt and everything else
 * @param image the picture to start from. Of another size than asked for, it is scaled to fill the size and cropped
 *     evenly, as web UIs do; transparency is laid over black
 * @param strength how much to change, 0 to 1, 0.75 by default. Of n steps the last {@code floor(n * strength) + 1} are run, at
 *     most n; 1 starts from pure noise
 * @param mask where to repaint; everywhere by default. Inpaint checkpoints, whose UNet sees the mask, do it best
 */
public record ImageToImage(GenerationSettings settings, BufferedImage image, double strength, Optional<Mask> mask)
        implements ImageRequest {

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when strength is out of its range
     */
    public ImageToImage {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(mask, "mask");
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
     * Starts with a picture that is to grow: outpainting. The request's size is the grown picture's, its strength 1, its mask
     * what was added and a soft margin of 16 pixels of the picture beside it.
     *
     * @param image the picture
     * @param left pixels to add on the left, 0 or more
     * @param top pixels to add at the top, 0 or more
     * @param right pixels to add on the right, 0 or more
     * @param bottom pixels to add at the bottom, 0 or more
     * @return a builder
     * @throws InvalidRequestException when a number is out of its range, all are 0, or a side of the grown picture is no
     *     multiple of 8
     */
    public static Builder outpaint(BufferedImage image, int left, int top, int right, int bottom) {
        for (int pixels : new int[] {left, top, right, bottom}) {
            Check.range("pixels to add", pixels, 0, GenerationSettings.MAX_SIDE);
        }
        Check.that(left + top + right + bottom > 0, "no side is to grow: add pixels to one of them");
        int width = left + image.getWidth() + right;
        int height = top + image.getHeight() + bottom;
        Check.side("the grown picture's width", width);
        Check.side("the grown picture's height", height);
        return new Builder(Outpainting.canvas(image, left, top, right, bottom))
                .size(width, height)
                .strength(1)
                .mask(Outpainting.mask(image, left, top, right, bottom));
    }

    /**
     * Starts with this request's values.
     *
     * @return a builder
     */
    public Builder toBuilder() {
        return new Builder(image).copyOf(settings).strength(strength).mask(mask.orElse(null));
    }

    @Override
    public ImageToImage withSettings(GenerationSettings other) {
        return new ImageToImage(other, image, strength, mask);
    }

    @Override
    public ImageToImage with(Consumer<? super GenerationSettings.Builder<?>> change) {
        Builder builder = toBuilder();
        change.accept(builder);
        return builder.build();
    }

    private static int side(int pixels) {
        return Math.clamp(pixels - pixels % 8, GenerationSettings.MIN_SIDE, GenerationSettings.MAX_SIDE);
    }

    /** Collects an {@link ImageToImage}. */
    public static final class Builder extends GenerationSettings.Builder<Builder> {
        private final BufferedImage image;
        private double strength = 0.75;
        private Mask mask;

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
         * Where to repaint.
         *
         * @param value the mask; null for everywhere
         * @return this
         */
        public Builder mask(Mask value) {
            mask = value;
            return this;
        }

        /**
         * Checks the values and makes the request.
         *
         * @return the request
         * @throws InvalidRequestException when a value is out of its range
         */
        public ImageToImage build() {
            return new ImageToImage(settings(), image, strength, Optional.ofNullable(mask));
        }
    }
}
