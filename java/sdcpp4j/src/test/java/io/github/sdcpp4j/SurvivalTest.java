package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.pixels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.sdcpp4j.support.ChildJvm;
import io.github.sdcpp4j.support.LiveObjects;
import io.github.sdcpp4j.support.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a server does to the library in a day, pressed into minutes. The system properties {@code sdcpp4j.soak...} make it
 * longer; see ROBUSTNESS.md.
 */
class SurvivalTest {

    private static final TextToImage REQUEST =
            TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(1).seed(1).build();

    private long liveObjects;

    @BeforeEach
    void count() {
        Models.shared(); // loaded by the first who wants it, and kept: it must not count as left behind
        liveObjects = LiveObjects.count();
    }

    @AfterEach
    void everythingWasGivenBack() {
        assertThat(LiveObjects.count()).as("live native objects").isEqualTo(liveObjects);
    }

    /** Prints the resident bytes after some rounds, and after many more. */
    static final class Rounds {
        public static void main(String[] arguments) throws IOException {
            int rounds = Integer.parseInt(arguments[0]);
            byte[] expected = loadGenerateClose();
            long before = Long.MAX_VALUE;
            long after = Long.MAX_VALUE;
            for (int round = 1; round < rounds; round++) {
                assertThat(loadGenerateClose()).isEqualTo(expected);
                // the least of some rounds: threads that have just ended may hold theirs a moment longer
                if (round >= rounds / 5 && round < rounds / 5 + 10) {
                    before = Math.min(before, residentBytes());
                } else if (round >= rounds - 10) {
                    after = Math.min(after, residentBytes());
                }
            }
            System.out.print(before + " " + after + " " + LiveObjects.count());
        }

        private static byte[] loadGenerateClose() {
            // the smallest picture, without guidance: what is tried here is the coming and going
            TextToImage tiny = REQUEST.toBuilder().size(8, 8).guidanceScale(1).build();
            try (StableDiffusion sd = StableDiffusion.load(Models.smallSd1())) {
                return pixels(sd.generate(tiny).getFirst());
            }
        }

        private static long residentBytes() throws IOException {
            System.gc();
            return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096;
        }
    }

    /** In a JVM of its own, whose heap has one size from the start: this one's heap and compiled code grow with every test. */
    @Test
    void manyRoundsOfLoadGenerateCloseLeaveMemoryFlat() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/statm")), "skipped: resident memory is read from /proc");
        int rounds = Integer.getInteger("sdcpp4j.soak.rounds", 60);
        ChildJvm child = ChildJvm.run(
                List.of("-Xms64m", "-Xmx64m", "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch",
                        "-Dsdcpp4j.library.path=" + System.getProperty("sdcpp4j.library.path"),
                        "-Dsdcpp4j.fixtures=" + System.getProperty("sdcpp4j.fixtures")),
                System.getProperty("java.class.path"), Rounds.class, Integer.toString(rounds));
        assertThat(child.exitCode()).as(child.err()).isZero();
        String[] counts = child.out().split(" ");
        // one forgotten context would be 250 MB; a fifth of a MB for each round between would be found
        long between = rounds - 10 - rounds / 5;
        assertThat(Long.parseLong(counts[1]) - Long.parseLong(counts[0])).as("growth in bytes").isLessThan(between * (200L << 10));
        assertThat(Long.parseLong(counts[2])).as("live native objects").isZero();
    }

    @Test
    void eightModelsOnEightThreadsDoNotMix() throws Exception {
        Duration time = Duration.ofSeconds(Integer.getInteger("sdcpp4j.soak.seconds", 15));
        Map<Integer, byte[]> expected = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            expected.put(i, pixels(Models.shared().generate(request(i)).getFirst()));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            long end = System.nanoTime() + time.toNanos();
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int mine = i;
                running.add(threads.submit(() -> generateUntil(end, mine, expected.get(mine))));
            }
            for (Future<Integer> pictures : running) {
                assertThat(pictures.get()).isPositive();
            }
        }
    }

    private static TextToImage request(int i) {
        return REQUEST.toBuilder().prompt("number " + i).steps(1 + i % 3).seed(100 + i).build();
    }

    private static int generateUntil(long end, int mine, byte[] expected) throws Exception {
        int pictures = 0;
        Random random = new Random(mine);
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).threads(1).load()) {
            do {
                List<Progress> heard = new ArrayList<>();
                if (random.nextInt(4) == 0) { // someone changes their mind
                    CompletableFuture<List<GeneratedImage>> future = sd.submit(request(mine));
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(1500));
                    future.cancel(true);
                }
                assertThat(pixels(sd.generate(request(mine), heard::add).getFirst())).isEqualTo(expected);
                assertThat(heard).filteredOn(p -> p.phase() == Phase.SAMPLE && p.steps() > 0)
                        .isNotEmpty()
                        .allMatch(p -> p.steps() == 1 + mine % 3);
                pictures++;
            } while (System.nanoTime() < end);
        }
        return pictures;
    }

    @Test
    void closingAtAnyMomentNeverCrashes() throws Exception {
        int tries = Integer.getInteger("sdcpp4j.soak.closes", 30);
        Random random = new Random(3);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < tries; i++) {
                StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).mmap(true).load(); // it is there at once
                CompletableFuture<List<GeneratedImage>> cancelled = sd.submit(REQUEST);
                Future<?> calling = threads.submit(() -> sd.generate(REQUEST.toBuilder().timeout(Duration.ofMillis(300)).build()));
                Future<?> closing = threads.submit(sd::close);
                Future<?> closingToo = threads.submit(() -> {
                    TimeUnit.MICROSECONDS.sleep(random.nextInt(100_000));
                    sd.close();
                    return null;
                });
                TimeUnit.MICROSECONDS.sleep(random.nextInt(100_000));
                cancelled.cancel(true);
                closing.get();
                closingToo.get();
                try {
                    calling.get();
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOfAny(IllegalStateException.class, CancelledException.class);
                }
            }
        }
    }
}
