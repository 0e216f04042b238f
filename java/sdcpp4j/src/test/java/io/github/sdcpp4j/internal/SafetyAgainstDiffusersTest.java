package io.github.sdcpp4j.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.sdcpp4j.SafetyChecker;
import io.github.sdcpp4j.SafetyScores;
import io.github.sdcpp4j.internal.images.ClipPixels;
import io.github.sdcpp4j.support.GoldenFile;
import io.github.sdcpp4j.support.GoldenFile.Row;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The safety checker against diffusers' and transformers', from the file that java/verification/safety.py wrote. The checkpoint has
 * random numbers in the first and the last layer and in all biases and normalisations.
 */
@Timeout(300)
class SafetyAgainstDiffusersTest {

    /** One minus the cosine; the largest seen is 4.0e-7, with GELU in place of quick GELU it is 1.1e-5 and more. */
    private static final double ANGLE = 2e-6;
    /** As a share of the largest number; the largest seen is 1.2e-3, with GELU 5e-3 and more. */
    private static final double LARGEST = 3e-3;

    private static SafetyContext context;

    @BeforeAll
    static void load() {
        Path file = PartFiles.randomSafetyChecker(Models.fixtures());
        assertThat(file).hasFileName(GoldenFile.read("safety.json").text("checkpoint"));
        context = SafetyContext.load(SafetyChecker.builder(file).build(), new CancelToken());
    }

    @AfterAll
    static void close() {
        context.close();
    }

    static Stream<Row> cases() {
        return GoldenFile.read("safety.json").rows("cases").stream();
    }

    /** As safety.py draws it. */
    private static BufferedImage drawnPicture(Row golden) {
        int width = golden.whole("width");
        int height = golden.whole("height");
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = (5 * x + 2 * y + width) % 256;
                int green = (x * x + 3 * y) % 256;
                int blue = (x / 8 + y / 8) % 2 * 200 + 20;
                picture.setRGB(x, y, changed(red, 'r', golden) << 16 | changed(green, 'g', golden) << 8 | changed(blue, 'b', golden));
            }
        }
        return picture;
    }

    private static int changed(int value, char colour, Row golden) {
        int divided = value / golden.whole("divisor");
        return golden.text("colours").indexOf(colour) < 0 ? 0 : golden.flag("inverted") ? 255 - divided : divided;
    }

    /** Scaling gives the same bytes as Pillow's; what is left, 2.4e-7, is the last bit of single precision. */
    @ParameterizedTest(name = "{index}")
    @MethodSource("cases")
    void picturesArePreparedTheSame(Row golden) {
        float[] pixels = ClipPixels.of(drawnPicture(golden));
        Row expected = golden.row("pixels");
        assertThat(every(pixels, expected)).containsExactly(expected.numbers("values"), within(5e-7));
        assertThat(norm(pixels)).isCloseTo(expected.number("norm"), within(1e-3));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("cases")
    void theEmbeddingTheScoresAndTheDecisionAreTheSame(Row golden) {
        float[] embedding = context.embed(ClipPixels.of(drawnPicture(golden)), new CancelToken());
        Row expected = golden.row("embedding");
        assertThat(embedding).hasSize(SafetyConcepts.WIDTH);
        double[] seen = every(embedding, expected);
        double[] wanted = expected.numbers("values");
        assertThat(1 - dot(seen, wanted) / Math.sqrt(dot(seen, seen) * dot(wanted, wanted))).isLessThan(ANGLE);
        double most = Arrays.stream(wanted).map(Math::abs).max().orElseThrow();
        assertThat(seen).containsExactly(wanted, within(LARGEST * most));
        assertThat(norm(embedding)).isCloseTo(expected.number("norm"), within(1e-3 * expected.number("norm")));

        SafetyScores scores = context.concepts().scores(embedding);
        assertNear(scores.specialCare(), golden.numbers("specialCare"));
        assertNear(scores.concepts(), golden.numbers("concepts"));
        assertThat(scores.isNsfw()).isEqualTo(golden.flag("nsfw"));
    }

    @Test
    void thePicturesAreOfBothKinds() {
        assertThat(cases()).extracting(row -> row.flag("nsfw")).contains(true, false);
        assertThat(cases()).extracting(row -> Arrays.stream(row.numbers("specialCare")).max().orElseThrow() > 0).contains(true, false);
    }

    /** Scores are rounded to thousandths, so that the smallest difference of embeddings may show as one. */
    private static void assertNear(List<Float> actual, double[] expected) {
        assertThat(actual.stream().mapToDouble(Float::doubleValue).toArray()).containsExactly(expected, within(0.00101));
    }

    private static double[] every(float[] all, Row golden) {
        double[] some = new double[golden.numbers("values").length];
        Arrays.setAll(some, i -> all[i * golden.whole("every")]);
        return some;
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
