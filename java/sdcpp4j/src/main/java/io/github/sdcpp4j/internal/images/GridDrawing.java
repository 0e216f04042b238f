package io.github.sdcpp4j.internal.images;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.PictureGrid;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Consumer;

/** Lays out and draws a {@link PictureGrid}; has what is drawn in any grid. */
public final class GridDrawing {

    private static final int SMALLEST_FONT = 11;
    private static final int FONT_SHARE = 22; // of a picture's width
    private static final int TEXT_MARGIN = 4;

    private GridDrawing() {}

    /**
     * Draws a grid.
     *
     * @param grid what to draw
     * @return the picture of all
     */
    public static BufferedImage of(PictureGrid grid) {
        int width = grid.pictures().stream().mapToInt(BufferedImage::getWidth).max().orElseThrow();
        int height = grid.pictures().stream().mapToInt(BufferedImage::getHeight).max().orElseThrow();
        int columns = Math.min(grid.columns(), grid.pictures().size());
        int rows = Math.ceilDiv(grid.pictures().size(), columns);
        List<Caption> labels = grid.labels().isEmpty() ? List.of() : Caption.withFonts(() -> labels(grid, width));
        int labelHeight = labels.stream().mapToInt(label -> label.height() + 2 * TEXT_MARGIN).max().orElse(0);

        long wholeWidth = (long) columns * (width + grid.gap()) + grid.gap();
        long wholeHeight = (long) rows * (height + labelHeight + grid.gap()) + grid.gap();
        checkSize(grid.pictures().size(), width, height, wholeWidth, wholeHeight);
        return canvas((int) wholeWidth, (int) wholeHeight, graphics -> {
            for (int i = 0; i < grid.pictures().size(); i++) {
                int x = grid.gap() + i % columns * (width + grid.gap());
                int y = grid.gap() + i / columns * (height + labelHeight + grid.gap());
                centre(graphics, grid.pictures().get(i), x, y, width, height);
                if (!labels.isEmpty()) {
                    labels.get(i).draw(graphics, x, y + height + TEXT_MARGIN, width);
                }
            }
        });
    }

    private static List<Caption> labels(PictureGrid grid, int width) {
        Font font = font(Font.PLAIN, Math.max(SMALLEST_FONT, width / FONT_SHARE));
        return grid.labels().stream().map(label -> Caption.of(label, font, width)).toList();
    }

    static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }

    /** Refuses what no {@link BufferedImage} can hold. */
    static void checkSize(int pictures, int width, int height, long wholeWidth, long wholeHeight) {
        if (wholeWidth * wholeHeight > Integer.MAX_VALUE / 3) {
            throw new InvalidRequestException(
                    "a grid of %d pictures of %dx%d would be a picture of %dx%d, which is too large: give it fewer or smaller ones"
                            .formatted(pictures, width, height, wholeWidth, wholeHeight));
        }
    }

    /** A white picture with something on it. */
    static BufferedImage canvas(int width, int height, Consumer<Graphics2D> drawing) {
        BufferedImage whole = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = whole.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, width, height);
            drawing.accept(graphics);
        } finally {
            graphics.dispose();
        }
        return whole;
    }

    /** Draws a picture in the middle of a cell. */
    static void centre(Graphics2D graphics, BufferedImage picture, int x, int y, int width, int height) {
        graphics.drawImage(picture, x + (width - picture.getWidth()) / 2, y + (height - picture.getHeight()) / 2, null);
    }
}
