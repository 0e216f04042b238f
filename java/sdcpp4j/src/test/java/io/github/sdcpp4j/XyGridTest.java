package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.pixels;
import static io.github.sdcpp4j.support.Models.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XyGridTest {

    private static final TextToImage CAT = TextToImage.builder().prompt("a red cat").size(64, 64).steps(2).build();

    private static final Axis STEPS = Axis.steps(1, 2);
    private static final Axis SCALES = Axis.guidanceScale(1, 4, 7);

    private static List<GenerationSettings> settings(XyGrid grid) {
        return grid.cells().stream().map(cell -> cell.request().settings()).toList();
    }

    private static BufferedImage plain(int width, int height, Color color) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, color.getRGB());
        }
        return image;
    }

    private static List<BufferedImage> plain(XyGrid grid) {
        return Collections.nCopies(grid.cells().size(), plain(64, 64, Color.RED));
    }

    /** Whether anything dark is drawn there. */
    private static boolean written(BufferedImage image, int x, int y, int width, int height) {
        for (int i = 0; i < width * height; i++) {
            if (new Color(image.getRGB(x + i % width, y + i / width)).getGreen() < 128) {
                return true;
            }
        }
        return false;
    }

    @Test
    void cellsGoRowByRowAndShareARandomSeed() {
        XyGrid grid = XyGrid.of(CAT, STEPS, SCALES);
        assertThat(settings(grid)).extracting(GenerationSettings::steps).containsExactly(1, 2, 1, 2, 1, 2);
        assertThat(settings(grid)).extracting(GenerationSettings::guidanceScale).containsExactly(1.0, 1.0, 4.0, 4.0, 7.0, 7.0);
        assertThat(settings(grid)).extracting(each -> each.seed().orElseThrow())
                .containsOnly(grid.request().settings().seed().orElseThrow());
        assertThat(settings(grid)).extracting(GenerationSettings::prompt).containsOnly("a red cat");
        assertThat(grid.cells()).extracting(XyGrid.Cell::index).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(grid.cells().get(3)).extracting(XyGrid.Cell::count, XyGrid.Cell::label)
                .containsExactly(6, "Steps 2, CFG scale 4");
        assertThat(grid.cells()).isEqualTo(grid.cells());
        assertThat(XyGrid.of(CAT, STEPS, SCALES).request()).isNotEqualTo(grid.request());
    }

    @Test
    void seedsMayBeAnAxis() {
        assertThat(settings(XyGrid.of(CAT, Axis.seed(3, 4), Axis.NONE)))
                .extracting(each -> each.seed().orElseThrow()).containsExactly(3L, 4L);
    }

    @Test
    void oneAxisIsEnough() {
        assertThat(XyGrid.of(CAT, STEPS, Axis.NONE).cells()).extracting(XyGrid.Cell::label)
                .containsExactly("Steps 1", "Steps 2");
        assertThat(XyGrid.of(CAT, Axis.NONE, STEPS).cells()).extracting(XyGrid.Cell::label)
                .containsExactly("Steps 1", "Steps 2");
    }

    @Test
    void wordsAreReplacedInThePromptOfTheOtherAxis() {
        XyGrid grid = XyGrid.of(CAT, Axis.prompt("a red dog", "a red hat"), Axis.promptReplace("red", "red", "blue"));
        assertThat(settings(grid)).extracting(GenerationSettings::prompt)
                .containsExactly("a red dog", "a red hat", "a blue dog", "a blue hat");
    }

    @Test
    void aWrongValueIsRefusedWithItsAxisBeforeAnythingIsMade() {
        record Refusal(Axis x, Axis y, String message) {}
        Stream.of(
                new Refusal(STEPS, Axis.guidanceScale(7, 101),
                        "axis CFG scale, value 101: guidance scale is 101.0: give a number from 0.0"),
                new Refusal(STEPS, Axis.guidanceScale(Double.NaN), "axis CFG scale, value NaN: guidance scale is NaN"),
                new Refusal(Axis.steps(5, 0), SCALES, "axis Steps, value 0: steps is 0: give a number from 1 to 1000"),
                new Refusal(Axis.steps(2, 1), Axis.scheduler(Scheduler.KARRAS),
                        "axis Schedule type, value Karras: steps is 1, and the karras scheduler"),
                new Refusal(Axis.strength(0.5), SCALES, "axis Denoising strength, value 0.5: strength is for image to image"),
                new Refusal(Axis.promptReplace("blue", "x"), SCALES, "value x: 'blue' is not in the prompt 'a red cat': "),
                new Refusal(Axis.steps(3, 4, 3), SCALES, "'Steps 3, CFG scale 1' and 'Steps 3, CFG scale 1' would be the same"),
                new Refusal(STEPS, Axis.steps(3, 4),
                        "would be the same picture: give values that differ, and each axis a field of its own"),
                new Refusal(Axis.seed(new Random(1).longs(200, 0, 99999).toArray()),
                        Axis.eta(IntStream.range(0, 60).mapToDouble(i -> i / 10.0).toArray()),
                        "the grid has 12000 pictures: give it 10000 or fewer"))
                .forEach(refusal -> assertThatThrownBy(() -> XyGrid.of(CAT, refusal.x(), refusal.y()))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining(refusal.message()));
        assertThatThrownBy(() -> XyGrid.of(CAT.toBuilder().batchCount(2).build(), STEPS, SCALES))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("batch count is 2");
        assertThatThrownBy(() -> XyGrid.of(CAT, STEPS, SCALES).withTitle("a\0"))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("title has a NUL");
    }

    @Test
    void eachCellIsThePictureMadeSinglyWithItsSettings() {
        TextToImage request = CAT.toBuilder().seed(42).build();
        XyGrid grid = XyGrid.of(request, STEPS, Axis.guidanceScale(1, 4));
        List<String> events = new ArrayList<>();
        List<GeneratedImage> heard = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        List<GeneratedImage> pictures = grid.generate(shared(), new XyGrid.Listener() {
            @Override
            public void onProgress(XyGrid.Cell cell, Progress progress) {
                String event = "working on " + cell.index();
                if (events.isEmpty() || !events.getLast().equals(event)) {
                    events.add(event);
                }
            }

            @Override
            public void onPicture(XyGrid.Cell cell, GeneratedImage picture) {
                events.add(cell.index() + " of " + cell.count() + " done");
                heard.add(picture);
            }
        }, cell -> Previews.of(PreviewMode.PROJECTION, preview -> seen.add(cell.index() + ":" + preview.step()))
                .withInterval(2));
        assertThat(events).containsExactly(
                "working on 0", "0 of 4 done", "working on 1", "1 of 4 done",
                "working on 2", "2 of 4 done", "working on 3", "3 of 4 done");
        assertThat(heard).isEqualTo(pictures);
        assertThat(seen).as("previews").containsExactly("0:1", "1:2", "2:1", "3:2");

        BufferedImage whole = grid.image(pictures.stream().map(GeneratedImage::image).toList());
        int left = whole.getWidth() - 2 * 72;
        int top = whole.getHeight() - 2 * 72;
        for (int i = 0; i < 4; i++) {
            GeneratedImage single = shared().generate(
                    request.toBuilder().steps(1 + i % 2).guidanceScale(i < 2 ? 1 : 4).build()).getFirst();
            assertThat(pixels(pictures.get(i))).isEqualTo(pixels(single));
            assertThat(whole.getRGB(left + i % 2 * 72, top + i / 2 * 72, 64, 64, null, 0, 64))
                    .isEqualTo(single.image().getRGB(0, 0, 64, 64, null, 0, 64));
        }
        assertThat(pictures.stream().map(picture -> Arrays.hashCode(pixels(picture)))).doesNotHaveDuplicates();
    }

    @Test
    void namesAndValuesStandBesideThePicturesAndNothingIsCutOff() {
        XyGrid grid = XyGrid.of(CAT, STEPS, SCALES);
        BufferedImage image = grid.image(plain(grid));
        int left = image.getWidth() - 2 * 72;
        int top = image.getHeight() - 3 * 72;
        assertThat(left).isBetween(8 + 12 + 8, 64);
        assertThat(top).isBetween(8 + 2 * 12 + 8, 64);
        for (int column = 0; column < 2; column++) {
            assertThat(written(image, left + column * 72, top / 2, 64, top - top / 2)).as("value of column %d", column).isTrue();
        }
        for (int row = 0; row < 3; row++) {
            assertThat(written(image, left / 2, top + row * 72, left - left / 2, 64)).as("value of row %d", row).isTrue();
        }
        assertThat(written(image, left, 0, 136, top / 2)).as("name of x").isTrue();
        assertThat(written(image, 0, top, left / 2, 208)).as("name of y").isTrue();
        assertThat(written(image, 0, 0, left - 8, top - 8)).as("corner").isFalse();
        assertThat(written(image, 0, 0, image.getWidth(), 8)).as("upper edge").isFalse();
        assertThat(written(image, 0, 0, 8, image.getHeight())).as("left edge").isFalse();
        assertThat(new Color(image.getRGB(left, top))).isEqualTo(Color.RED);
        assertThat(new Color(image.getRGB(left - 1, top - 1))).isEqualTo(Color.WHITE);

        BufferedImage titled = grid.withTitle("Cats").image(plain(grid));
        assertThat(titled.getWidth()).isEqualTo(image.getWidth());
        assertThat(titled.getHeight()).isGreaterThan(image.getHeight() + 12);
        assertThat(written(titled, 0, 0, titled.getWidth(), titled.getHeight() - image.getHeight())).as("title").isTrue();
    }

    @Test
    void longValuesGetLinesOrRoom() {
        String prompt =
                "a red cat that sits on a mat and looks at a Donaudampfschifffahrtsgesellschaftskapitän with a hat, ".repeat(3);
        XyGrid across = XyGrid.of(CAT, Axis.prompt(prompt, "a cat"), Axis.NONE);
        BufferedImage image = across.image(plain(across));
        assertThat(image.getWidth()).isEqualTo(2 * 72 + 8);
        assertThat(image.getHeight()).isGreaterThan(72 + 20 * 12);
        int values = 8 + 20; // below the name
        assertThat(written(image, 0, 0, 8, image.getHeight())).as("text left of its column").isFalse();
        assertThat(written(image, 72, values, 8, image.getHeight() - values)).as("text right of its column").isFalse();

        XyGrid down = XyGrid.of(CAT, Axis.NONE, Axis.prompt(prompt, "a cat"));
        BufferedImage tall = down.image(plain(down));
        assertThat(tall.getHeight()).isEqualTo(2 * 72 + 8);
        assertThat(tall.getWidth()).isGreaterThan(72 + 300);
    }

    @Test
    void cellsHaveRoomForPicturesOfTheSecondPass() {
        TextToImage request = CAT.toBuilder().hires(HiresFix.to(128, 192)).build();
        BufferedImage image = XyGrid.of(request, STEPS, Axis.NONE)
                .image(List.of(plain(128, 192, Color.RED), plain(128, 192, Color.BLUE)));
        assertThat(new Color(image.getRGB(image.getWidth() - 8 - 128, image.getHeight() - 8 - 192))).isEqualTo(Color.BLUE);
        assertThat(new Color(image.getRGB(image.getWidth() - 1 - 8, image.getHeight() - 1 - 8))).isEqualTo(Color.BLUE);
    }

    @Test
    void missingPicturesStayWhiteAndSmallerOnesAreInTheMiddle() {
        XyGrid grid = XyGrid.of(CAT, Axis.size(new Resolution(64, 64), new Resolution(32, 64)), Axis.seed(1, 2));
        BufferedImage image = grid.image(
                List.of(plain(64, 64, Color.RED), plain(32, 64, Color.BLUE), plain(64, 64, Color.GREEN)));
        int left = image.getWidth() - 2 * 72;
        int top = image.getHeight() - 2 * 72;
        assertThat(new Color(image.getRGB(left + 72 + 15, top))).isEqualTo(Color.WHITE);
        assertThat(new Color(image.getRGB(left + 72 + 16, top))).isEqualTo(Color.BLUE);
        assertThat(new Color(image.getRGB(left, top + 72))).isEqualTo(Color.GREEN);
        assertThat(new Color(image.getRGB(left + 72 + 32, top + 72 + 32))).isEqualTo(Color.WHITE);
        assertThat(grid.image(List.of()).getWidth()).isEqualTo(image.getWidth());
    }

    @Test
    void itIsSavedAsPng(@TempDir Path folder) throws Exception {
        Path png = folder.resolve("grid.png");
        XyGrid grid = XyGrid.of(CAT, STEPS, SCALES);
        grid.save(png, plain(grid));
        assertThat(ImageIO.read(png.toFile()).getHeight()).isEqualTo(grid.image(List.of()).getHeight());
    }

    @Test
    void whatCannotBeDrawnIsRefused() {
        XyGrid grid = XyGrid.of(CAT, STEPS, SCALES);
        assertThatThrownBy(() -> grid.image(Collections.nCopies(7, plain(64, 64, Color.RED))))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("7 pictures for the 6 cells");
        assertThatThrownBy(() -> grid.image(List.of(plain(72, 64, Color.RED))))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("picture 1 is of 72x64");
        XyGrid huge = XyGrid.of(CAT.toBuilder().size(16384, 16384).build(), STEPS, SCALES);
        assertThatThrownBy(() -> huge.image(List.of()))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("too large: give it fewer or smaller ones");
    }
}
