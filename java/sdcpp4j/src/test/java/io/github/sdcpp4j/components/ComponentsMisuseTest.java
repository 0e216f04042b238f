package io.github.sdcpp4j.components;

import static io.github.sdcpp4j.support.Models.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.ControlImage;
import io.github.sdcpp4j.GenerationException;
import io.github.sdcpp4j.InsufficientMemoryException;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.schedulers.TorchCpuNoise;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the parts refuse, with a sentence and unharmed: the same picture comes out before and after. */
@Timeout(300)
class ComponentsMisuseTest {

    private static final TextToImage REQUEST = TextToImage.builder().prompt("a lovely cat").size(64, 64).seed(3).steps(2).build();

    private static byte[] picture;

    @BeforeAll
    static void makeThePictureThatMustComeOutAfterwards() {
        picture = Models.pixels(shared().generate(REQUEST).getFirst());
    }

    @AfterAll
    static void theModelIsUnharmed() {
        assertThat(Models.pixels(shared().generate(REQUEST).getFirst())).isEqualTo(picture);
    }

    private static BufferedImage image(int width, int height) {
        return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    }

    private static TextEmbedding text(int... shape) {
        return new TextEmbedding(Tensor.zeros(shape), Optional.empty());
    }

    private static void refused(ThrowingCallable work, String... words) {
        assertThatThrownBy(work).isInstanceOf(InvalidRequestException.class).hasMessageContainingAll(words);
    }

    @Test
    void latentsOfAnotherShape() {
        Components parts = shared().components();
        try (TextEmbedding text = text(1, 77, 768); Tensor flat = Tensor.zeros(256); Tensor three = Tensor.zeros(1, 3, 8, 8);
                Tensor odd = Tensor.zeros(1, 4, 8, 12); Tensor ok = Tensor.zeros(1, 4, 8, 8)) {
            refused(() -> parts.predictNoise(flat, 500, text), "latents: the shape is 256, and 4 dimensions are wanted");
            refused(() -> parts.predictNoise(three, 500, text), "the latents' shape is 1x3x8x8", "4 channels");
            refused(() -> parts.predictNoise(odd, 500, text), "1x4x8x12", "multiples of 8");
            refused(() -> parts.predictNoise(ok, Double.NaN, text), "the timestep is NaN");
            refused(() -> parts.predictNoise(ok, Double.POSITIVE_INFINITY, text), "the timestep is Infinity");
            refused(() -> parts.decodeLatents(flat), "latents: the shape is 256");
            refused(() -> parts.decodeLatents(three), "1x3x8x8", "4 channels");
            refused(() -> parts.preview(three), "1x3x8x8", "4 channels");
            refused(() -> parts.preview(flat), "latents: the shape is 256");
        }
    }

    @Test
    void latentsWithoutEndAndTooManyOfThem() {
        Components parts = shared().components();
        try (TextEmbedding text = text(1, 77, 768); Tensor wide = Tensor.zeros(1, 4, 8, 4096); Tensor many = Tensor.zeros(1001, 4, 8, 8)) {
            refused(() -> parts.predictNoise(wide, 500, text), "1x4x8x4096", "up to 2048");
            refused(() -> parts.predictNoise(many, 500, text), "1001x4x8x8", "1 to 1000");
        }
    }

    @Test
    void textOfAnotherShape() {
        Components parts = shared().components();
        try (Tensor latents = Tensor.zeros(3, 4, 8, 8); TextEmbedding flat = text(77, 768); TextEmbedding sd2 = text(1, 77, 1024);
                TextEmbedding short1 = text(1, 76, 768); TextEmbedding two = text(2, 77, 768);
                TextEmbedding pooled = new TextEmbedding(Tensor.zeros(1, 77, 768), Optional.of(Tensor.zeros(1, 2816)))) {
            refused(() -> parts.predictNoise(latents, 500, flat), "text: the shape is 77x768, and 3 dimensions are wanted");
            refused(() -> parts.predictNoise(latents, 500, sd2), "1x77x1024", "768 numbers");
            refused(() -> parts.predictNoise(latents, 500, short1), "1x76x768", "multiple of 77");
            refused(() -> parts.predictNoise(latents, 500, two), "2x77x768", "for one or for 3");
            refused(() -> parts.predictNoise(latents, 500, pooled), "1x2816", "this model takes none");
        }
    }

    @Test
    void whatTheModelDoesNotTake() {
        Components parts = shared().components();
        try (Tensor latents = Tensor.zeros(1, 4, 8, 8); TextEmbedding text = text(1, 77, 768); Tensor mask = Tensor.zeros(1, 5, 8, 8)) {
            NoisePrediction question = NoisePrediction.of(latents, 500, text);
            refused(() -> parts.predictNoise(question.withConcat(mask)), "1x5x8x8", "latents alone");
            refused(() -> parts.predictNoise(question.withControl(ControlImage.of(image(64, 64)))), "without a ControlNet");
        }
    }

    @Test
    void picturesOfOtherSizes() {
        Components parts = shared().components();
        refused(() -> parts.encodeImage(image(60, 64)), "60x64 pixels", "multiples of 8");
        refused(() -> parts.encodeImage(image(64, 7), 1), "64x7 pixels");
    }

    @Test
    void prompts() {
        Components parts = shared().components();
        refused(() -> parts.encodeText(null), "null");
        refused(() -> parts.encodeText("a\0b"), "NUL character at index 1");
        refused(() -> parts.tokenize("a\0b"), "NUL character at index 1");
        refused(() -> parts.encodeText("cat ".repeat(50_000)), "the prompt has 200000 bytes");
        refused(() -> parts.encodeText("a cat", 0), "clip skip is 0");
        refused(() -> parts.encodeText("a cat", 13), "clip skip is 13");
        refused(() -> parts.encodeText("a cat", 1, new Resolution(0, 64)), "width is 0");
        assertThatThrownBy(() -> parts.encodeText("a (cat:.)")).isInstanceOf(GenerationException.class)
                .hasMessageContaining("a weight in the prompt is not a number");
    }

    @Test
    void closedTensors() {
        Components parts = shared().components();
        Tensor closed = Tensor.zeros(1, 4, 8, 8);
        closed.close();
        TextEmbedding closedText = text(1, 77, 768);
        closedText.close();
        closedText.close();
        try (Tensor latents = Tensor.zeros(1, 4, 8, 8); TextEmbedding text = text(1, 77, 768)) {
            for (ThrowingCallable use : new ThrowingCallable[] {() -> parts.predictNoise(closed, 500, text),
                () -> parts.predictNoise(latents, 500, closedText), () -> parts.decodeLatents(closed), () -> parts.preview(closed),
                () -> parts.predictNoise(NoisePrediction.of(latents, 500, text).withConcat(closed))}) {
                assertThatThrownBy(use).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
            }
        }
    }

    @Test
    void aClosedModel() {
        StableDiffusion sd = StableDiffusion.load(Models.smallSd1());
        Components parts = sd.components();
        sd.close();
        assertThatThrownBy(() -> parts.encodeText("a cat")).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        assertThatThrownBy(sd::components).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    @Test
    void aModelInAWorker() {
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).worker().load()) {
            refused(sd::components, "worker process", "without LoadOptions.worker()");
        }
    }

    @Test
    void aNotANumberIsNotedAndTheModelGoesOn() {
        Components parts = shared().components();
        try (Tensor broken = Tensor.zeros(1, 4, 8, 8); TextEmbedding text = parts.encodeText("a cat")) {
            broken.buffer().put(7, Float.NaN);
            assertThatThrownBy(() -> parts.predictNoise(broken, 500, text)).isInstanceOf(GenerationException.class)
                    .hasMessageContaining("the diffusion model computed NaN");
            assertThatThrownBy(() -> parts.decodeLatents(broken)).isInstanceOf(GenerationException.class)
                    .hasMessageContaining("the VAE computed NaN");
            try (Tensor latents = Tensor.zeros(1, 4, 8, 8); Tensor answer = parts.predictNoise(latents, 500, text)) {
                assertThat(answer.size()).isEqualTo(256);
            }
        }
    }

    @Test
    void moreThanTheMemoryHolds() {
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).memoryLimit(64 << 20).load();
                Tensor latents = Tensor.zeros(1, 4, 128, 128); Tensor small = Tensor.zeros(1, 4, 8, 8);
                TextEmbedding text = sd.components().encodeText("a cat")) {
            Components parts = sd.components();
            assertThatThrownBy(() -> parts.predictNoise(latents, 500, text)).isInstanceOf(InsufficientMemoryException.class)
                    .hasMessageContaining("the diffusion model at a picture of 1024x1024 needs").hasMessageContaining("64 MB are allowed");
            assertThatThrownBy(() -> parts.decodeLatents(latents)).isInstanceOf(InsufficientMemoryException.class)
                    .hasMessageContaining("decoding a picture of 1024x1024 needs");
            parts.predictNoise(small, 500, text).close();
        }
    }

    @Test
    void aTensorThatAModelReadsStaysOpen() throws InterruptedException {
        Components parts = shared().components();
        Tensor latents = Tensor.randn(new TorchCpuNoise(1), 6, 4, 32, 32);
        try (TextEmbedding text = parts.encodeText("a cat")) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread thread = Thread.ofPlatform().start(() -> thrown.set(catchThrowable(() -> parts.predictNoise(latents, 500, text).close())));
            Thread.sleep(500);
            Throwable refusal = catchThrowable(latents::close);
            thread.join();
            // on a slow machine the tensor can be closed before its turn; then it is the call that is refused
            assertThat(refusal == null ? thrown.get() : refusal).isInstanceOf(IllegalStateException.class);
            assertThat(refusal == null || thrown.get() == null).isTrue();
        } finally {
            latents.close();
        }
    }

    @Test
    void anInterruptStopsAPredictionAndIsLeftToTheCaller() throws InterruptedException {
        Components parts = shared().components();
        try (Tensor latents = Tensor.randn(new TorchCpuNoise(1), 40, 4, 32, 32); TextEmbedding text = parts.encodeText("a cat")) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            AtomicReference<Boolean> interrupted = new AtomicReference<>();
            Thread thread = Thread.ofVirtual().start(() -> {
                thrown.set(catchThrowable(() -> parts.predictNoise(latents, 500, text)));
                interrupted.set(Thread.currentThread().isInterrupted());
            });
            Thread.sleep(300);
            thread.interrupt();
            thread.join();
            assertThat(thrown.get()).isInstanceOf(CancelledException.class).hasMessageContaining("interrupted");
            assertThat(interrupted.get()).isTrue();
            assertThat(latents.size()).isEqualTo(40 * 4 * 32 * 32);
        }
    }

    @Test
    void aVideoModel() {
        try (StableDiffusion sd = StableDiffusion.load(LoadOptions.builder()
                .file(ModelFile.DIFFUSION, PartFiles.wan(Models.fixtures())).taesd(PartFiles.videoTaesd(Models.fixtures())).build())) {
            refused(sd::components, "SD 1.x, SD 2.x and SDXL");
        }
    }
}
