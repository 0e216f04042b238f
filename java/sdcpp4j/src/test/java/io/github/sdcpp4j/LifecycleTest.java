package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.pixels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.Models;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LifecycleTest {

    private static final TextToImage REQUEST =
            TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(1).seed(1).build();

    @Test
    void closingTwiceIsFineAndUseAfterwardsThrows() {
        StableDiffusion sd = StableDiffusion.load(Models.smallSd1());
        assertThat(sd.family()).isEqualTo("SD 1.x");
        sd.close();
        sd.close();
        assertThatThrownBy(() -> sd.generate(REQUEST))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(sd::family).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void oneModelServesSeveralThreadsOneAfterTheOther() throws Exception {
        byte[] expected = pixels(Models.shared().generate(REQUEST).getFirst());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> results = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                results.add(threads.submit(() -> pixels(Models.shared().generate(REQUEST).getFirst())));
            }
            for (Future<byte[]> result : results) {
                assertThat(result.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void twoModelsGenerateAtOnceWithoutMixing() throws Exception {
        byte[] expected = pixels(Models.shared().generate(REQUEST).getFirst());
        try (StableDiffusion other = StableDiffusion.load(Models.smallSd1());
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Progress> mine = new ArrayList<>();
            List<Progress> theirs = new ArrayList<>();
            TextToImage longer = REQUEST.toBuilder().steps(5).build();
            Future<byte[]> here = threads.submit(() -> pixels(Models.shared().generate(REQUEST, mine::add).getFirst()));
            Future<byte[]> there = threads.submit(() -> pixels(other.generate(longer, theirs::add).getFirst()));
            assertThat(here.get()).isEqualTo(expected);
            assertThat(there.get()).isNotEqualTo(expected);
            assertThat(mine).filteredOn(p -> p.phase() == Phase.SAMPLE && p.steps() > 0).allMatch(p -> p.steps() == 1);
            assertThat(theirs).filteredOn(p -> p.phase() == Phase.SAMPLE && p.steps() > 0).allMatch(p -> p.steps() == 5);
        }
    }

    @Test
    void closingDuringAPictureWaitsForItAndLaterCallsThrow() throws Exception {
        StableDiffusion sd = StableDiffusion.load(Models.smallSd1());
        CountDownLatch started = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Future<?> running = threads.submit(() -> sd.generate(REQUEST, progress -> started.countDown()));
            started.await();
            Future<?> closing = threads.submit(sd::close);
            Future<?> closingToo = threads.submit(sd::close);
            closing.get();
            closingToo.get();
            assertThat(running.get()).isInstanceOf(List.class);
            assertThatThrownBy(() -> sd.generate(REQUEST)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void callsThatRaceWithCloseFinishOrThrowCleanly() throws Exception {
        for (int round = 0; round < 3; round++) {
            StableDiffusion sd = StableDiffusion.load(Models.smallSd1());
            try (ExecutorService threads = Executors.newFixedThreadPool(5)) {
                List<Future<?>> calls = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    calls.add(threads.submit(() -> sd.generate(REQUEST)));
                }
                sd.close();
                for (Future<?> call : calls) {
                    try {
                        assertThat(call.get()).isInstanceOf(List.class);
                    } catch (ExecutionException e) {
                        assertThat(e.getCause()).isInstanceOf(IllegalStateException.class);
                    }
                }
            }
        }
    }

    @Test
    void anInterruptedCloseStillWaitsAndFreesEverything() throws Exception {
        StableDiffusion sd = StableDiffusion.load(Models.smallSd1());
        CountDownLatch started = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<?> running = threads.submit(() -> sd.generate(REQUEST, progress -> started.countDown()));
            Future<?> waiting = threads.submit(() -> sd.generate(REQUEST));
            started.await();
            Thread.sleep(50); // the second call stands in the queue by now
            Thread.currentThread().interrupt();
            sd.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(running.get()).isInstanceOf(List.class);
            assertThat(waiting.get()).isInstanceOf(List.class);
        }
    }
}
