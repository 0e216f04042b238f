package io.github.sdcpp4j;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What {@link SafetyChecker#load(SafetyCheckerOptions)} takes: the file and how to use it. Made with
 * {@link SafetyChecker#builder(Path)}.
 *
 * @param model the safety checker's weights: .safetensors, .bin or .gguf
 * @param flagOnly leaves flagged pictures as they are; false by default: they become black
 * @param threads CPU threads, 1 to 1024; as for a model by default, see {@link LoadOptions#threads()}
 * @param backend where to compute, such as {@code cpu} or {@code cuda0}; empty takes the first GPU, and without one
 *     {@link CpuPrecision#EXACT} where the processor has it, else {@code cpu}
 * @param progress hears of the loading; none by default
 */
public record SafetyCheckerOptions(Path model, boolean flagOnly, int threads, String backend, ProgressListener progress) {

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when a value is out of its range
     */
    public SafetyCheckerOptions {
        Objects.requireNonNull(model, "model");
        Check.range("threads", threads, 1, 1024);
        Check.text("backend", backend);
        Objects.requireNonNull(progress, "progress");
    }

    /** Collects {@link SafetyCheckerOptions}; each method sets the value of the same name there. */
    public static final class Builder {
        private final Path model;
        private boolean flagOnly;
        private int threads = LoadOptions.Builder.defaultThreads();
        private String backend = "";
        private ProgressListener progress = ProgressListener.NONE;

        Builder(Path model) {
            this.model = Objects.requireNonNull(model, "model");
        }

        /**
         * Leaves flagged pictures as they are.
         *
         * @param value true to do so; false makes them black
         * @return this
         */
        public Builder flagOnly(boolean value) {
            flagOnly = value;
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
         * Who hears of the loading.
         *
         * @param listener called on the checker's own thread
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
        public SafetyCheckerOptions build() {
            return new SafetyCheckerOptions(model, flagOnly, threads, backend, progress);
        }

        /**
         * Loads the checker: {@code SafetyChecker.load(build())}.
         *
         * @return the loaded checker
         * @throws InvalidRequestException when a value is out of its range
         * @throws CheckpointException when the file cannot be used
         */
        public SafetyChecker load() {
            return SafetyChecker.load(build());
        }
    }
}
