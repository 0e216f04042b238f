package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.InsufficientMemoryException;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.UpscalerOptions;
import java.util.List;
import java.util.Locale;

/**
 * Says before the work whether a picture fits, into memory and into what Java can hold. The runtime has no measurement for its
 * upscaler as it has for its models; but there is one architecture only, of fixed widths, so that the bytes follow from the
 * sizes.
 */
final class UpscaleMemory {

    /** The largest array that a JVM makes. */
    private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

    /** A picture in the runtime: floats, and the bytes that they come from or become. */
    private static final int BYTES_PER_PIXEL = 3 * Float.BYTES + 3;

    /** The result once more, in Java. */
    private static final int BYTES_PER_RESULT_PIXEL = BYTES_PER_PIXEL + 3;

    private final int factor;
    private final UpscalerOptions options;
    private final boolean onHost;

    UpscaleMemory(int factor, UpscalerOptions options, boolean onHost) {
        this.factor = factor;
        this.options = options;
        this.onHost = onHost;
    }

    /**
     * Whether the graphs lie in the machine's memory: there is nothing but the CPU, or it was asked for.
     *
     * @param backend as in the options
     * @param devices all there are
     */
    static boolean isOnHost(String backend, List<DeviceList.Known> devices) {
        return backend.toLowerCase(Locale.ROOT).matches("(.*,)?((upscaler|esrgan|all|default|\\*)=)?(cpu\\d*|fastcpu[-\\w]*)(,.*)?")
                || devices.stream().allMatch(DeviceList.Known::isCpu);
    }

    /**
     * Checks that a picture can be made.
     *
     * @throws InvalidRequestException when it is larger than any can be
     * @throws InsufficientMemoryException when it does not fit
     */
    void check(int width, int height, int repeats) {
        long wide = width;
        long high = height;
        long needed = 0;
        for (int i = 0; i < repeats; i++) {
            if (Math.max(wide, high) > GenerationSettings.MAX_SIDE || 3 * wide * factor * high * factor > MAX_BYTES) {
                throw new InvalidRequestException(
                        "a picture of %dx%d would become %dx%d in repeat %d of %d, and it can have sides of %d before and %d million pixels after: use a smaller one, or fewer repeats"
                                .formatted(width, height, wide * factor, high * factor, i + 1, repeats,
                                        GenerationSettings.MAX_SIDE, MAX_BYTES / 3 / 1_000_000));
            }
            needed = Math.max(needed, needed(wide, high));
            wide *= factor;
            high *= factor;
        }
        long available = options.memoryLimit().orElseGet(() -> HostMemory.SYSTEM.available().orElse(Long.MAX_VALUE));
        if (needed > available) {
            throw new InsufficientMemoryException(
                    "upscaling a picture of %dx%d to %dx%d needs %d MB, and %d MB are %s: a smaller picture needs less%s"
                            .formatted(width, height, wide, high, HostMemory.megabytes(needed), HostMemory.megabytes(available),
                                    options.memoryLimit().isPresent() ? "allowed" : "free",
                                    onHost ? ", and so do smaller tiles (--upscale-tile-size)" : ""),
                    needed, available);
        }
    }

    private long needed(long width, long height) {
        long pictures = width * height * (BYTES_PER_PIXEL + (long) BYTES_PER_RESULT_PIXEL * factor * factor);
        return pictures + (onHost ? graph(width, height) : 0);
    }

    /** What one tile needs while it is computed. */
    private long graph(long width, long height) {
        int tile = options.tileSize();
        boolean whole = tile == 0 || width <= tile && height <= tile;
        long pixels = whole ? width * height : Math.min(width, tile) * Math.min(height, tile);
        return pixels * graphBytesPerPixel();
    }

    /**
     * The largest moment of the graph. With im2col it is the last layers' for factors above 1: for each pixel of the result 64
     * features of 3 x 3 taps in half precision and twice 64 floats; else the dense blocks'. Measured from 128x128 on, the
     * process took between a fifth less than this and as much.
     */
    private long graphBytesPerPixel() {
        long enlarged = (long) factor * factor;
        return options.convDirect() ? Math.max(2800, enlarged * 660) : Math.max(5000, enlarged * (64 * 9 * 2 + 2 * 64 * Float.BYTES));
    }
}
