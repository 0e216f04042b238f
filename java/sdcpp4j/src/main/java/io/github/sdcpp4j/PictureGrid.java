package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.images.GridDrawing;
import io.github.sdcpp4j.internal.images.PngFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Several pictures in one: row by row, on white, each with a line or more of text below it if wanted.
 *
 * @param pictures from left to right and from top to bottom, at least one; a smaller one is set in the middle of its cell
 * @param columns pictures in a row, 1 or more; by default as many as make the grid about square
 * @param gap pixels between two pictures and around all, 0 to 1024; 8 by default
 * @param labels one for each picture, broken into lines where a picture's width asks for it; none by default
 */
public record PictureGrid(List<BufferedImage> pictures, int columns, int gap, List<String> labels) {

    private static final int DEFAULT_GAP = 8;
    private static final int MAX_GAP = 1024;

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when there is no picture, a value is out of its range, or there are more or fewer
     *     labels than pictures
     */
    public PictureGrid {
        pictures = List.copyOf(pictures);
        labels = List.copyOf(labels);
        Check.that(!pictures.isEmpty(), "there is no picture for the grid: give it one or more");
        Check.range("columns", columns, 1, Integer.MAX_VALUE);
        Check.range("gap", gap, 0, MAX_GAP);
        Check.that(labels.isEmpty() || labels.size() == pictures.size(),
                "there are %d labels for %d pictures: give one for each, or none".formatted(labels.size(), pictures.size()));
    }

    /**
     * Starts with the defaults.
     *
     * @param pictures the pictures
     * @return a grid
     * @throws InvalidRequestException when there is no picture
     */
    public static PictureGrid of(List<BufferedImage> pictures) {
        return new PictureGrid(pictures, Math.max(1, (int) Math.ceil(Math.sqrt(pictures.size()))), DEFAULT_GAP, List.of());
    }

    /**
     * Returns the grid with another number of columns.
     *
     * @param count pictures in a row, 1 or more
     * @return the grid
     * @throws InvalidRequestException when it is less than 1
     */
    public PictureGrid withColumns(int count) {
        return new PictureGrid(pictures, count, gap, labels);
    }

    /**
     * Returns the grid with another gap.
     *
     * @param pixels 0 to 1024
     * @return the grid
     * @throws InvalidRequestException when it is out of its range
     */
    public PictureGrid withGap(int pixels) {
        return new PictureGrid(pictures, columns, pixels, labels);
    }

    /**
     * Returns the grid with labels.
     *
     * @param texts one for each picture, or none
     * @return the grid
     * @throws InvalidRequestException when there are more or fewer than pictures
     */
    public PictureGrid withLabels(List<String> texts) {
        return new PictureGrid(pictures, columns, gap, texts);
    }

    /**
     * Draws it.
     *
     * @return the picture of all
     * @throws InvalidRequestException when it would have more than 2^31 bytes, or there are labels and the machine has no
     *     fonts
     */
    public BufferedImage image() {
        return GridDrawing.of(this);
    }

    /**
     * Draws it into a PNG file.
     *
     * @param png the file; it appears whole or not at all
     * @throws UncheckedIOException when it cannot be written
     * @throws InvalidRequestException as {@link #image()} does
     */
    public void save(Path png) {
        write(png, image());
    }

    static void write(Path png, BufferedImage grid) {
        try {
            PngFile.write(png, grid, Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the picture to " + png + ": " + e.getMessage(), e);
        }
    }
}
