package io.github.sdcpp4j.jmh;

import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.Progress;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

/** Pictures of few and of more steps, for {@code -prof gc}: what a step leaves to the garbage collector is the difference. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class StepsBenchmark {

    @Param({"4", "12"})
    int steps;

    @Param({"nobody", "listener"})
    String hears;

    private StableDiffusion model;
    private TextToImage request;
    private ProgressListener listener;
    Progress last;

    @Setup
    public void setUp() {
        model = StableDiffusion.load(BenchmarkModel.options());
        request = BenchmarkModel.request(64, steps);
        listener = hears.equals("nobody") ? ProgressListener.NONE : progress -> last = progress;
    }

    @TearDown
    public void tearDown() {
        model.close();
    }

    /** 64x64. */
    @Benchmark
    public List<GeneratedImage> generate() {
        return model.generate(request, listener);
    }
}
