package io.github.sdcpp4j;

import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What {@link Upscaler#load(UpscalerOptions)} takes: the file and how to run it. Made with {@link Upscaler#builder(Path)}.
 *
 * @param model the ESRGAN file: .pth, .safetensors or .gguf
 * @param tileSize side of the square of input pixels that is computed at once, 16 to 16384; 0 for the whole picture. Tiles
 *     overlap by about a quarter and are blended; a side that is just below twice the tile is made of two that hardly overlap,
 *     which can show. Memory grows with the tile's square. 128 by default
 * @param threads CPU threads, 1 to 1024; as for a model by default, see {@link LoadOptions#threads()}
 * @param convDirect convolves without im2col: less memory, slower on the CPU; false by default
 * @param backend where to compute, such as {@code cpu} or {@code cuda0}, or as for a model with the name {@code upscaler},
 *     such as {@code upscaler=cpu}; empty takes the first GPU, and without one
 *     {@link CpuPrecision#EXACT} where the processor has it, else {@code cpu}
 * @param memoryLimit bytes that one picture may need, 1 or more; what is free at that time by default
 * @param progress hears of the loading; none by default
 */
public record UpscalerOptions(
        Path model,
        int tileSize,
        int threads,
        boolean convDirect,
        String backend,
        OptionalLong memoryLimit,
        ProgressListener progress) {

    /** Below it, a tile would be little but overlap. */
    private static final int MIN_TILE = 16;

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when a value is out of its range
     */
    public UpscalerOptions {
        Objects.requireNonNull(model, "model");
        Check.that(tileSize == 0 || tileSize >= MIN_TILE && tileSize <= GenerationSettings.MAX_SIDE,
                "upscale tile size is %d: give a number of pixels from %d to %d, or 0 for the whole picture at once"
                        .formatted(tileSize, MIN_TILE, GenerationSettings.MAX_SIDE));
        Check.range("threads", threads, 1, 1024);
        Check.text("backend", backend);
        memoryLimit.ifPresent(bytes -> Check.range("memory limit", bytes, 1, Long.MAX_VALUE));
        Objects.requireNonNull(progress, "progress");
    }

    /** Collects {@link UpscalerOptions}; each method sets the value of the same name there. */
    public static final class Builder {
        private final Path model;
        private int tileSize = 128;
        private int threads = LoadOptions.Builder.defaultThreads();
        private boolean convDirect;
        private String backend = "";
        private OptionalLong memoryLimit = OptionalLong.empty();
        private ProgressListener progress = ProgressListener.NONE;

        Builder(Path model) {
            this.model = Objects.requireNonNull(model, "model");
        }

        /**
         * How much of the picture is computed at once.
         *
         * @param pixels side of a square of input pixels, 16 to 16384; 0 for the whole picture
         * @return this
         */
        public Builder tileSize(int pixels) {
            tileSize = pixels;
            return this;
        }

        /**
         * CPU threads.
         *
         * @param value 1 to 1024
         * @return this
         */
        public Builder threads(int value) {
            threads = value;
            return this;
        }

        /**
         * Convolves without im2col.
         *
         * @param value true to do so
         * @return this
         */
        public Builder convDirect(boolean value) {
            convDirect = value;
            return this;
        }

        /**
         * Where to compute.
         *
         * @param value such as {@code cpu} or {@code cuda0}
         * @return this
         */
        public Builder backend(String value) {
            backend = value;
            return this;
        }

        /**
         * Computes on the library's own CPU backend, as {@link #backend(String)} with its name.
         *
         * @param value what it multiplies
         * @return this
         */
        public Builder cpuPrecision(CpuPrecision value) {
            return backend(value.backend());
        }

        /**
         * What one picture may need.
         *
         * @param bytes 1 or more
         * @return this
         */
        public Builder memoryLimit(long bytes) {
            memoryLimit = OptionalLong.of(bytes);
            return this;
        }

        /**
         * Who hears of the loading.
         *
         * @param listener called on the upscaler's own thread
         * @return this
         */
        public Builder progress(ProgressListener listener) {
            progress = listener;
            return this;
        }

        /**
         * Checks the values and makes the options.
         *
         * @return the options
         * @throws InvalidRequestException when a value is out of its range
         */
        public UpscalerOptions build() {
            return new UpscalerOptions(model, tileSize, threads, convDirect, backend, memoryLimit, progress);
        }

        /**
         * Loads the upscaler: {@code Upscaler.load(build())}.
         *
         * @return the loaded upscaler
         * @throws InvalidRequestException when a value is out of its range
         * @throws CheckpointException when the file cannot be used
         */
        public Upscaler load() {
            return Upscaler.load(build());
        }
    }
}
