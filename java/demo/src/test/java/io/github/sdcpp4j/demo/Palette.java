package io.github.sdcpp4j.demo;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;

/** The colours that the demo model knows, as it was shown them. */
enum Palette {
    RED(220, 30, 30),
    ORANGE(250, 140, 10),
    YELLOW(250, 225, 40),
    GREEN(20, 150, 50),
    BLUE(30, 70, 220),
    PURPLE(140, 40, 170),
    WHITE(250, 250, 250),
    BLACK(15, 15, 15);

    private final int red;
    private final int green;
    private final int blue;

    Palette(int red, int green, int blue) {
        this.red = red;
        this.green = green;
        this.blue = blue;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Palette nearest(int rgb) {
        return Arrays.stream(values()).min(Comparator.comparingInt(color -> color.distance(rgb))).orElseThrow();
    }

    private int distance(int rgb) {
        return squaredDistance(rgb, rgb());
    }

    int rgb() {
        return red << 16 | green << 8 | blue;
    }

    static int squaredDistance(int a, int b) {
        int sum = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            int difference = (a >> shift & 255) - (b >> shift & 255);
            sum += difference * difference;
        }
        return sum;
    }
}
