package io.github.sdcpp4j.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.CheckpointInfo;
import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Mask;
import io.github.sdcpp4j.ModelKind;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What pictures mean, not only that there are some. The model errs now and then, so these tests count; the figures over many
 * more pictures are in the module's README.
 */
class DemoModelTest {

    private static final int SIDE = 128;
    private static final int STEPS = 10; // enough to see what it means

    private static StableDiffusion sd;

    @BeforeAll
    static void load() {
        sd = StableDiffusion.demo();
    }

    @AfterAll
    static void close() {
        sd.close();
    }

    private static TextToImage.Builder request(String prompt, long seed) {
        return TextToImage.builder().prompt(prompt).size(SIDE, SIDE).steps(STEPS).seed(seed);
    }

    private static BufferedImage picture(TextToImage.Builder request) {
        return sd.generate(request.build()).getFirst().image();
    }

    private static Painting painting(String prompt, long seed) {
        return Painting.of(picture(request(prompt, seed)));
    }

    private static List<Wish> wishes(int count, long seed) {
        Random random = new Random(seed);
        List<Wish> wishes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            wishes.add(Wish.random(random));
        }
        return wishes;
    }

    @Test
    void itIsACompleteCheckpointThatSaysItsSize() {
        CheckpointInfo info = CheckpointInfo.read(LoadOptions.builder().demo().build().mainFile());
        assertThat(info.kind()).isEqualTo(ModelKind.CHECKPOINT);
        assertThat(info.family()).hasValue("SD 1.x");
        assertThat(info.resolution()).hasValue(new Resolution(SIDE, SIDE));
        assertThat(info.hasDiffusion() && info.hasTextEncoder() && info.hasVae()).isTrue();
    }

    @Test
    void promptsInSeveralWordingsAreFollowed() {
        int seen = 0;
        List<Wish> wishes = wishes(8, 1);
        for (int i = 0; i < wishes.size(); i++) {
            String prompt = wishes.get(i).prompt(Wish.WORDINGS.get(i % Wish.WORDINGS.size()));
            seen += wishes.get(i).isSeenIn(painting(prompt, i)) ? 1 : 0;
        }
        assertThat(seen).as("right of 8").isGreaterThanOrEqualTo(7);
    }

    @Test
    void twoThingsKeepTheirOwnColours() {
        int seen = 0;
        for (int seed = 0; seed < 3; seed++) {
            Painting painting = painting("a red circle and a blue square on a white background", seed);
            seen += painting.background() == Palette.WHITE
                    && painting.things().size() == 2
                    && new Wish(Outline.CIRCLE, Palette.RED, Palette.WHITE).isSeenIn(painting.things().getFirst())
                    && new Wish(Outline.SQUARE, Palette.BLUE, Palette.WHITE).isSeenIn(painting.things().getLast()) ? 1 : 0;
        }
        assertThat(seen).as("right of 3").isGreaterThanOrEqualTo(2);
    }

    @Test
    void placesAndSizesAreFollowed() {
        Painting.Thing left = painting("a small red square in the top left on a white background", 1).things().getFirst();
        Painting.Thing right = painting("a small red square in the bottom right on a white background", 1).things().getFirst();
        Painting.Thing large = painting("a large red square on a white background", 1).things().getFirst();
        assertThat(left.x()).isLessThan(0.4);
        assertThat(left.y()).isLessThan(0.4);
        assertThat(right.x()).isGreaterThan(0.6);
        assertThat(right.y()).isGreaterThan(0.6);
        assertThat(large.size()).isGreaterThan(1.4 * left.size());
    }

    @Test
    void aSeedIsAPictureAndAnotherSeedAnotherOne() {
        TextToImage.Builder request = request("a green star on a black background", 7).steps(2);
        int[] first = pixels(picture(request));
        assertThat(pixels(picture(request))).isEqualTo(first);
        assertThat(pixels(picture(request.seed(8)))).isNotEqualTo(first);
    }

    @Test
    void aNegativePromptIsKeptAwayFrom() {
        int red = 0;
        int redThough = 0;
        for (int seed = 0; seed < 2; seed++) {
            red += contains(Palette.RED, picture(request("a red circle on a white background", seed)));
            redThough += contains(Palette.RED,
                    picture(request("a circle on a white background", seed).negativePrompt("a red circle")));
        }
        assertThat(red).isEqualTo(2);
        assertThat(redThough).isZero();
    }

    private static int contains(Palette color, BufferedImage image) {
        return Painting.of(image).things().stream().anyMatch(thing -> thing.color() == color) ? 1 : 0;
    }

    @Test
    void withoutGuidanceTheNegativePromptSaysNothing() {
        TextToImage.Builder request = request("a blue star on a white background", 5).guidanceScale(1).steps(2);
        assertThat(pixels(picture(request.negativePrompt("a blue star")))).isEqualTo(pixels(picture(request.negativePrompt(""))));
    }

    @Test
    void littleStrengthKeepsTheDrawingInItsPlaceAndMuchStrengthFollowsThePrompt() {
        Wish drawn = new Wish(Outline.SQUARE, Palette.BLUE, Palette.YELLOW);
        ImageToImage.Builder request = ImageToImage.builder(drawn.drawing(SIDE, 0.3, 0.3)).steps(STEPS).seed(3);
        Painting kept = Painting.of(image(request.prompt(drawn.prompt()).strength(0.3)));
        assertThat(drawn.isSeenIn(kept)).isTrue();
        assertThat(kept.things().getFirst().x()).isBetween(0.25, 0.35);
        assertThat(kept.things().getFirst().y()).isBetween(0.25, 0.35);
        Wish wished = new Wish(Outline.CIRCLE, Palette.RED, Palette.WHITE);
        assertThat(wished.isSeenIn(Painting.of(image(request.prompt(wished.prompt()).strength(0.95))))).isTrue();
    }

    private static BufferedImage image(ImageToImage.Builder request) {
        return sd.generate(request.build()).getFirst().image();
    }

    @Test
    void inpaintingChangesTheThingAndNothingElse() {
        Wish drawn = new Wish(Outline.SQUARE, Palette.BLUE, Palette.WHITE);
        BufferedImage before = drawn.drawing(SIDE);
        BufferedImage mask = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = mask.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(20, 20, 88, 88);
        graphics.dispose();
        Wish wished = new Wish(Outline.CIRCLE, Palette.RED, Palette.WHITE);
        BufferedImage after = image(ImageToImage.builder(before).prompt(wished.prompt()).strength(1).steps(STEPS).seed(3).mask(Mask.of(mask)));
        assertThat(wished.isSeenIn(Painting.of(after))).isTrue();
        for (int i = 0; i < SIDE * SIDE; i++) {
            int x = i % SIDE;
            int y = i / SIDE;
            if (mask.getRGB(x, y) == Color.BLACK.getRGB()) {
                assertThat(after.getRGB(x, y)).isEqualTo(before.getRGB(x, y));
            }
        }
    }

    @Test
    void weightsInThePromptDoNoHarm() {
        Wish wish = new Wish(Outline.CIRCLE, Palette.RED, Palette.YELLOW);
        assertThat(wish.isSeenIn(painting("a (red:1.2) circle on a [yellow] background", 42))).isTrue();
    }

    @Test
    void aBatchHasOneSeedForEachPicture() {
        TextToImage.Builder request = request("a blue cross, orange background", 20).steps(2);
        List<GeneratedImage> batch = sd.generate(request.batchCount(2).build());
        assertThat(batch).hasSize(2);
        assertThat(pixels(batch.get(1).image())).isEqualTo(pixels(picture(request.batchCount(1).seed(21))));
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
