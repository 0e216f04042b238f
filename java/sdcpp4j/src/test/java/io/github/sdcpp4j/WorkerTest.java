package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.pixels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.support.Workers;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A model in a process of its own: the same pictures, and calls that outlive the process. */
class WorkerTest {

    private static final TextToImage REQUEST =
            TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(1).seed(1).build();

    /** Runs for a minute unless it is stopped. */
    private static final TextToImage LONG = REQUEST.toBuilder().steps(500).build();

    private static StableDiffusion worker;
    private static byte[] expected;

    @BeforeAll
    static void load() {
        expected = pixels(Models.shared().generate(REQUEST).getFirst());
        worker = StableDiffusion.builder(Models.smallSd1()).worker().load();
    }

    @AfterAll
    static void everythingIsGoneAfterClose() {
        ProcessHandle process = Workers.only();
        worker.close();
        assertThat(Workers.ended(process)).isTrue();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName).noneMatch(name -> name.startsWith("sdcpp4j worker"));
        assertThat(Workers.sharedFiles()).isEmpty();
    }

    @AfterEach
    void theNextPictureIsRightAndNothingLiesInTheTemporaryFolder() {
        assertThat(pixels(worker.generate(REQUEST).getFirst())).isEqualTo(expected);
        assertThat(Workers.sharedFiles()).isEmpty();
    }

    private static BufferedImage gradient(int type) {
        BufferedImage image = new BufferedImage(100, 70, type);
        Graphics2D graphics = image.createGraphics();
        graphics.setPaint(new GradientPaint(0, 0, Color.ORANGE, 100, 70, new Color(0, 0, 255, 90)));
        graphics.fillRect(0, 0, 100, 70);
        graphics.dispose();
        return image;
    }

    @Test
    void picturesAreTheSameAsInProcess() {
        List<ImageRequest> requests = List.of(
                REQUEST.toBuilder().batchCount(2).seed(7).build(),
                REQUEST.toBuilder().size(40, 48).build(), // cropped
                ImageToImage.builder(gradient(BufferedImage.TYPE_INT_ARGB)).prompt("ü").size(64, 64).steps(1).seed(3)
                        .strength(0.5).build(),
                ImageToImage.builder(gradient(BufferedImage.TYPE_BYTE_GRAY)).size(40, 48).steps(1).seed(3).build());
        for (ImageRequest request : requests) {
            List<GeneratedImage> here = Models.shared().generate(request);
            List<GeneratedImage> there = worker.generate(request);
            assertThat(there).hasSameSizeAs(here);
            for (int i = 0; i < here.size(); i++) {
                assertThat(pixels(there.get(i))).as("picture %d of %s", i, request).isEqualTo(pixels(here.get(i)));
                assertThat(there.get(i).request()).isEqualTo(here.get(i).request());
                assertThat(there.get(i).notes()).isEqualTo(here.get(i).notes());
                assertThat(there.get(i).timings().sample()).isPositive();
            }
        }
        assertThat(worker.family()).isEqualTo(Models.shared().family());
    }

    @Test
    void progressIsTheSameAsInProcessAndComesOnTheModelsThread() {
        List<String> here = new ArrayList<>();
        List<String> there = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        TextToImage request = REQUEST.toBuilder().steps(2).batchCount(2).build();
        Models.shared().generate(request, progress -> here.add(withoutTime(progress)));
        worker.generate(request, progress -> {
            there.add(withoutTime(progress));
            threads.add(Thread.currentThread());
        });
        assertThat(there).isEqualTo(here);
        assertThat(threads.stream().distinct()).hasSize(1);
        assertThatThrownBy(() -> worker.generate(REQUEST, progress -> worker.generate(REQUEST)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("listener");
    }

    private static String withoutTime(Progress progress) {
        return "%s %d %d/%d".formatted(progress.phase(), progress.image(), progress.step(), progress.steps());
    }

    @Test
    void whatAListenerThrowsStopsTheCallAndIsThrown() {
        RuntimeException mine = new RuntimeException("mine");
        assertThatThrownBy(() -> worker.generate(LONG, progress -> {
            if (progress.phase() == Phase.SAMPLE) {
                throw mine;
            }
        })).isSameAs(mine);
    }

    @Test
    void anInterruptAFutureAndATimeoutStopTheCall() throws Exception {
        ProcessHandle before = Workers.only();
        Thread caller = Thread.currentThread();
        CancelledException interrupted = catchThrowableOfType(CancelledException.class, () ->
                worker.generate(LONG, progress -> {
                    if (progress.phase() == Phase.SAMPLE) {
                        caller.interrupt();
                    }
                }));
        assertThat(interrupted.reason()).isEqualTo(CancelledException.Reason.INTERRUPTED);
        assertThat(Thread.interrupted()).isTrue();

        CountDownLatch sampling = new CountDownLatch(1);
        CompletableFuture<List<GeneratedImage>> future = worker.submit(LONG, progress -> sampling.countDown());
        sampling.await();
        assertThat(future.cancel(true)).isTrue();

        assertThatThrownBy(() -> worker.generate(LONG.toBuilder().timeout(Duration.ofMillis(300)).build()))
                .isInstanceOf(CancelledException.class)
                .hasMessageContaining("timeout");
        worker.generate(REQUEST);
        assertThat(Workers.only()).as("the process is still the same").isEqualTo(before);
    }

    /** Sends the signal while the worker samples and returns what the call threw and how many milliseconds later. */
    private static WorkerException signalled(String signal, AtomicLong milliseconds) throws Exception {
        CountDownLatch sampling = new CountDownLatch(1);
        CompletableFuture<List<GeneratedImage>> future = worker.submit(LONG, progress -> {
            if (progress.phase() == Phase.SAMPLE) {
                sampling.countDown();
            }
        });
        sampling.await();
        Workers.signal(Workers.only(), signal);
        long start = System.nanoTime();
        CompletionException thrown = catchThrowableOfType(CompletionException.class, future::join);
        milliseconds.set((System.nanoTime() - start) / 1_000_000);
        return (WorkerException) thrown.getCause();
    }

    @Test
    void aWorkerThatIsKilledEndsTheCallAtOnce() throws Exception {
        AtomicLong milliseconds = new AtomicLong();
        WorkerException killed = signalled("KILL", milliseconds);
        assertThat(killed).hasMessageContaining("SIGKILL");
        assertThat(killed.signal()).hasValue(9);
        assertThat(killed.exitCode()).isEqualTo(137);
        assertThat(milliseconds.get()).isLessThan(1000);
    }

    @Test
    void aWorkerThatCrashesTellsWhereAndLeavesNoFile() throws Exception {
        AtomicLong milliseconds = new AtomicLong();
        WorkerException crashed = signalled("SEGV", milliseconds);
        assertThat(crashed).hasMessageContaining("SIGSEGV");
        assertThat(crashed.signal()).hasValue(11);
        assertThat(crashed.lastLines())
                .anyMatch(line -> line.contains("SIGSEGV (0xb)"))
                .anyMatch(line -> line.startsWith("# Problematic frame"));
        assertThat(milliseconds.get()).isLessThan(1000);
        assertThat(java.nio.file.Path.of("").toAbsolutePath().toFile().list())
                .noneMatch(name -> name.startsWith("hs_err") || name.startsWith("core"));
    }

    @Test
    void aWorkerThatDiedWhileIdleCostsNoRequest() {
        ProcessHandle before = Workers.only();
        Workers.signal(before, "KILL"); // perhaps not dead yet when the request comes
        List<Phase> phases = new ArrayList<>();
        assertThat(pixels(worker.generate(REQUEST, progress -> phases.add(progress.phase())).getFirst()))
                .isEqualTo(expected);
        assertThat(phases).startsWith(Phase.LOAD).endsWith(Phase.DECODE);
        assertThat(Workers.only()).isNotEqualTo(before);
    }

    @Test
    void whatTheMemoryCheckRefusesComesWithItsNumbers() {
        try (StableDiffusion limited = StableDiffusion.builder(Models.smallSd1()).memoryLimit(1000).worker().load()) {
            var refused = catchThrowableOfType(InsufficientMemoryException.class, () -> limited.generate(REQUEST));
            assertThat(refused).hasMessageStartingWith("a picture of 64x64 needs ");
            assertThat(refused.needed()).isGreaterThan(1_000_000);
            assertThat(refused.available()).isEqualTo(1000);
        }
    }
}
