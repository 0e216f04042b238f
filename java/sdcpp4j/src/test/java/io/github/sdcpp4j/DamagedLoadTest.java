package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.pixels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.Container;
import io.github.sdcpp4j.testkit.DamagedCopy;
import io.github.sdcpp4j.testkit.Mutation;
import io.github.sdcpp4j.testkit.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Damaged checkpoints through all of the library, native loader included, which runs in a worker process: each ends well. */
class DamagedLoadTest {

    private static final int LANES = 2;

    private static final TextToImage REQUEST = TextToImage.builder()
            .prompt("a cat").size(8, 8).steps(1).guidanceScale(1).seed(1).timeout(Duration.ofMinutes(1)).build();

    @TempDir
    private static Path directory;

    /** For the tests that damage a file once: each puts it right again. */
    private static final Map<Container, Single> SINGLES = new EnumMap<>(Container.class);

    private record Single(Mutations mutations, DamagedCopy copy) {}

    private static Single single(Container container) throws IOException {
        Single known = SINGLES.get(container);
        if (known == null) {
            Mutations mutations = Mutations.ofSmallSd1(Models.fixtures(), container);
            known = new Single(mutations, mutations.copyTo(directory.resolve("once" + container.extension())));
            SINGLES.put(container, known);
        }
        return known;
    }

    @AfterAll
    static void delete() throws IOException {
        for (Single single : SINGLES.values()) {
            single.copy.close();
        }
    }

    /** How each damaged file ended: painted, reading (stopped there to save the time), or the exception's simple name. */
    private final Map<String, Integer> ends = new TreeMap<>();

    private final List<String> deaths = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(Container.class)
    void everyDamageEndsInAModelOrATypedException(Container container) throws Exception {
        // reading a .ckpt takes three times as long
        int count = Integer.getInteger("sdcpp4j.soak.mutations", 60) / (container == Container.CKPT ? 4 : 1);
        Mutations mutations = Mutations.ofSmallSd1(Models.fixtures(), container);
        AtomicLong next = new AtomicLong();
        try (ExecutorService lanes = Executors.newFixedThreadPool(LANES)) {
            List<Future<?>> running = new ArrayList<>();
            for (int lane = 0; lane < LANES; lane++) {
                Path copy = directory.resolve("lane" + lane + container.extension());
                running.add(lanes.submit(() -> {
                    damage(mutations, copy, next, count);
                    return null;
                }));
            }
            for (Future<?> lane : running) {
                lane.get();
            }
        }
        Files.writeString(Path.of("target", "damaged-" + container.name().toLowerCase() + ".txt"), ends + "\n"
                + String.join("\n", deaths) + "\n");
        assertThat(ends.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(count);
        assertThat(deaths).as("files that ended the worker").isEmpty();
    }

    /** Damages that once ended the process, by their seeds. */
    @ParameterizedTest
    @CsvSource({"GGUF, 1998", "CKPT, 87", "CKPT, 186", "CKPT, 633", "CKPT, 990", "CKPT, 1095"})
    void whatOnceEndedTheProcessDoesNotAnyMore(Container container, long seed) throws IOException {
        Single single = single(container);
        Mutation mutation = single.mutations.at(seed);
        try (DamagedCopy.Damage damage = single.copy.apply(mutation)) {
            load(single.copy.path(), mutation);
        }
        assertThat(deaths).isEmpty();
    }

    @Test
    void aWeightOfWholeNumbersIsRefused() throws IOException {
        Single single = single(Container.GGUF);
        try (DamagedCopy.Damage damage = single.copy.apply(single.mutations.at(1998))) {
            assertThatThrownBy(() -> StableDiffusion.load(single.copy.path()))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("is of the type i32, which no weight can be read from");
        }
    }

    private void damage(Mutations mutations, Path path, AtomicLong next, int count) throws IOException {
        try (DamagedCopy copy = mutations.copyTo(path)) {
            for (long seed = next.getAndIncrement(); seed < count; seed = next.getAndIncrement()) {
                Mutation mutation = mutations.at(seed);
                try (DamagedCopy.Damage damage = copy.apply(mutation)) {
                    load(copy.path(), mutation);
                }
            }
            // the damage undone, the file is as good as ever
            try (StableDiffusion sd = StableDiffusion.load(copy.path())) {
                assertThat(pixels(sd.generate(REQUEST).getFirst()))
                        .isEqualTo(pixels(Models.shared().generate(REQUEST).getFirst()));
            }
        }
    }

    private void load(Path path, Mutation mutation) {
        String end = "painted";
        ProgressListener enough = progress -> {
            if (progress.step() > 0 && mutation.seed() % 3 != 0) {
                throw new CancellationException();
            }
        };
        try (StableDiffusion sd = StableDiffusion.builder(path).worker().threads(1).progress(enough).load()) {
            sd.generate(REQUEST);
        } catch (CancellationException e) {
            end = "reading";
        } catch (StableDiffusionException e) {
            end = e.getClass().getSimpleName();
            assertThat(e.getMessage()).as(mutation.toString()).isNotBlank();
            if (e instanceof WorkerException) {
                synchronized (ends) {
                    deaths.add(mutation + ": " + e.getMessage());
                }
            }
        }
        synchronized (ends) {
            ends.merge(end, 1, Integer::sum);
        }
    }
}
