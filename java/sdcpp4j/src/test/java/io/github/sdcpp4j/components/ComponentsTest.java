package io.github.sdcpp4j.components;

import static io.github.sdcpp4j.support.Models.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.sdcpp4j.Additions;
import io.github.sdcpp4j.ControlImage;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoraApplyMode;
import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.Prediction;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.schedulers.NoiseSchedule;
import io.github.sdcpp4j.schedulers.TorchCpuNoise;
import io.github.sdcpp4j.support.LiveObjects;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the parts of a model give, each by itself. That they make a picture together, {@link DenoisingLoopTest} shows. */
@Timeout(300)
class ComponentsTest {

    /** How the generated checkpoint's VAE writes red, green and blue from -1 to 1 into its four channels. */
    private static final int[][] TETRAHEDRON = {{1, 1, 1}, {1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}};

    private static final Color[] COLOURS = {Color.RED, Color.WHITE, new Color(20, 130, 90), Color.BLUE, Color.BLACK, Color.ORANGE};

    /** Blocks of 8x8 pixels, each of one colour. */
    private static BufferedImage blocks(int columns, int rows) {
        BufferedImage image = new BufferedImage(8 * columns, 8 * rows, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        for (int i = 0; i < columns * rows; i++) {
            graphics.setColor(COLOURS[i % COLOURS.length]);
            graphics.fillRect(i % columns * 8, i / columns * 8, 8, 8);
        }
        graphics.dispose();
        return image;
    }

    private static Tensor noise(long seed, int... shape) {
        return Tensor.randn(new TorchCpuNoise(seed), shape);
    }

    private static float[] values(TextEmbedding embedding) {
        try (embedding) {
            return embedding.context().toArray();
        }
    }

    private static float[] values(Tensor tensor) {
        try (tensor) {
            return tensor.toArray();
        }
    }

    private static double distance(float[] a, float[] b) {
        assertThat(a).hasSameSizeAs(b);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] - b[i]);
        }
        return sum / a.length;
    }

    @Test
    void theModelIsDescribed() {
        Components parts = shared().components();
        assertThat(parts.latentChannels()).isEqualTo(4);
        assertThat(parts.downscale()).isEqualTo(8);
        assertThat(parts.scalingFactor()).isEqualTo(0.18215);
        assertThat(parts.prediction()).isEqualTo(Prediction.EPS);
        assertThat(parts.tokenize("a red circle")).isEqualTo(shared().tokens("a red circle"));
    }

    @Test
    void theNoiseOfTheTrainingIsStableDiffusions() {
        float[] alphas = shared().components().alphasCumprod();
        float[] expected = NoiseSchedule.stableDiffusion().alphasCumprod();
        assertThat(alphas).hasSize(1000);
        for (int t = 0; t < alphas.length; t++) {
            assertThat(alphas[t]).isCloseTo(expected[t], within(2e-6f));
        }
    }

    @Test
    void whatAPromptSaysIsInItsEmbedding() {
        Components parts = shared().components();
        try (TextEmbedding cat = parts.encodeText("a lovely cat")) {
            assertThat(cat.context().shape()).containsExactly(1, 77, 768);
            assertThat(cat.pooled()).isEmpty();
        }
        float[] cat = values(parts.encodeText("a lovely cat"));
        assertThat(values(parts.encodeText("a lovely cat"))).isEqualTo(cat);
        assertThat(values(parts.encodeText("a lovely cat <lora:nothing:1>"))).as("LoRAs are left out").isEqualTo(cat);
        assertThat(values(parts.encodeText("a lovely cat", 1))).as("the usual clip skip").isEqualTo(cat);
        assertThat(values(parts.encodeText("a lovely cat", 1, new Resolution(64, 64)))).as("SD 1.x knows no size").isEqualTo(cat);
        for (String other : List.of("a lovely dog", "a (lovely:1.5) cat", "")) {
            assertThat(distance(values(parts.encodeText(other)), cat)).as(other).isPositive();
        }
        assertThat(distance(values(parts.encodeText("a lovely cat", 3)), cat)).as("clip skip").isPositive();
    }

    @Test
    void aLongPromptAndABreakMakeMoreChunks() {
        Components parts = shared().components();
        try (TextEmbedding two = parts.encodeText("cat ".repeat(76)); TextEmbedding three = parts.encodeText("a BREAK b BREAK c")) {
            assertThat(two.context().shape()).containsExactly(1, 154, 768);
            assertThat(three.context().shape()).containsExactly(1, 231, 768);
            try (Tensor latents = noise(1, 1, 4, 8, 8)) {
                assertThat(values(parts.predictNoise(latents, 500, three))).isNotEqualTo(values(parts.predictNoise(latents, 500, two)));
            }
        }
    }

    @Test
    void aWordOfAnEmbeddingIsReadAsInARequest() {
        Path word = PartFiles.textualInversion(Models.fixtures());
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).additions(Additions.NONE.withEmbedding("zwx", word)).load()) {
            float[] plain = values(shared().components().encodeText("a ZWX cat"));
            assertThat(distance(values(sd.components().encodeText("a ZWX cat")), plain)).isPositive();
        }
    }

    @Test
    void anEncodedPictureHasTheKnownLatents() {
        BufferedImage image = blocks(4, 2);
        try (Tensor latents = shared().components().encodeImage(image)) {
            assertThat(latents.shape()).containsExactly(1, 4, 2, 4);
            for (int c = 0; c < 4; c++) {
                for (int i = 0; i < 8; i++) {
                    Color colour = COLOURS[i % COLOURS.length];
                    int[] rgb = {colour.getRed(), colour.getGreen(), colour.getBlue()};
                    double expected = 0;
                    for (int k = 0; k < 3; k++) {
                        expected += TETRAHEDRON[c][k] * (rgb[k] / 127.5 - 1);
                    }
                    assertThat((double) latents.buffer().get(8 * c + i)).isCloseTo(expected, within(0.05));
                }
            }
        }
    }

    @Test
    void aSampleIsNearTheMeanOfAnEncoderThatIsSure() {
        Components parts = shared().components();
        float[] mean = values(parts.encodeImage(blocks(2, 2)));
        assertThat(distance(values(parts.encodeImage(blocks(2, 2), 5)), mean)).isLessThan(1e-5);
        assertThat(values(parts.encodeImage(blocks(2, 2), 5))).isEqualTo(values(parts.encodeImage(blocks(2, 2), 5)));
    }

    @Test
    void decodingUndoesEncodingForEachPictureOfABatch() {
        Components parts = shared().components();
        BufferedImage first = blocks(4, 3);
        BufferedImage second = new BufferedImage(32, 24, BufferedImage.TYPE_INT_RGB);
        try (Tensor one = parts.encodeImage(first); Tensor other = parts.encodeImage(second); Tensor both = Tensor.concat(one, other)) {
            List<BufferedImage> decoded = parts.decodeLatents(both);
            assertThat(decoded).hasSize(2);
            assertNear(decoded.get(0), first);
            assertNear(decoded.get(1), second);
        }
    }

    private static void assertNear(BufferedImage actual, BufferedImage expected) {
        assertThat(actual.getWidth()).isEqualTo(expected.getWidth());
        assertThat(actual.getHeight()).isEqualTo(expected.getHeight());
        double sum = 0;
        for (int y = 0; y < expected.getHeight(); y++) {
            for (int x = 0; x < expected.getWidth(); x++) {
                Color a = new Color(actual.getRGB(x, y));
                Color e = new Color(expected.getRGB(x, y));
                sum += Math.abs(a.getRed() - e.getRed()) + Math.abs(a.getGreen() - e.getGreen()) + Math.abs(a.getBlue() - e.getBlue());
            }
        }
        assertThat(sum / (3.0 * expected.getWidth() * expected.getHeight())).as("levels of 255").isLessThan(4);
    }

    @Test
    void aPreviewHasAPixelForEachOfTheLatents() {
        try (Tensor latents = noise(3, 2, 4, 8, 16)) {
            List<BufferedImage> previews = shared().components().preview(latents);
            assertThat(previews).hasSize(2).allSatisfy(preview -> {
                assertThat(preview.getWidth()).isEqualTo(16);
                assertThat(preview.getHeight()).isEqualTo(8);
            });
            assertThat(Models.pixels(previews.get(0))).isNotEqualTo(Models.pixels(previews.get(1)));
        }
    }

    @Test
    void aBatchGivesWhatItsPartsGive() {
        Components parts = shared().components();
        try (Tensor one = noise(1, 1, 4, 8, 8); Tensor other = noise(2, 1, 4, 8, 8); Tensor both = Tensor.concat(one, other);
                TextEmbedding cat = parts.encodeText("a cat"); TextEmbedding dog = parts.encodeText("a dog");
                TextEmbedding each = new TextEmbedding(Tensor.concat(cat.context(), dog.context()), Optional.empty());
                Tensor ofBoth = parts.predictNoise(both, 700, cat); Tensor ofEach = parts.predictNoise(both, 700, each)) {
            assertThat(ofBoth.shape()).containsExactly(2, 4, 8, 8);
            float[] first = values(parts.predictNoise(one, 700, cat));
            assertThat(values(ofBoth.slice(0, 1))).isEqualTo(first);
            assertThat(values(ofBoth.slice(1, 2))).isEqualTo(values(parts.predictNoise(other, 700, cat))).isNotEqualTo(first);
            assertThat(values(ofEach.slice(0, 1))).isEqualTo(first);
            assertThat(values(ofEach.slice(1, 2))).isEqualTo(values(parts.predictNoise(other, 700, dog)));
            assertThat(distance(values(parts.predictNoise(one, 700, dog)), first)).as("the text matters").isPositive();
            assertThat(distance(values(parts.predictNoise(one, 20.5, cat)), first)).as("the timestep matters").isPositive();
            assertThat(one.toArray()).as("what is handed in stays").isEqualTo(new TorchCpuNoise(1).next(256));
        }
    }

    @Test
    void sizesMayComeInAnyOrder() {
        Components parts = shared().components();
        try (TextEmbedding cat = parts.encodeText("a cat"); Tensor small = noise(1, 1, 4, 8, 8); Tensor large = noise(1, 1, 4, 16, 24)) {
            float[] ofSmall = values(parts.predictNoise(small, 700, cat));
            float[] ofLarge = values(parts.predictNoise(large, 700, cat));
            assertThat(values(parts.predictNoise(small, 700, cat))).isEqualTo(ofSmall);
            assertThat(values(parts.predictNoise(large, 700, cat))).isEqualTo(ofLarge);
        }
    }

    @Test
    void modelsThatSeeMoreThanLatentsAreShownIt() {
        concatMatters(PartFiles.inpaint(Models.fixtures()), 5);
        concatMatters(PartFiles.pix2pix(Models.fixtures()), 4);
        concatMatters(PartFiles.depth(Models.fixtures()), 1);
    }

    private static void concatMatters(Path checkpoint, int channels) {
        try (StableDiffusion sd = StableDiffusion.load(checkpoint)) {
            Components parts = sd.components();
            try (TextEmbedding cat = parts.encodeText("a cat"); Tensor latents = noise(1, 2, 4, 8, 8);
                    Tensor zeros = Tensor.zeros(1, channels, 8, 8); Tensor shown = noise(9, 2, channels, 8, 8);
                    Tensor first = latents.slice(0, 1); Tensor firstShown = shown.slice(0, 1)) {
                NoisePrediction question = NoisePrediction.of(latents, 500, cat);
                float[] without = values(parts.predictNoise(question.withConcat(zeros)));
                float[] with = values(parts.predictNoise(question.withConcat(shown)));
                assertThat(distance(with, without)).as("effect of %d channels".formatted(channels)).isPositive();
                assertThat(values(parts.predictNoise(NoisePrediction.of(first, 500, cat).withConcat(firstShown))))
                        .as("each has its own").isEqualTo(Arrays.copyOf(with, 256));
                assertThatThrownBy(() -> parts.predictNoise(question)).isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("this model takes %d channels beside the latents".formatted(channels));
                try (Tensor wrong = Tensor.zeros(1, channels, 8, 16)) {
                    assertThatThrownBy(() -> parts.predictNoise(question.withConcat(wrong))).isInstanceOf(InvalidRequestException.class)
                            .hasMessageContaining("1x%dx8x16".formatted(channels));
                }
            }
        }
    }

    @Test
    void aControlNetIsAskedToo() {
        try (StableDiffusion sd = StableDiffusion.builder(PartFiles.wide(Models.fixtures()))
                .file(ModelFile.CONTROL_NET, PartFiles.controlNetThatAnswers(Models.fixtures())).load()) {
            Components parts = sd.components();
            try (TextEmbedding cat = parts.encodeText("a cat"); Tensor latents = noise(1, 1, 4, 8, 8)) {
                NoisePrediction question = NoisePrediction.of(latents, 500, cat);
                float[] without = values(parts.predictNoise(question));
                ControlImage control = ControlImage.of(blocks(8, 8));
                float[] with = values(parts.predictNoise(question.withControl(control)));
                assertThat(distance(with, without)).as("effect of the ControlNet").isPositive();
                assertThat(values(parts.predictNoise(question.withControl(control)))).isEqualTo(with);
                assertThat(values(parts.predictNoise(question.withControl(control.withStrength(0.3))))).isNotEqualTo(with);
                assertThat(values(parts.predictNoise(question.withControl(ControlImage.of(blocks(3, 5)))))).isNotEqualTo(with);
                assertThat(values(parts.predictNoise(question))).as("without it again").isEqualTo(without);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IMMEDIATELY", "AT_RUNTIME"})
    void theLorasOfAnEarlierRequestAreGone(LoraApplyMode mode) {
        TextToImage request = TextToImage.builder().prompt("a lovely cat").size(64, 64).seed(3).steps(2).build();
        TextToImage withLora = request.toBuilder().lora(PartFiles.lora(Models.fixtures()), 1).build();
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).additions(Additions.NONE.withLoraApplyMode(mode)).load();
                Tensor latents = noise(1, 1, 4, 8, 8)) {
            Components parts = sd.components();
            try (TextEmbedding cat = parts.encodeText("a cat")) {
                float[] before = values(parts.predictNoise(latents, 500, cat));
                byte[] without = Models.pixels(sd.generate(request).getFirst());
                byte[] with = Models.pixels(sd.generate(withLora).getFirst());
                assertThat(with).isNotEqualTo(without);
                assertThat(values(parts.encodeText("a cat"))).isEqualTo(cat.context().toArray());
                assertThat(values(parts.predictNoise(latents, 500, cat))).isEqualTo(before);
                assertThat(Models.pixels(sd.generate(withLora).getFirst())).as("a request after a prediction").isEqualTo(with);
                assertThat(values(parts.predictNoise(latents, 500, cat))).isEqualTo(before);
                assertThat(Models.pixels(sd.generate(request).getFirst())).isEqualTo(without);
            }
        }
    }

    @Test
    void aTaesdInPlaceOfTheVaeHasItsOwnScale() {
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).taesd(PartFiles.taesd(Models.fixtures())).load()) {
            Components parts = sd.components();
            assertThat(parts.scalingFactor()).isEqualTo(1);
            try (Tensor latents = parts.encodeImage(blocks(8, 8))) {
                assertThat(latents.shape()).containsExactly(1, 4, 8, 8);
                assertThat(parts.decodeLatents(latents)).hasSize(1);
            }
        }
    }

    @Test
    void sd2HasAWiderTextAndItsOwnClipSkip() {
        try (StableDiffusion sd = StableDiffusion.load(PartFiles.sd2(Models.fixtures()))) {
            Components parts = sd.components();
            assertThatThrownBy(() -> parts.encodeText("a cat", 1))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("clip skip is 1");
            try (TextEmbedding cat = parts.encodeText("a cat"); Tensor latents = noise(1, 1, 4, 8, 8)) {
                assertThat(cat.context().shape()).containsExactly(1, 77, 1024);
                assertThat(values(parts.encodeText("a cat", 2))).as("the usual clip skip").isEqualTo(cat.context().toArray());
                assertThat(values(parts.predictNoise(latents, 500, cat))).hasSize(256);
            }
        }
    }

    @Test
    void nothingNativeIsLeftBehind() {
        long before = LiveObjects.count();
        try (StableDiffusion sd = StableDiffusion.load(Models.smallSd1())) {
            Components parts = sd.components();
            try (TextEmbedding cat = parts.encodeText("a cat"); Tensor latents = noise(1, 1, 4, 8, 8);
                    Tensor answer = parts.predictNoise(latents, 500, cat)) {
                parts.preview(answer);
                parts.decodeLatents(answer);
            }
        }
        assertThat(LiveObjects.count()).isEqualTo(before);
    }
}
