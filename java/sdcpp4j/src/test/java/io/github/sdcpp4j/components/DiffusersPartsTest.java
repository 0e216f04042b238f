package io.github.sdcpp4j.components;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.PromptTokens;
import io.github.sdcpp4j.PromptTokens.Token;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.schedulers.DdimScheduler;
import io.github.sdcpp4j.schedulers.EulerScheduler;
import io.github.sdcpp4j.schedulers.NoiseScheduler;
import io.github.sdcpp4j.schedulers.TorchCpuNoise;
import io.github.sdcpp4j.schedulers.TorchCudaNoise;
import io.github.sdcpp4j.support.GoldenFile;
import io.github.sdcpp4j.support.GoldenFile.Row;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import io.github.sdcpp4j.testkit.Psnr;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The parts of a model against diffusers and transformers, from the files of java/verification, whose README tells why the numbers
 * differ at all and what mistakes would make of them. The checkpoint has random numbers in every tensor, so that no layer, bias or
 * normalisation can go missing unseen; the whole loop runs on the small one, whose noise can be taken away.
 */
@Timeout(600)
class DiffusersPartsTest {

    private static final int WIDTH = 128;
    private static final int HEIGHT = 64;
    private static final int[] LATENTS = {1, 4, HEIGHT / 8, WIDTH / 8};
    private static final int[] TEXT = {1, 77, 768};

    /** The largest seen are 2.1e-7, 7.9e-4; with GELU in place of quick GELU 6e-5. */
    private static final Difference TEXT_TOLERANCE = new Difference(1e-6, 2e-3, 1e-4);
    /** The largest seen are 3.5e-7, 1.3e-3. */
    private static final Difference ENCODER_TOLERANCE = new Difference(1e-6, 3e-3, 1e-3);
    /** The largest seen are 1.7e-6, 3.7e-3, of which 2.0e-3 is the rounding to 8 bits. */
    private static final Difference PIXEL_TOLERANCE = new Difference(5e-6, 1.5 / 255, 1e-3);
    /** The largest seen are 4.6e-6, 3.4e-3; with one bias of one convolution lost 1.6e-5. */
    private static final Difference UNET_TOLERANCE = new Difference(1e-5, 6e-3, 1e-3);
    /** The largest seen are 3.7e-5, 9.9e-3: guidance 7 multiplies what the UNet's two answers differ by. */
    private static final Difference LOOP_TOLERANCE = new Difference(1e-4, 2e-2, 1e-2);
    /** In decibels; the least seen is 51.9. */
    private static final double LEAST_PSNR = 45;

    private static StableDiffusion sd;
    private static Components parts;

    @BeforeAll
    static void load() {
        Path checkpoint = PartFiles.randomSd1(Models.fixtures());
        for (String file : List.of("text-encoder.json", "vae.json", "unet.json")) {
            assertThat(checkpoint).as(file).hasFileName(GoldenFile.read(file).text("checkpoint"));
        }
        sd = StableDiffusion.load(checkpoint);
        parts = sd.components();
    }

    @AfterAll
    static void close() {
        sd.close();
    }

    static Stream<Row> tokenCases() {
        return GoldenFile.read("tokens.json").rows("cases").stream();
    }

    static Stream<Row> textCases() {
        return GoldenFile.read("text-encoder.json").rows("cases").stream();
    }

    static Stream<Row> unetCases() {
        return GoldenFile.read("unet.json").rows("cases").stream();
    }

    static Stream<Row> loopCases() {
        return GoldenFile.read("loop.json").rows("cases").stream();
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("tokenCases")
    void tokensAndWeightsAreTheSame(Row golden) {
        PromptTokens tokens = parts.tokenize(golden.text("prompt"));
        List<double[]> ids = golden.lists("chunks");
        List<double[]> weights = golden.lists("weights");
        assertThat(tokens.chunks()).hasSameSizeAs(ids);
        for (int i = 0; i < ids.size(); i++) {
            List<Token> chunk = tokens.chunks().get(i);
            assertThat(chunk.stream().mapToDouble(Token::id)).containsExactly(boxed(ids.get(i)));
            assertThat(chunk.stream().map(token -> (float) token.weight()).mapToDouble(Float::doubleValue))
                    .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-6 ? 0 : 1).containsExactly(boxed(weights.get(i)));
        }
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("textCases")
    void theTextEncoderAnswersTheSame(Row golden) {
        assertNear(parts.encodeText(golden.text("prompt"), golden.whole("clipSkip")).context(), golden, TEXT_TOLERANCE);
    }

    @Test
    void theVaeEncodesTheSame() {
        assertNear(parts.encodeImage(drawnPicture()), vae("mean"), ENCODER_TOLERANCE);
    }

    /** A sample is the mean and noise times the deviation; the noise is the runtime's, of that seed. */
    @Test
    void theVaesDeviationIsTheSame() {
        try (Tensor mean = parts.encodeImage(drawnPicture()); Tensor sample = parts.encodeImage(drawnPicture(), 21)) {
            float[] deviation = sample.axpy(-1, mean).toArray();
            float[] noise = new TorchCudaNoise(21).next(deviation.length);
            for (int i = 0; i < noise.length; i++) {
                deviation[i] /= noise[i];
            }
            assertNear(Tensor.of(deviation, LATENTS), vae("deviation"), ENCODER_TOLERANCE);
        }
    }

    @Test
    void theVaeDecodesTheSame() {
        Row golden = vae("decoded");
        byte[] pixels;
        try (Tensor latents = noise(golden.whole("seed"), LATENTS)) {
            pixels = Models.pixels(parts.decodeLatents(latents).getFirst());
        }
        float[] values = new float[pixels.length];
        int plane = WIDTH * HEIGHT;
        for (int i = 0; i < values.length; i++) {
            values[i] = (pixels[i % plane * 3 + i / plane] & 0xFF) / 255f;
        }
        assertNear(Tensor.of(values, 3, HEIGHT, WIDTH), golden, PIXEL_TOLERANCE);
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("unetCases")
    void theUnetAnswersTheSame(Row golden) {
        int seed = golden.whole("contextSeed");
        try (Tensor latents = noise(golden.whole("seed"), LATENTS);
                TextEmbedding text = seed == 0
                        ? parts.encodeText(golden.text("prompt")) : new TextEmbedding(noise(seed, TEXT), Optional.empty())) {
            assertNear(parts.predictNoise(latents, golden.number("timestep"), text), golden, UNET_TOLERANCE);
        }
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("loopCases")
    void aWholeLoopEndsInTheSamePicture(Row golden) throws IOException {
        assertThat(Models.smallSd1()).hasFileName(GoldenFile.read("loop.json").text("checkpoint"));
        Components small = Models.shared().components();
        NoiseScheduler scheduler = golden.text("scheduler").startsWith("DDIM")
                ? DdimScheduler.stableDiffusion1() : EulerScheduler.stableDiffusion1();
        BufferedImage expected = ImageIO.read(DiffusersPartsTest.class.getResource("/golden/" + golden.text("picture")));
        try (Tensor latents = loop(small, golden, scheduler)) {
            assertThat(Psnr.of(small.decodeLatents(latents).getFirst(), expected)).isGreaterThan(LEAST_PSNR);
            assertNear(latents, golden, LOOP_TOLERANCE);
        }
    }

    private static Tensor loop(Components model, Row golden, NoiseScheduler scheduler) {
        scheduler.setTimesteps(golden.whole("steps"));
        float[] latents = noise(golden.whole("seed"), LATENTS).scale(scheduler.initNoiseSigma()).toArray();
        try (TextEmbedding prompt = model.encodeText(golden.text("prompt")); TextEmbedding nothing = model.encodeText("")) {
            for (double t : scheduler.timesteps()) {
                try (Tensor scaled = Tensor.of(scheduler.scaleModelInput(latents, t), LATENTS);
                        Tensor without = model.predictNoise(scaled, t, nothing);
                        Tensor with = model.predictNoise(scaled, t, prompt)) {
                    float[] guided = without.lerp(with, golden.number("guidance")).toArray();
                    latents = scheduler.step(guided, t, latents).sample();
                }
            }
        }
        return Tensor.of(latents, LATENTS);
    }

    private static Row vae(String part) {
        return GoldenFile.read("vae.json").rows("cases").stream()
                .filter(row -> row.text("part").equals(part)).findAny().orElseThrow();
    }

    private static Tensor noise(long seed, int... shape) {
        return Tensor.randn(new TorchCpuNoise(seed), shape);
    }

    /** As parts.py draws it. */
    private static BufferedImage drawnPicture() {
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int red = (5 * x + 2 * y) % 256;
                int green = (x * x + 3 * y) % 256;
                int blue = (x / 8 + y / 8) % 2 * 200 + 20;
                picture.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
        return picture;
    }

    private static Double[] boxed(double[] values) {
        return Arrays.stream(values).boxed().toArray(Double[]::new);
    }

    private static void assertNear(Tensor actual, Row golden, Difference tolerance) {
        try (actual) {
            assertThat(Difference.of(actual, golden)).matches(tolerance::covers, "covered by " + tolerance);
        }
    }

    /**
     * How far an answer is from the golden one.
     *
     * @param angle one minus the cosine of the angle between them
     * @param largest the largest difference, as a share of the largest number that was expected
     * @param norm the difference of their norms, as a share; with the numbers that the file leaves out
     */
    private record Difference(double angle, double largest, double norm) {

        static Difference of(Tensor actual, Row golden) {
            assertThat(actual.shape()).containsExactly(Arrays.stream(golden.numbers("shape")).mapToInt(side -> (int) side).toArray());
            float[] values = actual.toArray();
            double[] all = new double[values.length];
            Arrays.setAll(all, i -> values[i]);
            double[] expected = golden.numbers("values");
            double[] seen = new double[expected.length];
            int every = golden.whole("every");
            Arrays.setAll(seen, i -> all[i * every]);
            double largest = 0;
            for (int i = 0; i < seen.length; i++) {
                largest = Math.max(largest, Math.abs(seen[i] - expected[i]));
            }
            double most = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            return new Difference(1 - dot(seen, expected) / (norm(seen) * norm(expected)), largest / most,
                    Math.abs(norm(all) / golden.number("norm") - 1));
        }

        private static double norm(double[] a) {
            return Math.sqrt(dot(a, a));
        }

        private static double dot(double[] a, double[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += a[i] * b[i];
            }
            return sum;
        }

        /** Not for NaN. */
        boolean covers(Difference seen) {
            return seen.angle <= angle && seen.largest <= largest && seen.norm <= norm;
        }
    }
}
