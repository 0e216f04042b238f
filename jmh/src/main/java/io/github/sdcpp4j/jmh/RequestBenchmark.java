package io.github.sdcpp4j.jmh;

import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.internal.Marshal;
import io.github.sdcpp4j.internal.images.RgbImages;
import io.github.sdcpp4j.internal.library.NativeLibrary;
import java.awt.image.BufferedImage;
import java.lang.foreign.Arena;
import java.util.Optional;
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

/** From a request record to the runtime's struct, and the arena's end. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class RequestBenchmark {

    private static final int SIDE = 512;

    /** What SD 1.x works in: 512 is a multiple of it. */
    private static final int SIZE_MULTIPLE = 64;

    private ImageRequest textToImage;
    private ImageRequest imageToImage;
    private ImageRequest again;

    @Setup
    public void setUp() {
        NativeLibrary.ensureLoaded();
        textToImage = BenchmarkModel.request(SIDE, 20);
        // the type that ImageIO makes of PNG and JPEG files
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                image.setRGB(x, y, x << 16 | y << 8 | (x ^ y) & 0xff);
            }
        }
        imageToImage = new ImageToImage(textToImage.settings(), image, 0.75, Optional.empty());
        again = new ImageToImage(textToImage.settings(), RgbImages.create(SIDE, SIDE), 0.75, Optional.empty());
    }

    /** A request with a value for everything but a picture. */
    @Benchmark
    public long textToImage() {
        return marshal(textToImage);
    }

    /** The same with a picture of the size asked for. */
    @Benchmark
    public long imageToImage() {
        return marshal(imageToImage);
    }

    /** The same with a picture that the library made. */
    @Benchmark
    public long imageToImageAgain() {
        return marshal(again);
    }

    private static long marshal(ImageRequest request) {
        try (Arena arena = Arena.ofConfined()) {
            return Marshal.imageParams(request, SIZE_MULTIPLE, arena).address();
        }
    }
}
