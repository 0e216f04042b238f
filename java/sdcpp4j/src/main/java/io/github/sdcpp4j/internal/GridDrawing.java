package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.PictureGrid;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Lays out and draws a {@link PictureGrid}. */
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
        Texts texts = grid.labels().isEmpty() ? Texts.NONE : Texts.of(grid.labels(), width);

        long wholeWidth = (long) columns * (width + grid.gap()) + grid.gap();
        long wholeHeight = (long) rows * (height + texts.height() + grid.gap()) + grid.gap();
        if (wholeWidth * wholeHeight > Integer.MAX_VALUE / 3) {
            throw new InvalidRequestException(
                    "a grid of %d pictures of %dx%d would be a picture of %dx%d, which is too large: give it fewer or smaller ones"
                            .formatted(grid.pictures().size(), width, height, wholeWidth, wholeHeight));
        }
        BufferedImage whole = new BufferedImage((int) wholeWidth, (int) wholeHeight, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = whole.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, whole.getWidth(), whole.getHeight());
            for (int i = 0; i < grid.pictures().size(); i++) {
                int x = grid.gap() + i % columns * (width + grid.gap());
                int y = grid.gap() + i / columns * (height + texts.height() + grid.gap());
                BufferedImage picture = grid.pictures().get(i);
                graphics.drawImage(picture, x + (width - picture.getWidth()) / 2, y + (height - picture.getHeight()) / 2, null);
                texts.draw(graphics, i, x, y + height, width);
            }
        } finally {
            graphics.dispose();
        }
        return whole;
    }

    /** The labels in lines; {@code height} is that of the one with the most. */
    private record Texts(List<List<String>> lines, Font font, int height) {

        static final Texts NONE = new Texts(List.of(), null, 0);

        static Texts of(List<String> labels, int width) {
            Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR).createGraphics();
            try {
                Font font = new Font(Font.SANS_SERIF, Font.PLAIN, Math.max(SMALLEST_FONT, width / FONT_SHARE));
                FontMetrics metrics = graphics.getFontMetrics(font);
                List<List<String>> lines = labels.stream().map(label -> broken(label, metrics, width)).toList();
                int most = lines.stream().mapToInt(List::size).max().orElse(0);
                return new Texts(lines, font, most * metrics.getHeight() + 2 * TEXT_MARGIN);
            } catch (RuntimeException | Error e) {
                // a JDK without fonts says so by one or the other, from version to version
                throw new InvalidRequestException(
                        "labels need fonts, and this machine has none (%s): install fontconfig and fonts-dejavu, or leave the labels out"
                                .formatted(e.getMessage()), e);
            } finally {
                graphics.dispose();
            }
        }

        private static List<String> broken(String label, FontMetrics metrics, int width) {
            List<String> lines = new ArrayList<>();
            StringBuilder line = new StringBuilder();
            for (String word : label.strip().split("\\s+")) {
                if (!line.isEmpty() && metrics.stringWidth(line + " " + word) > width) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
            lines.add(line.toString());
            return lines;
        }

        void draw(Graphics2D graphics, int index, int x, int y, int width) {
            if (lines.isEmpty()) {
                return;
            }
            graphics.setColor(Color.DARK_GRAY);
            graphics.setFont(font);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            FontMetrics metrics = graphics.getFontMetrics();
            int baseline = y + TEXT_MARGIN + metrics.getAscent();
            for (String line : lines.get(index)) {
                graphics.drawString(line, x + Math.max(0, (width - metrics.stringWidth(line)) / 2), baseline);
                baseline += metrics.getHeight();
            }
        }
    }
}
