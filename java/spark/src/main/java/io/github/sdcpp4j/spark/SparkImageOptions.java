package io.github.sdcpp4j.spark;

import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.ModelFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/**
 * Which model the executors load, and how. Made with {@link #builder()}; what is not set has the library's default.
 *
 * <p>The device is not among it: each task computes on the GPU that Spark gave it, and on the CPU where it gave none.
 */
public final class SparkImageOptions implements Serializable {

    private static final long serialVersionUID = 1L;

    /** The model's files. */
    private final EnumMap<ModelFile, ModelPath> files;

    /** Whether the model is the demo checkpoint. */
    private final boolean demo;

    /** The safety checker, or null. */
    private final ModelPath safetyChecker;

    /** Whether the model runs in a process of its own. */
    private final boolean worker;

    /** What changes the options of a load. */
    private final SerializableConsumer<LoadOptions.Builder> load;

    /** What changes each request. */
    private final SerializableConsumer<GenerationSettings.Builder<?>> request;

    private SparkImageOptions(Builder builder) {
        files = new EnumMap<>(builder.files);
        demo = builder.demo;
        safetyChecker = builder.safetyChecker;
        worker = builder.worker;
        load = builder.load;
        request = builder.request;
    }

    /**
     * Starts with the defaults and no model.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    Map<ModelFile, ModelPath> files() {
        return files;
    }

    boolean demo() {
        return demo;
    }

    /** Null for none. */
    ModelPath safetyChecker() {
        return safetyChecker;
    }

    boolean worker() {
        return worker;
    }

    SerializableConsumer<LoadOptions.Builder> load() {
        return load;
    }

    SerializableConsumer<GenerationSettings.Builder<?>> request() {
        return request;
    }

    /**
     * What two equal options have in common, also after they have travelled.
     *
     * @throws InvalidRequestException when they cannot travel
     */
    String key() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(this);
        } catch (IOException e) {
            throw new InvalidRequestException(
                    "the options cannot be sent to executors (%s): let the lambdas in them capture serializable values only".formatted(e), e);
        }
        return RowKey.hex(HexFormat.of().formatHex(bytes.toByteArray()));
    }

    /** Collects {@link SparkImageOptions}. */
    public static final class Builder {
        private final Map<ModelFile, ModelPath> files = new EnumMap<>(ModelFile.class);
        private boolean demo;
        private ModelPath safetyChecker;
        private boolean worker;
        private SerializableConsumer<LoadOptions.Builder> load = options -> {};
        private SerializableConsumer<GenerationSettings.Builder<?>> request = settings -> {};

        private Builder() {}

        /**
         * The checkpoint, at a path that is the same on all machines, such as one on a shared file system.
         *
         * @param path a .safetensors, .ckpt or .gguf file
         * @return this
         */
        public Builder checkpoint(String path) {
            return file(ModelFile.MODEL, path);
        }

        /**
         * The checkpoint, from where Spark fetches it once for each executor ({@code SparkContext.addFile}). The session needs
         * {@code spark.sql.artifact.isolation.enabled=false}.
         *
         * @param address a path on the driver's machine, or an address that all machines reach, such as
         *     {@code hdfs://models/model.safetensors}: the driver then need not send it to each of them
         * @return this
         */
        public Builder shippedCheckpoint(String address) {
            return shippedFile(ModelFile.MODEL, address);
        }

        /**
         * The small checkpoint that comes with the artifact {@code sdcpp4j-demo}, which executors need on their class path.
         *
         * @return this
         */
        public Builder demo() {
            demo = true;
            return this;
        }

        /**
         * A file of the model, at a path that is the same on all machines.
         *
         * @param slot what the file is
         * @param path the file
         * @return this
         */
        public Builder file(ModelFile slot, String path) {
            files.put(slot, new ModelPath(path, false));
            return this;
        }

        /**
         * A file of the model, from where Spark fetches it once for each executor; see {@link #shippedCheckpoint}.
         *
         * @param slot what the file is
         * @param address a path on the driver's machine, or an address that all machines reach
         * @return this
         */
        public Builder shippedFile(ModelFile slot, String address) {
            files.put(slot, new ModelPath(address, true));
            return this;
        }

        /**
         * The weights of diffusers' safety checker, at a path that is the same on all machines. What it flags becomes black, and
         * its row has {@code nsfw} true; without it {@code nsfw} is false always.
         *
         * @param path a .safetensors, .bin or .gguf file
         * @return this
         */
        public Builder safetyChecker(String path) {
            safetyChecker = new ModelPath(path, false);
            return this;
        }

        /**
         * Runs the model in a process beside each executor: should native code crash, or the kernel end it for want of memory, that
         * costs a task's attempt, and the executor lives on.
         *
         * @return this
         */
        public Builder worker() {
            worker = true;
            return this;
        }

        /**
         * Sets whatever else can be said about loading, such as weight types or a folder of LoRAs; called last, on the executor.
         *
         * @param value changes the options of a load; what it captures has to be serializable
         * @return this
         */
        public Builder load(SerializableConsumer<LoadOptions.Builder> value) {
            load = Objects.requireNonNull(value, "load");
            return this;
        }

        /**
         * Sets whatever else a request can have, such as LoRAs or a hires fix; called last, for every row. The seeds of rows without one
         * do not depend on it.
         *
         * @param value changes a request; what it captures has to be serializable
         * @return this
         */
        public Builder request(SerializableConsumer<GenerationSettings.Builder<?>> value) {
            request = Objects.requireNonNull(value, "request");
            return this;
        }

        /**
         * Checks the values and makes the options.
         *
         * @return the options
         * @throws InvalidRequestException when there is no model, or more than one
         */
        public SparkImageOptions build() {
            boolean named = files.containsKey(ModelFile.MODEL) || files.containsKey(ModelFile.DIFFUSION);
            if (demo == named) {
                throw new InvalidRequestException(demo
                        ? "the demo checkpoint is a model, and so is %s: give one of them".formatted(files.values().iterator().next().path())
                        : "no model is given: name a checkpoint");
            }
            return new SparkImageOptions(this);
        }
    }
}
