package io.github.sdcpp4j.internal.worker;

import io.github.sdcpp4j.Additions;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.LoraApplyMode;
import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.Prediction;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.Rng;
import io.github.sdcpp4j.WeightType;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** {@link LoadOptions} without what stays in the parent: the worker's own options, the queue, the listener, the picture check. */
final class OptionsCodec {

    private OptionsCodec() {}

    static void write(DataOutputStream out, LoadOptions options) throws IOException {
        out.writeByte(options.files().size());
        for (Map.Entry<ModelFile, Path> file : options.files().entrySet()) {
            Wire.constant(out, file.getKey());
            Wire.path(out, file.getValue());
        }
        writeAdditions(out, options.additions());
        out.writeInt(options.threads());
        Wire.optional(out, options.weightType(), Wire::constant);
        Wire.text(out, options.tensorTypeRules());
        Wire.constant(out, options.rng());
        Wire.optional(out, options.samplerRng(), Wire::constant);
        Wire.optional(out, options.prediction(), Wire::constant);
        out.writeBoolean(options.mmap());
        out.writeBoolean(options.flashAttention());
        out.writeBoolean(options.diffusionFlashAttention());
        out.writeBoolean(options.diffusionConvDirect());
        out.writeBoolean(options.vaeConvDirect());
        out.writeBoolean(options.circularX());
        out.writeBoolean(options.circularY());
        out.writeBoolean(options.vaeConvScale());
        out.writeBoolean(options.taesdForPreviewsOnly());
        Wire.text(out, options.backend());
        Wire.text(out, options.paramsBackend());
        out.writeDouble(options.maxVram());
        out.writeBoolean(options.memoryLimit().isPresent());
        out.writeLong(options.memoryLimit().orElse(0));
    }

    static LoadOptions read(DataInputStream in, ProgressListener progress) throws IOException {
        Map<ModelFile, Path> files = new EnumMap<>(ModelFile.class);
        int count = in.readUnsignedByte();
        for (int i = 0; i < count; i++) {
            files.put(Wire.constant(in, ModelFile.class), Wire.path(in));
        }
        LoadOptions defaults = LoadOptions.builder().file(ModelFile.MODEL, Path.of("")).build();
        return new LoadOptions(
                files,
                readAdditions(in),
                in.readInt(),
                Wire.optional(in, from -> Wire.constant(from, WeightType.class)),
                Wire.text(in),
                Wire.constant(in, Rng.class),
                Wire.optional(in, from -> Wire.constant(from, Rng.class)),
                Wire.optional(in, from -> Wire.constant(from, Prediction.class)),
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                Wire.text(in),
                Wire.text(in),
                in.readDouble(),
                Optional.empty(),
                defaults.queueCapacity(),
                memoryLimit(in),
                progress,
                Optional.empty());
    }

    /** Preflight has put the folder's embeddings among the others. */
    private static void writeAdditions(DataOutputStream out, Additions additions) throws IOException {
        Wire.optional(out, additions.loraFolder(), Wire::path);
        Wire.constant(out, additions.loraApplyMode());
        Wire.list(out, List.copyOf(additions.embeddings().entrySet()), (to, embedding) -> {
            Wire.text(to, embedding.getKey());
            Wire.path(to, embedding.getValue());
        });
    }

    private static Additions readAdditions(DataInputStream in) throws IOException {
        Optional<Path> loraFolder = Wire.optional(in, Wire::path);
        LoraApplyMode mode = Wire.constant(in, LoraApplyMode.class);
        Map<String, Path> embeddings = new LinkedHashMap<>();
        Wire.list(in, from -> embeddings.put(Wire.text(from), Wire.path(from)));
        return new Additions(loraFolder, mode, embeddings, Optional.empty());
    }

    private static OptionalLong memoryLimit(DataInputStream in) throws IOException {
        boolean present = in.readBoolean();
        long bytes = in.readLong();
        return present ? OptionalLong.of(bytes) : OptionalLong.empty();
    }
}
