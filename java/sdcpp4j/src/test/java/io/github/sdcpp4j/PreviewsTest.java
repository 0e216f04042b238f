package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.pixels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.sdcpp4j.support.LiveObjects;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.support.PreviewLog;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(600)
class PreviewsTest {

    /** Euler's last step goes all the way: what the model expects there is the picture. */
    private static final TextToImage REQUEST = TextToImage.builder()
            .prompt("a lovely cat").size(64, 64).steps(6).seed(42).sampler(Sampler.EULER).build();

    /** Runs for a minute unless it is stopped. */
    private static final TextToImage LONG = REQUEST.toBuilder().steps(500).build();

    private static byte[] expected;

    @BeforeAll
    static void makeThePicture() {
        expected = pixels(Models.shared().generate(REQUEST).getFirst());
    }

    private static void assertTheModelIsFine() {
        assertThat(pixels(Models.shared().generate(REQUEST).getFirst())).isEqualTo(expected);
    }

    @AfterEach
    void noThreadIsLeft() {
        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).doesNotContain("sdcpp4j previews");
    }

    private static PreviewLog logged(StableDiffusion sd, ImageRequest request, PreviewMode mode, int interval) {
        PreviewLog log = new PreviewLog(mode, interval);
        sd.generate(request, log, log.previews());
        return log;
    }

    @ParameterizedTest
    @CsvSource({"1, 1 2 3 4 5 6", "2, 2 4 6", "4, 4 6", "6, 6", "100, 6"})
    void previewsComeAtTheIntervalAndAfterTheLastStep(int interval, String steps) {
        PreviewLog log = logged(Models.shared(), REQUEST, PreviewMode.PROJECTION, interval);
        assertThat(log.steps()).extracting(String::valueOf).containsExactly(steps.split(" "));
        assertThat(log.all()).allSatisfy(preview -> assertThat(preview)
                .returns(0, Preview::index).returns(6, Preview::steps).returns(PreviewMode.PROJECTION, Preview::mode));
    }

    @ParameterizedTest
    @EnumSource(names = {"HEUN", "DPM2", "DPMPP_2S_A", "RES_2S", "DPMPP_2M", "EULER_A_CFG_PP"})
    void samplersThatAskTheModelTwiceInAStepShowItOnce(Sampler sampler) {
        TextToImage request = REQUEST.toBuilder().sampler(sampler).steps(3).build();
        assertThat(logged(Models.shared(), request, PreviewMode.PROJECTION, 2).steps()).containsExactly(2, 3);
    }

    @Test
    void theProjectionHasTheLatentsSizeAndDecodedOnesHaveThePictures() {
        TextToImage cropped = REQUEST.toBuilder().size(40, 48).build();
        assertThat(image(logged(Models.shared(), REQUEST, PreviewMode.PROJECTION, 6)))
                .returns(8, BufferedImage::getWidth).returns(8, BufferedImage::getHeight);
        assertThat(image(logged(Models.shared(), cropped, PreviewMode.PROJECTION, 6)))
                .returns(5, BufferedImage::getWidth).returns(6, BufferedImage::getHeight);
        assertThat(image(logged(Models.shared(), cropped, PreviewMode.VAE, 6)))
                .returns(40, BufferedImage::getWidth).returns(48, BufferedImage::getHeight);
    }

    private static BufferedImage image(PreviewLog log) {
        return log.all().getLast().image();
    }

    @Test
    void previewsByTheVaeGetCloserToThePictureAndEndWithIt() {
        List<Double> distances = logged(Models.shared(), REQUEST, PreviewMode.VAE, 1).all().stream()
                .map(preview -> Models.distance(pixels(preview.image()), expected)).toList();
        assertThat(distances.getLast()).isZero();
        assertThat(distances.getFirst()).isGreaterThan(distances.get(4)).isGreaterThan(0);
    }

    @ParameterizedTest
    @EnumSource(names = {"PROJECTION", "VAE"})
    void thePictureIsTheSameWithAndWithoutPreviews(PreviewMode mode) {
        PreviewLog log = new PreviewLog(mode, 2);
        assertThat(pixels(Models.shared().generate(REQUEST, log, log.previews()).getFirst())).isEqualTo(expected);
        assertThat(log.all()).hasSize(3);
    }

    @Test
    void aPictureToStartFromHasFewerSteps() {
        ImageToImage request = ImageToImage.builder(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB))
                .prompt("a cat").steps(6).seed(1).strength(0.5).sampler(Sampler.EULER).build();
        PreviewLog log = logged(Models.shared(), request, PreviewMode.PROJECTION, 2);
        int steps = log.all().getFirst().steps();
        assertThat(steps).isBetween(2, 5);
        assertThat(log.steps()).last().isEqualTo(steps);
    }

    @Test
    void previewsOfABatchSayWhichPictureTheyAreOf() {
        TextToImage request = REQUEST.toBuilder().batchCount(2).build();
        assertThat(logged(Models.shared(), request, PreviewMode.PROJECTION, 4).all())
                .extracting(preview -> preview.index() + ":" + preview.step())
                .containsExactly("0:4", "0:6", "1:4", "1:6");
    }

    @Test
    void aSlowConsumerMissesSomeButNotTheLast() {
        CountDownLatch decoding = new CountDownLatch(1);
        List<Integer> steps = Collections.synchronizedList(new ArrayList<>());
        // sampling would never end if it waited for this consumer
        Previews previews = Previews.of(PreviewMode.PROJECTION, preview -> {
            steps.add(preview.step());
            await(decoding);
        });
        Models.shared().generate(REQUEST, progress -> {
            if (progress.phase() == Phase.DECODE) {
                decoding.countDown();
            }
        }, previews);
        assertThat(steps).hasSizeLessThanOrEqualTo(2).last().isEqualTo(6);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("sampling waits for the consumer");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anInterruptThatAConsumerLeavesBehindLosesNothing() {
        List<Integer> steps = Collections.synchronizedList(new ArrayList<>());
        Models.shared().generate(REQUEST, ProgressListener.NONE, Previews.of(PreviewMode.PROJECTION, preview -> {
            steps.add(preview.step());
            Thread.currentThread().interrupt();
        }));
        assertThat(steps).last().isEqualTo(6);
    }

    @Test
    void whatAConsumerThrowsStopsTheCallAndIsThrown() {
        RuntimeException mine = new RuntimeException("mine");
        List<Progress> heard = new ArrayList<>();
        assertThatThrownBy(() -> Models.shared().generate(LONG, heard::add, Previews.of(PreviewMode.PROJECTION, preview -> {
            throw mine;
        }))).isSameAs(mine);
        assertThat(heard.getLast().step()).isLessThan(500);
        assertTheModelIsFine();
    }

    @Test
    void whatAConsumerThrowsAtTheLastPreviewIsThrownToo() {
        Error mine = new Error("mine");
        assertThatThrownBy(() -> Models.shared().generate(REQUEST, ProgressListener.NONE,
                Previews.of(PreviewMode.PROJECTION, preview -> {
                    throw mine;
                }).withInterval(6))).isSameAs(mine);
        assertTheModelIsFine();
    }

    @Test
    void aConsumerMayCancelTheRequest() {
        CompletableFuture<CompletableFuture<?>> self = new CompletableFuture<>();
        CompletableFuture<List<GeneratedImage>> future = Models.shared().submit(LONG, ProgressListener.NONE,
                Previews.of(PreviewMode.PROJECTION, preview -> self.join().cancel(true)));
        self.complete(future);
        assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
        assertTheModelIsFine();
    }

    @Test
    void aConsumerThatCallsItsOwnModelIsTold() {
        StableDiffusion sd = Models.shared();
        for (Runnable call : List.<Runnable>of(() -> sd.generate(REQUEST), () -> sd.submit(REQUEST), sd::close)) {
            assertThatThrownBy(() -> sd.generate(LONG, ProgressListener.NONE,
                    Previews.of(PreviewMode.PROJECTION, preview -> call.run())))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("listener");
        }
    }

    @Test
    void nothingIsLeftInNativeCode() {
        long before = LiveObjects.count();
        try (StableDiffusion sd = StableDiffusion.load(Models.smallSd1())) {
            logged(sd, REQUEST, PreviewMode.VAE, 1);
            assertThatThrownBy(() -> sd.generate(LONG, ProgressListener.NONE, Previews.of(PreviewMode.VAE, preview -> {
                throw new IllegalArgumentException("enough");
            }))).hasMessage("enough");
        }
        assertThat(LiveObjects.count()).isEqualTo(before);
    }

    @Test
    void withoutATaesdThereAreNoPreviewsByOne() {
        Previews previews = Previews.of(PreviewMode.TAESD, preview -> {});
        assertThatThrownBy(() -> Models.shared().generate(REQUEST, ProgressListener.NONE, previews))
                .isInstanceOf(InvalidRequestException.class).hasMessageContainingAll("LoadOptions.taesd", "--taesd");
        assertThatThrownBy(() -> Models.shared().submit(REQUEST, ProgressListener.NONE, previews))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aTaesdDecodesPreviewsAndThePictureUnlessItIsForPreviewsOnly() {
        LoadOptions.Builder options = StableDiffusion.builder(Models.smallSd1()).taesd(PartFiles.taesd(Models.fixtures()));
        byte[] byTaesd;
        try (StableDiffusion sd = options.load()) {
            PreviewLog log = new PreviewLog(PreviewMode.TAESD, 6);
            byTaesd = pixels(sd.generate(REQUEST, log, log.previews()).getFirst());
            assertThat(pixels(image(log))).isEqualTo(byTaesd).isNotEqualTo(expected);
        }
        try (StableDiffusion sd = options.taesdForPreviewsOnly(true).load()) {
            PreviewLog log = new PreviewLog(PreviewMode.TAESD, 6);
            assertThat(pixels(sd.generate(REQUEST, log, log.previews()).getFirst())).isEqualTo(expected);
            assertThat(pixels(image(log))).isEqualTo(byTaesd);
        }
    }

    @Test
    void aTaesdForPreviewsOnlyIsNoVae() {
        assertThatThrownBy(() -> StableDiffusion.builder(PartFiles.withoutVae(Models.fixtures()))
                .taesd(PartFiles.taesd(Models.fixtures())).taesdForPreviewsOnly(true).load())
                .isInstanceOf(CheckpointException.class).hasMessageContaining("--vae");
    }

    @Test
    void previewsByTheVaeNeedMemoryBesideSampling() {
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).memoryLimit(1).load()) {
            InsufficientMemoryException without = refusal(sd, PreviewMode.NONE);
            assertThat(refusal(sd, PreviewMode.PROJECTION).needed()).isEqualTo(without.needed());
            InsufficientMemoryException with = refusal(sd, PreviewMode.VAE);
            assertThat(with.needed()).isGreaterThan(without.needed());
            assertThat(with).hasMessageContaining("--preview proj");
        }
    }

    private static InsufficientMemoryException refusal(StableDiffusion sd, PreviewMode mode) {
        return catchThrowableOfType(InsufficientMemoryException.class,
                () -> sd.generate(REQUEST, ProgressListener.NONE, Previews.of(mode, preview -> {})));
    }

    @Test
    void theIntervalIsPositive() {
        assertThatThrownBy(() -> Previews.NONE.withInterval(0))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("preview interval is 0");
    }
}
