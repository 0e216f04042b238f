package io.github.sdcpp4j.internal.images;

import io.github.sdcpp4j.Axis;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.XyGrid;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Lays out and draws an {@link XyGrid}. From the edges inwards: the title, the axes' names, the values, the pictures.
 */
public final class XyDrawing {

    private static final int GAP = 8;
    private static final int SMALLEST_FONT = 12;
    private static final int FONT_SHARE = 18; // of a picture's width

    /** A column takes so many letters' heights, however small its pictures are. */
    private static final int NARROWEST_COLUMN = 4;

    private final XyGrid grid;
    private final int cellWidth;
    private final int cellHeight;
    private final int columns;
    private final int rows;
    private final Caption title;
    private final Caption xName;
    private final Caption yName;
    private final List<Caption> xLabels;
    private final List<Caption> yLabels;

    private XyDrawing(XyGrid grid) {
        this.grid = grid;
        List<XyGrid.Cell> cells = grid.cells();
        int fontSize = Math.max(SMALLEST_FONT, pictureWidth(cells) / FONT_SHARE);
        Font font = GridDrawing.font(Font.PLAIN, fontSize);
        Font bold = GridDrawing.font(Font.BOLD, fontSize);
        columns = grid.x().values().size();
        rows = grid.y().values().size();
        cellWidth = Math.max(pictureWidth(cells), NARROWEST_COLUMN * fontSize);
        xLabels = captions(grid.x(), font, cellWidth);
        yLabels = rowLabels(grid.y(), font, cellWidth, pictureHeight(cells));
        cellHeight = Math.max(pictureHeight(cells), height(yLabels));
        xName = Caption.of(grid.x().name(), bold, allColumns());
        yName = Caption.of(grid.y().name(), bold, allRows());
        title = Caption.of(grid.title(), GridDrawing.font(Font.BOLD, fontSize * 5 / 4), left() + allColumns() - GAP);
        GridDrawing.checkSize(cells.size(), pictureWidth(cells), pictureHeight(cells), wholeWidth(), wholeHeight());
    }

    /**
     * Lays out a grid, for which its requests are enough.
     *
     * @param grid what to draw
     * @return the layout
     * @throws InvalidRequestException when it would be too large, or the machine has no fonts
     */
    public static XyDrawing of(XyGrid grid) {
        return Caption.withFonts(() -> new XyDrawing(grid));
    }

    /**
     * Draws the grid.
     *
     * @param pictures in the order of the cells
     * @return the picture of all
     */
    public BufferedImage image(List<BufferedImage> pictures) {
        check(pictures);
        return GridDrawing.canvas((int) wholeWidth(), (int) wholeHeight(), graphics -> {
            title.draw(graphics, GAP, GAP, (int) wholeWidth() - 2 * GAP);
            xName.draw(graphics, left(), GAP + spaced(title.height()), allColumns());
            drawUpwards(graphics, yName, GAP, top(), allRows());
            for (int column = 0; column < columns; column++) {
                Caption label = xLabels.get(column);
                // at the lower edge, beside the pictures
                label.draw(graphics, x(column), top() - GAP - label.height(), cellWidth);
            }
            for (int row = 0; row < rows; row++) {
                Caption label = yLabels.get(row);
                label.draw(graphics, GAP + spaced(yName.height()), y(row) + (cellHeight - label.height()) / 2, width(yLabels));
            }
            for (int i = 0; i < pictures.size(); i++) {
                GridDrawing.centre(graphics, pictures.get(i), x(i % columns), y(i / columns), cellWidth, cellHeight);
            }
        });
    }

    private void check(List<BufferedImage> pictures) {
        if (pictures.size() > columns * rows) {
            throw new InvalidRequestException("there are %d pictures for the %d cells of the grid: give one for each"
                    .formatted(pictures.size(), columns * rows));
        }
        for (int i = 0; i < pictures.size(); i++) {
            BufferedImage picture = pictures.get(i);
            if (picture.getWidth() > cellWidth || picture.getHeight() > cellHeight) {
                throw new InvalidRequestException(
                        "picture %d is of %dx%d, and the grid has cells of %dx%d: give it the pictures of its own requests"
                                .formatted(i + 1, picture.getWidth(), picture.getHeight(), cellWidth, cellHeight));
            }
        }
    }

    private static int pictureWidth(List<XyGrid.Cell> cells) {
        return cells.stream().mapToInt(cell -> cell.request().settings().pictureSize().width()).max().orElseThrow();
    }

    private static int pictureHeight(List<XyGrid.Cell> cells) {
        return cells.stream().mapToInt(cell -> cell.request().settings().pictureSize().height()).max().orElseThrow();
    }

    private static List<Caption> captions(Axis axis, Font font, int maxWidth) {
        return axis.values().stream().map(value -> Caption.of(value.label(), font, maxWidth)).toList();
    }

    /** As wide as a column, or wider when the lines of a long one would be higher than a picture. */
    private static List<Caption> rowLabels(Axis axis, Font font, int columnWidth, int pictureHeight) {
        int natural = width(captions(axis, font, Integer.MAX_VALUE));
        int width = Math.min(natural, columnWidth);
        List<Caption> labels = captions(axis, font, width);
        while (height(labels) > pictureHeight && width < natural) {
            width = Math.min(natural, width * 5 / 4 + 1);
            labels = captions(axis, font, width);
        }
        return labels;
    }

    private static int width(List<Caption> captions) {
        return captions.stream().mapToInt(Caption::width).max().orElse(0);
    }

    private static int height(List<Caption> captions) {
        return captions.stream().mapToInt(Caption::height).max().orElse(0);
    }

    /** Text that runs from the bottom to the top. */
    private static void drawUpwards(Graphics2D graphics, Caption caption, int x, int y, int height) {
        Graphics2D turned = (Graphics2D) graphics.create();
        try {
            turned.translate(x, y + height);
            turned.rotate(-Math.PI / 2);
            caption.draw(turned, 0, 0, height);
        } finally {
            turned.dispose();
        }
    }

    private static int spaced(int pixels) {
        return pixels == 0 ? 0 : pixels + GAP;
    }

    private int left() {
        return GAP + spaced(yName.height()) + spaced(width(yLabels));
    }

    private int top() {
        return GAP + spaced(title.height()) + spaced(xName.height()) + spaced(height(xLabels));
    }

    private int x(int column) {
        return left() + column * (cellWidth + GAP);
    }

    private int y(int row) {
        return top() + row * (cellHeight + GAP);
    }

    private int allColumns() {
        return columns * (cellWidth + GAP) - GAP;
    }

    private int allRows() {
        return rows * (cellHeight + GAP) - GAP;
    }

    private long wholeWidth() {
        return (long) left() + allColumns() + GAP;
    }

    private long wholeHeight() {
        return (long) top() + allRows() + GAP;
    }
}
