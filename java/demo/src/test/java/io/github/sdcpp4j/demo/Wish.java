package io.github.sdcpp4j.demo;

import io.github.sdcpp4j.demo.Painting.Thing;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;

/**
 * One thing on one background, as words, as a drawing, and as what must be seen in a picture of it.
 *
 * @param shape the thing's
 * @param color the thing's
 * @param background another colour
 */
record Wish(Outline shape, Palette color, Palette background) {

    /** Ways to say it. */
    static final List<String> WORDINGS = List.of(
            "a %2$s %1$s on a %3$s background",
            "%2$s %1$s, %3$s background",
            "%2$s %1$s on %3$s",
            "a %3$s background with a %2$s %1$s",
            "a picture of a %2$s %1$s on a %3$s background",
            "%3$s background, %2$s %1$s");

    static Wish random(Random random) {
        Palette color = any(Palette.values(), random);
        Palette background = any(Palette.values(), random);
        return color == background ? random(random) : new Wish(any(Outline.values(), random), color, background);
    }

    private static <T> T any(T[] values, Random random) {
        return values[random.nextInt(values.length)];
    }

    String prompt(String wording) {
        return wording.formatted(shape.word(), color.word(), background.word()).replace("a orange", "an orange");
    }

    String prompt() {
        return prompt(WORDINGS.getFirst());
    }

    boolean isSeenIn(Painting painting) {
        return painting.background() == background && painting.things().size() == 1 && isSeenIn(painting.things().getFirst());
    }

    boolean isSeenIn(Thing thing) {
        return thing.color() == color && thing.shape().filter(shape::equals).isPresent();
    }

    /** Draws it in the middle, half as large as the picture. */
    BufferedImage drawing(int side) {
        return drawing(side, 0.5, 0.5);
    }

    /** Draws it half as large as the picture, its middle at shares of the picture's sides. */
    BufferedImage drawing(int side, double x, double y) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(new Color(background.rgb()));
        graphics.fillRect(0, 0, side, side);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.translate(side * (x - 0.25), side * (y - 0.25));
        graphics.scale(side / 2.0, side / 2.0);
        graphics.setColor(new Color(color.rgb()));
        graphics.fill(shape.shape());
        graphics.dispose();
        return image;
    }
}
