package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.Conversion;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes a model file in another format, with other weight types, or both: {@code q8_0} halves an f16 checkpoint once and
 * for all, and it then loads without being converted each time.
 *
 * <pre>{@code
 * CheckpointInfo small = ModelConversion.builder(Path.of("model.safetensors"), Path.of("model.q8_0.gguf"))
 *         .weightType(WeightType.Q8_0)
 *         .run();
 * }</pre>
 *
 * <p>Checkpoints can be converted, and parts of them: diffusion models, VAEs, text encoders, ControlNets, upscalers, and
 * LoRAs, though these to f32, f16 and bf16 only, since the runtime does not apply quantised ones.
 * What the runtime has no use for is left out, such as the EMA copy of training checkpoints, and names become those that
 * the runtime uses inside, which it reads again but other programs may not. Only tensors are written: texts beside them,
 * such as {@code modelspec.resolution} or a prediction that only the metadata tell, are not; say the size and the
 * {@link LoadOptions#prediction prediction} yourself then.
 *
 * <p>Not every tensor takes the type. One whose rows do not divide into the type's blocks stays as it is: blocks have 32
 * weights in q4_0, q5_0, q8_0 and the like and 256 in the K and IQ types, so that convolutions, whose rows are 1 or 3 long,
 * are never quantised, and with K types less of a small model is. So do biases, and a few small tensors at the ends of the
 * diffusion model, such as the embedding of the time step, and those named as an embedding. The floats f32, f16 and bf16 have
 * no blocks.
 *
 * @param input a .safetensors, .ckpt or .gguf file
 * @param vae a VAE to put in, instead of the checkpoint's own or where it has none; none by default
 * @param output the file to write, of the format that its ending names, .gguf or .safetensors, in a folder that is there;
 *     one that exists is replaced. Safetensors files hold f32, f16 and bf16 only
 * @param weightType what weights become; by default they stay as they are
 * @param tensorTypeRules other types by name pattern, the first that is found in a tensor's name counts, such as
 *     {@code "^first_stage_model\\.=f16,attn=q4_0"}; empty for none. Names are those of the output. Patterns are regular
 *     expressions without braces, look-around and back references; without a weight type they may ask only for types that
 *     are no larger than any in the file
 * @param progress hears of {@link Phase#LOAD} and {@link Phase#WRITE}; none by default. It must not load or convert a model
 */
public record ModelConversion(
        Path input,
        Optional<Path> vae,
        Path output,
        Optional<WeightType> weightType,
        String tensorTypeRules,
        ProgressListener progress) {

    /**
     * Checks the values; the files are looked at by {@link #run()}.
     *
     * @throws InvalidRequestException when the output has another ending, a type cannot be made or not be held by the
     *     output, or a rule is none
     */
    public ModelConversion {
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(vae, "vae");
        Objects.requireNonNull(progress, "progress");
        String name = String.valueOf(output.getFileName());
        Check.that(isGguf(name) || isSafetensors(name),
                "the output is '%s': its name must end in .gguf or .safetensors, which says the format".formatted(output));
        weightType.ifPresent(type -> Check.that(
                type.isLoadable(),
                "weights cannot be converted to %s: use one of f32, f16, bf16, q8_0, q5_0, q4_0, q4_K ...".formatted(type.flag())));
        Check.text("tensor type rules", tensorTypeRules);
        Conversion.types(weightType, tensorTypeRules).forEach(type -> Check.that(
                isGguf(name) || type == WeightType.F32 || type == WeightType.F16 || type == WeightType.BF16,
                "safetensors files do not hold %s: name an output that ends in .gguf, or a type of f32, f16 and bf16"
                        .formatted(type.flag())));
    }

    private static boolean isGguf(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    private static boolean isSafetensors(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".safetensors");
    }

    /**
     * Tells the format of the output.
     *
     * @return true for safetensors, false for GGUF
     */
    public boolean toSafetensors() {
        return isSafetensors(output.getFileName().toString());
    }

    /**
     * Starts with the defaults.
     *
     * @param input a .safetensors, .ckpt or .gguf file
     * @param output the .gguf or .safetensors file to write
     * @return a builder; its {@link Builder#run()} converts
     */
    public static Builder builder(Path input, Path output) {
        return new Builder(input, output);
    }

    /**
     * Converts. The whole result is in memory meanwhile. The output appears whole or not at all, under its name only when
     * it was written and its header read back; until then it is a hidden file beside it.
     *
     * <p>Reading and writing cannot be stopped: an interrupt ends the wait for another load or conversion at once, but what
     * has begun runs to its end, and its result is then thrown away.
     *
     * @return what the output holds
     * @throws CheckpointException when a file is missing, damaged, or not what its place takes
     * @throws InvalidRequestException when the output is one of the inputs, has no folder, or cannot hold what these files
     *     have
     * @throws InsufficientMemoryException when the result does not fit into memory
     * @throws java.io.UncheckedIOException when the disk has no space for the output, or it cannot be written
     * @throws CancelledException when the thread is interrupted
     * @throws NativeLibraryException when the native library cannot be used
     */
    public CheckpointInfo run() {
        return Conversion.run(this);
    }

    /** Collects a {@link ModelConversion}; each method sets the value of the same name there. */
    public static final class Builder {
        private final Path input;
        private final Path output;
        private Path vae;
        private WeightType weightType;
        private String tensorTypeRules = "";
        private ProgressListener progress = ProgressListener.NONE;

        private Builder(Path input, Path output) {
            this.input = input;
            this.output = output;
        }

        /**
         * A VAE to put in.
         *
         * @param file the file; null keeps the checkpoint's own
         * @return this
         */
        public Builder vae(Path file) {
            vae = file;
            return this;
        }

        /**
         * What weights become.
         *
         * @param value the type; null leaves them as they are
         * @return this
         */
        public Builder weightType(WeightType value) {
            weightType = value;
            return this;
        }

        /**
         * Other types by name pattern.
         *
         * @param value such as {@code "^first_stage_model\\.=f16"}
         * @return this
         */
        public Builder tensorTypeRules(String value) {
            tensorTypeRules = value;
            return this;
        }

        /**
         * Who hears of the work.
         *
         * @param listener called on a thread of the conversion's own
         * @return this
         */
        public Builder progress(ProgressListener listener) {
            progress = listener;
            return this;
        }

        /**
         * Checks the values and makes the conversion.
         *
         * @return the conversion
         * @throws InvalidRequestException when a value cannot be used
         */
        public ModelConversion build() {
            return new ModelConversion(
                    input, Optional.ofNullable(vae), output, Optional.ofNullable(weightType), tensorTypeRules, progress);
        }

        /**
         * Converts: {@code build().run()}.
         *
         * @return what the output holds
         * @throws InvalidRequestException when a value cannot be used
         * @throws CheckpointException when a file cannot be used
         */
        public CheckpointInfo run() {
            return build().run();
        }
    }
}
