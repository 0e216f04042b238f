package io.github.sdcpp4j.internal.images;

import io.github.sdcpp4j.Mask;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;

/** A picture on a larger canvas, and the mask of what is to be painted there. */
public final class Outpainting {

    /** What is painted anew of the picture itself, so that no seam shows; over as many pixels it goes over. */
    private static final int OVERLAP = 16;

    private Outpainting() {}

    /**
     * Repeats the picture's edge pixels, so that what starts from them starts from the right colours.
     *
     * @param image the picture
     * @param left pixels to add there
     * @param top pixels to add there
     * @param right pixels to add there
     * @param bottom pixels to add there
     * @return the larger picture
     */
    public static BufferedImage canvas(BufferedImage image, int left, int top, int right, int bottom) {
        int width = image.getWidth();
        int height = image.getHeight();
        BufferedImage canvas = RgbImages.create(left + width + right, top + height + bottom);
        Graphics2D graphics = canvas.createGraphics();
        graphics.drawImage(image, left, top, null);
        graphics.dispose();
        RgbImages.repeatEdges(canvas, left, top, left + width, top + height);
        return canvas;
    }

    /**
     * Makes the mask of what {@link #canvas} adds, and of a margin of the picture beside it.
     *
     * @param image the picture
     * @param left pixels added there
     * @param top pixels added there
     * @param right pixels added there
     * @param bottom pixels added there
     * @return the mask, with a soft edge
     */
    public static Mask mask(BufferedImage image, int left, int top, int right, int bottom) {
        int width = image.getWidth();
        int height = image.getHeight();
        BufferedImage mask = new BufferedImage(left + width + right, top + height + bottom, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = mask.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, mask.getWidth(), mask.getHeight());
        graphics.setColor(Color.BLACK);
        int keptLeft = left + overlap(left, width);
        int keptTop = top + overlap(top, height);
        int keptRight = left + width - overlap(right, width);
        int keptBottom = top + height - overlap(bottom, height);
        graphics.fillRect(keptLeft, keptTop, keptRight - keptLeft, keptBottom - keptTop);
        graphics.dispose();
        return Mask.of(mask).withFeather(OVERLAP);
    }

    /** None at a side where nothing is added, and never more than a quarter of a small picture. */
    private static int overlap(int added, int side) {
        return added == 0 ? 0 : Math.min(OVERLAP, side / 4);
    }
}
