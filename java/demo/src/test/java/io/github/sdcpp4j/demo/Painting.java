package io.github.sdcpp4j.demo;

import java.awt.image.BufferedImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What is to be seen in a picture, read from its pixels: the background's colour is that of most of the border, a thing is a
 * connected patch of at least a hundredth of the picture that stands out from it, and its shape is the outline that it covers
 * best when both fill the same box.
 *
 * @param background the colour around
 * @param things from left to right
 */
record Painting(Palette background, List<Thing> things) {

    /**
     * @param shape empty when it is like none of the outlines
     * @param color that of most of it
     * @param x the middle of its box, as a share of the picture's width
     * @param y the same of its height
     * @param size the longer side of its box, as a share of the picture's shorter side
     */
    record Thing(Optional<Outline> shape, Palette color, double x, double y, double size) {}

    private static final int STANDS_OUT = 70 * 70; // half of the way between the two colours that are nearest to each other
    private static final double LEAST_AREA = 0.01;
    private static final double LEAST_LIKENESS = 0.6; // drawings of two of the outlines have less in common, freehand ones of the same have more
    private static final int GRID = 48;

    static Painting of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        List<Integer> border = new ArrayList<>();
        for (int i = 0; i < pixels.length; i++) {
            int x = i % width;
            int y = i / width;
            if (x < 2 || y < 2 || x >= width - 2 || y >= height - 2) {
                border.add(pixels[i]);
            }
        }
        Palette background = mostOften(border);
        int around = border.stream().filter(rgb -> Palette.nearest(rgb) == background)
                .sorted(Comparator.comparingInt(rgb -> (rgb >> 8 & 255) + (rgb & 255) + (rgb >> 16 & 255)))
                .skip(border.stream().filter(rgb -> Palette.nearest(rgb) == background).count() / 2)
                .findFirst().orElseThrow();
        boolean[] standsOut = new boolean[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            standsOut[i] = Palette.squaredDistance(pixels[i], around) > STANDS_OUT;
        }
        List<Thing> things = new ArrayList<>();
        for (int i = 0; i < pixels.length; i++) {
            if (standsOut[i]) {
                List<Integer> patch = patch(standsOut, width, i);
                if (patch.size() >= LEAST_AREA * pixels.length) {
                    things.add(thing(pixels, width, height, patch));
                }
            }
        }
        things.sort(Comparator.comparingDouble(Thing::x));
        return new Painting(background, things);
    }

    private static Palette mostOften(List<Integer> pixels) {
        int[] counts = new int[Palette.values().length];
        pixels.forEach(rgb -> counts[Palette.nearest(rgb).ordinal()]++);
        return Arrays.stream(Palette.values()).max(Comparator.comparingInt(color -> counts[color.ordinal()])).orElseThrow();
    }

    /** Takes the connected pixels out of {@code standsOut}. */
    private static List<Integer> patch(boolean[] standsOut, int width, int start) {
        List<Integer> patch = new ArrayList<>();
        Deque<Integer> open = new ArrayDeque<>(List.of(start));
        standsOut[start] = false;
        while (!open.isEmpty()) {
            int at = open.pop();
            patch.add(at);
            for (int next : new int[] {at - width, at + width, at % width == 0 ? -1 : at - 1, at % width == width - 1 ? -1 : at + 1}) {
                if (next >= 0 && next < standsOut.length && standsOut[next]) {
                    standsOut[next] = false;
                    open.push(next);
                }
            }
        }
        return patch;
    }

    private static Thing thing(int[] pixels, int width, int height, List<Integer> patch) {
        int left = patch.stream().mapToInt(at -> at % width).min().orElseThrow();
        int right = patch.stream().mapToInt(at -> at % width).max().orElseThrow() + 1;
        int top = patch.stream().mapToInt(at -> at / width).min().orElseThrow();
        int bottom = patch.stream().mapToInt(at -> at / width).max().orElseThrow() + 1;
        boolean[] covered = new boolean[pixels.length];
        patch.forEach(at -> covered[at] = true);
        boolean[][] box = new boolean[GRID][GRID];
        for (int row = 0; row < GRID; row++) {
            for (int column = 0; column < GRID; column++) {
                int x = left + (int) ((column + 0.5) / GRID * (right - left));
                int y = top + (int) ((row + 0.5) / GRID * (bottom - top));
                box[row][column] = covered[y * width + x];
            }
        }
        double aspect = (double) (right - left) / (bottom - top);
        Optional<Outline> shape = Arrays.stream(Outline.values())
                .max(Comparator.comparingDouble(outline -> likeness(box, outline)))
                .filter(outline -> likeness(box, outline) >= LEAST_LIKENESS && aspect > 0.7 && aspect < 1.45);
        return new Thing(shape, mostOften(patch.stream().map(at -> pixels[at]).toList()),
                (left + right) / 2.0 / width, (top + bottom) / 2.0 / height,
                Math.max(right - left, bottom - top) / (double) Math.min(width, height));
    }

    /** What both cover of what either covers. */
    private static double likeness(boolean[][] box, Outline outline) {
        int both = 0;
        int either = 0;
        for (int row = 0; row < GRID; row++) {
            for (int column = 0; column < GRID; column++) {
                boolean there = outline.covers((column + 0.5) / GRID, (row + 0.5) / GRID);
                both += box[row][column] && there ? 1 : 0;
                either += box[row][column] || there ? 1 : 0;
            }
        }
        return (double) both / either;
    }
}
