package io.github.sdcpp4j.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs what is measured once, so that a benchmark that does not work any more is found by the build. */
class BenchmarksTest {

    @Test
    void call() {
        CallBenchmark benchmark = new CallBenchmark();
        benchmark.setUp();
        assertThat(benchmark.call()).isEqualTo(sdcpp4j_h.SDCPP4J_ABI_VERSION());
        benchmark.tearDown();
    }

    @Test
    void progress() {
        CallBenchmark benchmark = new CallBenchmark();
        benchmark.setUp();
        for (int step = 0; step < 3; step++) {
            assertThat(benchmark.progress().step()).isEqualTo(step);
        }
        assertThat(benchmark.last.phase()).isEqualTo(Phase.SAMPLE);
        benchmark.tearDown();
    }

    @Test
    void request() {
        RequestBenchmark benchmark = new RequestBenchmark();
        benchmark.setUp();
        assertThat(benchmark.textToImage()).isNotZero();
        assertThat(benchmark.imageToImage()).isNotZero();
        assertThat(benchmark.imageToImageAgain()).isNotZero();
    }

    @Test
    void pixels() {
        PixelsBenchmark benchmark = new PixelsBenchmark();
        benchmark.side = 512;
        benchmark.setUp();
        BufferedImage image = benchmark.image();
        assertThat(image.getWidth()).isEqualTo(512);
        assertThat(image.getRGB(511, 511)).isEqualTo(0xff7f7f7f);
        assertThat(benchmark.copy()).containsOnly(127);
        assertThat(benchmark.cloned()).containsOnly(127);
        assertThat(benchmark.toArray()).containsOnly(127);
        assertThat(benchmark.array()).hasSize(512 * 512 * 3);
        benchmark.tearDown();
    }

    @Test
    void flightEvents() {
        for (String recording : List.of("off", "on")) {
            FlightBenchmark benchmark = new FlightBenchmark();
            benchmark.recording = recording;
            benchmark.setUp();
            assertThat(benchmark.request().images()).hasSize(1);
            benchmark.tearDown();
        }
    }

    @Test
    void steps() {
        StepsBenchmark benchmark = new StepsBenchmark();
        benchmark.steps = 4;
        benchmark.hears = "listener";
        benchmark.setUp();
        assertThat(benchmark.generate()).hasSize(1);
        assertThat(benchmark.last.phase()).isEqualTo(Phase.DECODE);
        benchmark.tearDown();
    }

    @Test
    void loadAndClose() {
        LoadBenchmark benchmark = new LoadBenchmark();
        benchmark.setUp();
        assertThat(benchmark.loadAndClose()).startsWith("SD 1.x");
    }

    @Test
    void generate() {
        GenerateBenchmark benchmark = new GenerateBenchmark();
        benchmark.setUp();
        assertThat(benchmark.generate64()).singleElement().satisfies(picture -> {
            assertThat(picture.image().getWidth()).isEqualTo(64);
            assertThat(picture.seed()).isEqualTo(42);
        });
        benchmark.tearDown();
    }
}
