package io.github.sdcpp4j.jmh;

import io.github.sdcpp4j.GeneratedImage;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** From a request to a picture in the JVM, by the public interface. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class GenerateBenchmark {

    private static final TextToImage SMALL = BenchmarkModel.request(64, 2);
    private static final TextToImage MEDIUM = BenchmarkModel.request(256, 4);

    private StableDiffusion model;

    @Setup
    public void setUp() {
        model = StableDiffusion.load(BenchmarkModel.options());
    }

    @TearDown
    public void tearDown() {
        model.close();
    }

    /** 64x64 in 2 steps. */
    @Benchmark
    public List<GeneratedImage> generate64() {
        return model.generate(SMALL);
    }

    /** 256x256 in 4 steps. */
    @Benchmark
    public List<GeneratedImage> generate256() {
        return model.generate(MEDIUM);
    }
}
