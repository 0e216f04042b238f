package io.github.sdcpp4j.jmh;

import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.StableDiffusion;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Opens a checkpoint with all its weights, and frees it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 9)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class LoadBenchmark {

    private LoadOptions options;

    @Setup
    public void setUp() {
        options = BenchmarkModel.options();
    }

    /** Returns the family, so that the model is used. */
    @Benchmark
    public String loadAndClose() {
        try (StableDiffusion model = StableDiffusion.load(options)) {
            return model.family();
        }
    }
}
