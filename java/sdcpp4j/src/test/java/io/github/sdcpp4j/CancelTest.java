package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.pixels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.sdcpp4j.CancelledException.Reason;
import io.github.sdcpp4j.support.Models;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(1200)
class CancelTest {

    /** A quarter of a minute or more of work, unless it is stopped. */
    private static final TextToImage LONG =
            TextToImage.builder().prompt("a lovely cat").size(256, 256).steps(50).seed(7).build();

    private static final TextToImage SHORT =
            TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(2).seed(7).build();

    private static byte[] expected;

    @BeforeAll
    static void makeThePictureThatMustComeOutAfterwards() {
        try (StableDiffusion fresh = StableDiffusion.load(Models.smallSd1())) {
            expected = pixels(fresh.generate(SHORT).getFirst());
        }
    }

    private static void assertTheModelIsFine(StableDiffusion sd) {
        assertThat(pixels(sd.generate(SHORT).getFirst())).isEqualTo(expected);
    }

    @Test
    void anInterruptStopsThePictureAndIsLeftToTheCaller() throws Exception {
        StableDiffusion sd = Models.shared();
        CountDownLatch sampling = new CountDownLatch(1);
        AtomicReference<CancelledException> thrown = new AtomicReference<>();
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            thrown.set(catchThrowableOfType(CancelledException.class, () -> sd.generate(LONG, progress -> {
                if (progress.phase() == Phase.SAMPLE) {
                    sampling.countDown();
                }
            })));
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        sampling.await();
        thread.interrupt();
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        assertThat(thrown.get().reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(interrupted.get()).isTrue();
        assertTheModelIsFine(sd);
    }

    @Test
    void cancellingTheFutureStopsThePicture() throws Exception {
        StableDiffusion sd = Models.shared();
        CountDownLatch sampling = new CountDownLatch(1);
        List<Progress> afterwards = new ArrayList<>();
        CompletableFuture<List<GeneratedImage>> future = sd.submit(LONG, progress -> {
            if (progress.phase() == Phase.SAMPLE) {
                sampling.countDown();
                afterwards.add(progress);
            }
        });
        sampling.await();
        assertThat(future.cancel(true)).isTrue();
        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
        assertTheModelIsFine(sd);
        // fifty steps would have been reported by the time another picture is there
        assertThat(afterwards).hasSizeLessThan(50);
    }

    @Test
    void aRequestThatWaitsIsCancelledAtOnce() throws Exception {
        StableDiffusion sd = Models.shared();
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<List<GeneratedImage>> first = sd.submit(LONG, progress -> running.countDown());
        running.await();
        CompletableFuture<List<GeneratedImage>> waiting = sd.submit(SHORT.toBuilder().timeout(Duration.ofMillis(50)).build());
        assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause().isInstanceOf(CancelledException.class)
                .extracting(t -> ((CancelledException) t).reason()).isEqualTo(Reason.DEADLINE);
        assertThat(first).isNotDone();
        first.cancel(true);
        assertTheModelIsFine(sd);
    }

    @Test
    void aTimeoutStopsThePicture() {
        StableDiffusion sd = Models.shared();
        CancelledException e = catchThrowableOfType(CancelledException.class,
                () -> sd.generate(LONG.toBuilder().timeout(Duration.ofMillis(500)).build()));
        assertThat(e.reason()).isEqualTo(Reason.DEADLINE);
        assertThat(e).hasMessageContaining("timeout");
        assertTheModelIsFine(sd);
    }

    @Test
    void aListenerThatThrowsStopsThePicture() {
        StableDiffusion sd = Models.shared();
        List<Progress> heard = new ArrayList<>();
        assertThatThrownBy(() -> sd.generate(LONG, progress -> {
            heard.add(progress);
            if (progress.phase() == Phase.SAMPLE && progress.step() == 1) {
                throw new IllegalArgumentException("enough");
            }
        })).isInstanceOf(IllegalArgumentException.class).hasMessage("enough");
        assertThat(heard.getLast().step()).isEqualTo(1);
        assertTheModelIsFine(sd);
    }

    @Test
    void tiledDecodingIsStopped() throws Exception {
        StableDiffusion sd = Models.shared();
        // one step of 64x512, then tiles
        TextToImage tiled = TextToImage.builder().prompt("x").size(64, 640).steps(1).seed(1).vaeTiling(VaeTiling.ON).build();
        CountDownLatch decoding = new CountDownLatch(1);
        CompletableFuture<List<GeneratedImage>> future = sd.submit(tiled, progress -> {
            if (progress.phase() == Phase.DECODE) {
                decoding.countDown();
            }
        });
        decoding.await();
        assertThat(future.cancel(true)).isTrue();
        assertTheModelIsFine(sd);
    }

    @Test
    void anInterruptStopsTheLoading() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                // every tensor is quantised, which takes seconds
                StableDiffusion.builder(Models.smallSd1()).weightType(WeightType.Q4_K)
                        .progress(progress -> loading.countDown()).load().close();
            } catch (Throwable t) {
                thrown.set(t);
            }
        });
        loading.await();
        thread.interrupt();
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        assertThat(thrown.get()).isInstanceOf(CancelledException.class);
        try (StableDiffusion sd = StableDiffusion.load(Models.smallSd1())) {
            assertTheModelIsFine(sd);
        }
    }

    @Test
    void anInterruptedThreadDoesNotLoad() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> StableDiffusion.load(Models.smallSd1())).isInstanceOf(CancelledException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void anInterruptedThreadDoesNotEvenStart() {
        StableDiffusion sd = Models.shared();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> sd.generate(LONG)).isInstanceOf(CancelledException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertTheModelIsFine(sd);
    }

    @Test
    void cancelsAtRandomMomentsLeaveNothingBehind() throws Exception {
        int cancels = Integer.getInteger("sdcpp4j.soak.cancels", 50);
        Random random = new Random(20);
        try (StableDiffusion sd = StableDiffusion.load(Models.smallSd1())) {
            TextToImage text = SHORT.toBuilder().steps(3).build();
            ImageToImage image = ImageToImage.builder(sd.generate(SHORT).getFirst().image()).prompt("a dog").steps(3).seed(7).build();
            int stopped = 0;
            for (int i = 0; i < cancels; i++) {
                CompletableFuture<List<GeneratedImage>> future = sd.submit(i % 4 == 0 ? image : text);
                TimeUnit.MICROSECONDS.sleep(random.nextInt(i % 8 == 0 ? 1_000_000 : 600_000));
                if (future.cancel(true)) {
                    stopped++;
                }
                if (i % 20 == 19) {
                    assertTheModelIsFine(sd);
                }
            }
            assertTheModelIsFine(sd);
            assertThat(stopped).as("of %d pictures", cancels).isGreaterThan(cancels / 2);
        }
    }
}
