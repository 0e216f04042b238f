package io.github.sdcpp4j.internal.images;

import io.github.sdcpp4j.InvalidRequestException;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A text of a grid in lines, ready to be drawn.
 *
 * @param lines what to draw; none for an empty text
 * @param font in which
 * @param width of the widest line in pixels
 * @param height of all lines in pixels
 */
record Caption(List<String> lines, Font font, int width, int height) {

    /** Breaks a text into lines at its spaces, and in the middle of words that are wider than a line. */
    static Caption of(String text, Font font, int maxWidth) {
        FontMetrics metrics = metrics(font);
        List<String> lines = text.isBlank() ? List.of() : broken(text, metrics, maxWidth);
        int width = lines.stream().mapToInt(metrics::stringWidth).max().orElse(0);
        return new Caption(lines, font, width, lines.size() * metrics.getHeight());
    }

    /** The layout that {@code layout} makes, or a sentence where the JDK has no fonts for it. */
    static <T> T withFonts(Supplier<T> layout) {
        try {
            return layout.get();
        } catch (InvalidRequestException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            // a JDK without fonts says so by one or the other, from version to version
            throw new InvalidRequestException(
                    "labels need fonts, and this machine has none (%s): install fontconfig and fonts-dejavu, or leave the labels out"
                            .formatted(e.getMessage()), e);
        }
    }

    private static FontMetrics metrics(Font font) {
        Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR).createGraphics();
        try {
            return graphics.getFontMetrics(font);
        } finally {
            graphics.dispose();
        }
    }

    private static List<String> broken(String text, FontMetrics metrics, int maxWidth) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+")) {
            if (!line.isEmpty() && metrics.stringWidth(line + " " + word) > maxWidth) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ");
            if (line.isEmpty() && metrics.stringWidth(word) > maxWidth) {
                for (int point : word.codePoints().toArray()) {
                    String letter = Character.toString(point);
                    if (!line.isEmpty() && metrics.stringWidth(line + letter) > maxWidth) {
                        lines.add(line.toString());
                        line.setLength(0);
                    }
                    line.append(letter);
                }
            } else {
                line.append(word);
            }
        }
        lines.add(line.toString());
        return lines;
    }

    /** Draws it, each line in the middle of {@code across} pixels from x on; y is the upper edge. */
    void draw(Graphics2D graphics, int x, int y, int across) {
        if (lines.isEmpty()) {
            return;
        }
        graphics.setColor(Color.DARK_GRAY);
        graphics.setFont(font);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        FontMetrics metrics = graphics.getFontMetrics();
        int baseline = y + metrics.getAscent();
        for (String line : lines) {
            graphics.drawString(line, x + Math.max(0, (across - metrics.stringWidth(line)) / 2), baseline);
            baseline += metrics.getHeight();
        }
    }
}
