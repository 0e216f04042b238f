package io.github.sdcpp4j.jmh;

import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.Progress;
import io.github.sdcpp4j.internal.ProgressProbe;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.library.NativeLibrary;
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

/** What it costs to go down into native code and to come up again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class CallBenchmark {

    private ProgressProbe probe;
    private int step;
    Progress last;

    @Setup
    public void setUp() {
        NativeLibrary.ensureLoaded();
        probe = new ProgressProbe(progress -> last = progress);
    }

    @TearDown
    public void tearDown() {
        probe.close();
    }

    /** A downcall that does nothing. */
    @Benchmark
    public int call() {
        return sdcpp4j_h.sdcpp4j_abi_version();
    }

    /** A progress report up to a listener, and the downcall that causes it. */
    @Benchmark
    public Progress progress() {
        probe.report(Phase.SAMPLE.ordinal(), 0, step++ & 15, 20);
        return last;
    }
}
