package io.github.sdcpp4j.jmh;

import io.github.sdcpp4j.internal.images.RgbImages;
import java.awt.image.BufferedImage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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

/** From native pixels to a picture. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class PixelsBenchmark {

    @Param({"512", "1024"})
    int side;

    private Arena arena;
    private MemorySegment pixels;
    private byte[] target;

    @Setup
    public void setUp() {
        arena = Arena.ofConfined();
        target = new byte[side * side * 3];
        pixels = arena.allocate(target.length).fill((byte) 127);
    }

    @TearDown
    public void tearDown() {
        arena.close();
    }

    /** The library's way to a new picture. */
    @Benchmark
    public BufferedImage image() {
        return RgbImages.copyOf(pixels, side, side, side, side);
    }

    /** The array alone: the JVM zeroes it before anybody may see it. */
    @Benchmark
    public byte[] array() {
        return new byte[target.length];
    }

    /** Around the zeroing: into an array that is there already, and a clone of it, which needs none. */
    @Benchmark
    public byte[] cloned() {
        MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, 0, target, 0, target.length);
        return target.clone();
    }

    /** The JDK's own way to an array of native bytes. */
    @Benchmark
    public byte[] toArray() {
        return pixels.toArray(ValueLayout.JAVA_BYTE);
    }

    /** The copy alone, into an array that is there already. */
    @Benchmark
    public byte[] copy() {
        MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, 0, target, 0, target.length);
        return target;
    }
}
