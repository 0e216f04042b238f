package io.github.sdcpp4j.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

/** The judge is judged first: it must read drawings that no model made. */
class PaintingTest {

    @Test
    void everyShapeInEveryColourOnEveryBackgroundIsRead() {
        for (Outline shape : Outline.values()) {
            for (Palette color : Palette.values()) {
                for (Palette background : Palette.values()) {
                    Wish wish = new Wish(shape, color, background);
                    if (color != background) {
                        Painting painting = Painting.of(wish.drawing(128));
                        assertThat(wish.isSeenIn(painting)).as("%s in %s", wish, painting).isTrue();
                        assertThat(painting.things().getFirst().x()).isBetween(0.48, 0.52);
                        assertThat(painting.things().getFirst().size()).isBetween(0.45, 0.53);
                    }
                }
            }
        }
    }

    @Test
    void anotherShapeIsNotTakenForTheOneWished() {
        for (Outline wished : Outline.values()) {
            for (Outline drawn : Outline.values()) {
                Painting painting = Painting.of(new Wish(drawn, Palette.RED, Palette.WHITE).drawing(128));
                assertThat(new Wish(wished, Palette.RED, Palette.WHITE).isSeenIn(painting)).isEqualTo(wished == drawn);
            }
        }
    }

    @Test
    void aBlotIsNoShape() {
        BufferedImage image = new Wish(Outline.SQUARE, Palette.RED, Palette.WHITE).drawing(128);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(new Color(Palette.RED.rgb()));
        graphics.fillRect(0, 60, 60, 4);
        graphics.dispose();
        assertThat(Painting.of(image).things().getFirst().shape()).isEmpty();
    }

    @Test
    void anEmptyPictureHoldsNothing() {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        assertThat(Painting.of(image).background()).isEqualTo(Palette.BLACK);
        assertThat(Painting.of(image).things()).isEmpty();
    }
}
