package io.github.sdcpp4j.internal.images;

import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.Mask;
import java.awt.image.BufferedImage;
import java.util.function.UnaryOperator;

/** What a mask means for pixels: the runtime gets it in black and white, and what it painted outside is put back. */
public final class Inpainting {

    private static final int CHANNELS = 3;
    private static final int MIDDLE = 128;

    /** Steps to the next pixel straight and diagonally, in thirds: the chamfer distance 3-4 (Borgefors 1986). */
    private static final int STRAIGHT = 3;
    private static final int DIAGONAL = 4;

    private Inpainting() {}

    /** One byte a pixel, 255 where a mask made by {@link RgbImages} is nearer to white than to black. */
    public static byte[] blackAndWhite(BufferedImage mask) {
        byte[] rgb = RgbImages.bytes(mask);
        byte[] white = new byte[rgb.length / CHANNELS];
        for (int i = 0; i < white.length; i++) {
            int sum = (rgb[CHANNELS * i] & 255) + (rgb[CHANNELS * i + 1] & 255) + (rgb[CHANNELS * i + 2] & 255);
            white[i] = (byte) (sum >= CHANNELS * MIDDLE ? 255 : 0);
        }
        return white;
    }

    /**
     * Puts back what the mask does not cover. Picture and mask are brought to their size once, for all pictures of a batch.
     *
     * @param request what asked for the pictures
     * @return takes a picture that was painted; gives it back as it is without a mask
     */
    public static UnaryOperator<BufferedImage> keepOutside(ImageRequest request) {
        return request instanceof ImageToImage fromImage && fromImage.mask().isPresent()
                ? keepOutside(fromImage, fromImage.mask().get())
                : UnaryOperator.identity();
    }

    private static UnaryOperator<BufferedImage> keepOutside(ImageToImage request, Mask mask) {
        int width = request.settings().pictureSize().width();
        int height = request.settings().pictureSize().height();
        byte[] before = RgbImages.bytes(RgbImages.fit(request.image(), width, height, width, height));
        int[] inside = depth(blackAndWhite(RgbImages.fit(mask.image(), width, height, width, height)), width, height);
        double whole = STRAIGHT * (mask.feather() + 1.0);
        return made -> {
            BufferedImage kept = RgbImages.create(width, height);
            byte[] after = RgbImages.bytes(kept);
            byte[] painted = RgbImages.bytes(made);
            for (int i = 0; i < after.length; i++) {
                double share = Math.min(1, inside[i / CHANNELS] / whole);
                after[i] = (byte) Math.round((before[i] & 255) * (1 - share) + (painted[i] & 255) * share);
            }
            return kept;
        };
    }

    /** How far each pixel is inside the mask, in thirds of a pixel; 0 outside. The picture's edge is no edge of the mask. */
    private static int[] depth(byte[] white, int width, int height) {
        int[] depth = new int[white.length];
        for (int i = 0; i < depth.length; i++) {
            depth[i] = white[i] == 0 ? 0 : Integer.MAX_VALUE / 2;
        }
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                lower(depth, width, height, x, y, -1);
            }
        }
        for (int y = height - 1; y >= 0; y--) {
            for (int x = width - 1; x >= 0; x--) {
                lower(depth, width, height, x, y, 1);
            }
        }
        return depth;
    }

    /** Looks at the four neighbours that the pass has seen: those behind for -1, those ahead for 1. */
    private static void lower(int[] depth, int width, int height, int x, int y, int side) {
        int here = depth[y * width + x];
        here = Math.min(here, at(depth, width, height, x + side, y) + STRAIGHT);
        here = Math.min(here, at(depth, width, height, x, y + side) + STRAIGHT);
        here = Math.min(here, at(depth, width, height, x + side, y + side) + DIAGONAL);
        here = Math.min(here, at(depth, width, height, x - side, y + side) + DIAGONAL);
        depth[y * width + x] = here;
    }

    private static int at(int[] depth, int width, int height, int x, int y) {
        return x < 0 || y < 0 || x >= width || y >= height ? Integer.MAX_VALUE / 2 : depth[y * width + x];
    }
}
