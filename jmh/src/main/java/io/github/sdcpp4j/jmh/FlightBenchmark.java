package io.github.sdcpp4j.jmh;

import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.Progress;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.Timings;
import io.github.sdcpp4j.internal.Pictures;
import io.github.sdcpp4j.internal.flight.FlightRecords;
import io.github.sdcpp4j.internal.images.RgbImages;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the events of a request of 20 steps cost, without and with a recording. The work itself is left out. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class FlightBenchmark {

    private static final int STEPS = 20;
    private static final TextToImage REQUEST = BenchmarkModel.request(64, STEPS);
    private static final List<String> EVENTS = List.of("Generate", "TextEncode", "SamplingStep", "Decode");

    @Param({"off", "on"})
    String recording;

    private Recording running;
    private Pictures pictures;

    @Setup
    public void setUp() {
        Timings none = new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        pictures = new Pictures(List.of(RgbImages.create(8, 8)), none, List.of());
        if (recording.equals("on")) {
            running = new Recording();
            running.setToDisk(false);
            EVENTS.forEach(event -> running.enable("io.github.sdcpp4j." + event));
            running.start();
        }
    }

    @TearDown
    public void tearDown() {
        if (running != null) {
            running.close();
        }
    }

    /** All events of a request. Native code reports only to somebody who listens, so without a recording nothing is reported. */
    @Benchmark
    public Pictures request() {
        return FlightRecords.generate("model", REQUEST, ProgressListener.NONE, listener -> {
            if (listener != ProgressListener.NONE) {
                report(listener);
            }
            return pictures;
        });
    }

    private static void report(ProgressListener listener) {
        listener.onProgress(new Progress(Phase.ENCODE_TEXT, 0, 0, 0, Duration.ZERO));
        listener.onProgress(new Progress(Phase.SAMPLE, 0, 0, 0, Duration.ZERO));
        for (int step = 1; step <= STEPS; step++) {
            listener.onProgress(new Progress(Phase.SAMPLE, 0, step, STEPS, Duration.ZERO));
        }
        listener.onProgress(new Progress(Phase.DECODE, 0, 0, 0, Duration.ZERO));
        listener.onProgress(new Progress(Phase.DECODE, 0, 1, 1, Duration.ZERO));
    }
}
