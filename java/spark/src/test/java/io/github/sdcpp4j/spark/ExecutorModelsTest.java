package io.github.sdcpp4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.CheckpointException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExecutorModelsTest {

    private final List<String> log = new ArrayList<>();
    private final ExecutorModels<Model> models = new ExecutorModels<>();

    private final class Model implements AutoCloseable {
        private final String name;

        Model(String name) {
            this.name = name;
            log.add("load " + name);
        }

        @Override
        public void close() {
            log.add("close " + name);
        }
    }

    private String use(String device, String key) {
        return models.use(device, key, () -> new Model(key + " on " + device), model -> model.name);
    }

    @Test
    void loadsOnceForEachDeviceAndReplacesAnotherModel() {
        assertThat(use("cuda0", "a")).isEqualTo("a on cuda0");
        assertThat(use("cuda0", "a")).isEqualTo("a on cuda0");
        assertThat(use("cuda1", "a")).isEqualTo("a on cuda1");
        assertThat(use("cuda0", "b")).isEqualTo("b on cuda0");

        assertThat(log).containsExactly("load a on cuda0", "load a on cuda1", "close a on cuda0", "load b on cuda0");
    }

    @Test
    void triesToLoadAgainAfterAFailure() {
        assertThatIllegalStateException()
                .isThrownBy(() -> models.use("cpu", "a", () -> {
                    throw new CheckpointException("no such file");
                }, model -> model.name))
                .withMessage("the model cannot be loaded on this executor: no such file");

        assertThat(use("cpu", "a")).isEqualTo("a on cpu");
    }

    @Test
    void givesADeviceToOneTaskAtATime() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService tasks = Executors.newFixedThreadPool(4)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                all.add(tasks.submit(() -> models.use("cpu", "a", () -> new Model("a"), model -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    return inside.decrementAndGet();
                })));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(most).hasValue(1);
        assertThat(log).containsExactly("load a");
    }

    @Test
    void stopsWaitingWhenTheTaskIsKilled() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(CancelledException.class).isThrownBy(() -> use("cpu", "a"));
        assertThat(Thread.interrupted()).isTrue();
    }
}
