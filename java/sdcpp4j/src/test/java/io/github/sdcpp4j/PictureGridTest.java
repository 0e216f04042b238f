package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureGridTest {

    private static BufferedImage plain(int width, int height, Color color) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, color.getRGB());
        }
        return image;
    }

    private static final List<BufferedImage> FIVE = Stream.of(Color.RED, Color.GREEN, Color.BLUE, Color.CYAN, Color.PINK)
            .map(color -> plain(40, 30, color)).toList();

    private static Color at(BufferedImage image, int x, int y) {
        return new Color(image.getRGB(x, y));
    }

    @Test
    void picturesGoRowByRowAndTheRestStaysWhite() {
        BufferedImage grid = PictureGrid.of(FIVE).image();
        assertThat(grid.getWidth()).isEqualTo(3 * 48 + 8);
        assertThat(grid.getHeight()).isEqualTo(2 * 38 + 8);
        assertThat(at(grid, 4, 20)).isEqualTo(Color.WHITE);
        assertThat(at(grid, 8, 8)).isEqualTo(Color.RED);
        assertThat(at(grid, 56, 8)).isEqualTo(Color.GREEN);
        assertThat(at(grid, 104, 8)).isEqualTo(Color.BLUE);
        assertThat(at(grid, 8, 46)).isEqualTo(Color.CYAN);
        assertThat(at(grid, 56 + 39, 46 + 29)).isEqualTo(Color.PINK);
        assertThat(at(grid, 104, 46)).isEqualTo(Color.WHITE);
    }

    @Test
    void columnsAndGapAreAsAsked() {
        BufferedImage grid = PictureGrid.of(FIVE).withColumns(5).withGap(0).image();
        assertThat(grid.getWidth()).isEqualTo(200);
        assertThat(grid.getHeight()).isEqualTo(30);
        assertThat(PictureGrid.of(FIVE).withColumns(9).withGap(0).image().getWidth()).isEqualTo(200);
    }

    @Test
    void aSmallerPictureIsInTheMiddleOfItsCell() {
        BufferedImage grid = PictureGrid.of(List.of(plain(40, 40, Color.RED), plain(20, 10, Color.BLUE))).withGap(0).image();
        assertThat(at(grid, 40, 0)).isEqualTo(Color.WHITE);
        assertThat(at(grid, 50, 15)).isEqualTo(Color.BLUE);
        assertThat(at(grid, 69, 24)).isEqualTo(Color.BLUE);
        assertThat(at(grid, 70, 25)).isEqualTo(Color.WHITE);
    }

    @Test
    void labelsAreBelowTheirPicturesAndTakeAsManyLinesAsTheyNeed() {
        PictureGrid plain = PictureGrid.of(FIVE).withGap(0);
        BufferedImage shortOnes = plain.withLabels(List.of("a", "b", "c", "d", "e")).image();
        BufferedImage longOne = plain.withLabels(List.of("a", "b", "c", "a red circle on a yellow background", "e")).image();
        assertThat(shortOnes.getHeight()).isGreaterThan(plain.image().getHeight());
        assertThat(longOne.getHeight()).isGreaterThan(shortOnes.getHeight());
        assertThat(at(shortOnes, 0, 0)).isEqualTo(Color.RED);
        int dark = 0;
        for (int y = 30; y < 42; y++) {
            for (int x = 0; x < 40; x++) {
                dark += at(shortOnes, x, y).getRed() < 128 ? 1 : 0;
            }
        }
        assertThat(dark).as("pixels of the letter").isPositive();
    }

    @Test
    void itIsSavedAsPng(@TempDir Path folder) throws Exception {
        Path png = folder.resolve("grid.png");
        PictureGrid.of(FIVE).save(png);
        assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(3 * 48 + 8);
        assertThat(Infotext.read(png)).isEmpty();
    }

    @Test
    void whatCannotBeDrawnIsRefused() {
        assertThatThrownBy(() -> PictureGrid.of(List.of()))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("no picture");
        assertThatThrownBy(() -> PictureGrid.of(FIVE).withLabels(List.of("one")))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("1 labels for 5 pictures");
        assertThatThrownBy(() -> PictureGrid.of(FIVE).withColumns(0))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("columns is 0");
    }
}
