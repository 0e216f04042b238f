package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.CheckpointInfo;
import io.github.sdcpp4j.CheckpointInfo.TensorType;
import io.github.sdcpp4j.ModelKind;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.WeightType;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_inspection;
import io.github.sdcpp4j.internal.checkpoint.CardRules;
import io.github.sdcpp4j.internal.checkpoint.CheckpointHeader;
import io.github.sdcpp4j.internal.checkpoint.ModelIdentity;
import io.github.sdcpp4j.internal.checkpoint.TensorInfo;
import io.github.sdcpp4j.internal.library.NativeLibrary;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Asks the runtime what a file is; the file's header was checked before. */
public final class Inspection {

    private Inspection() {}

    /**
     * Reads a file's header.
     *
     * @param path the file
     * @return what it holds
     */
    public static CheckpointInfo read(Path path) {
        CheckpointHeader header = CheckpointHeader.read(path);
        NativeLibrary.ensureLoaded();
        try (NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            MemorySegment out = sdcpp4j_inspection.allocate(call.arena());
            int status = sdcpp4j_h.sdcpp4j_inspect(
                    call.segment(), call.arena().allocateFrom(path.toAbsolutePath().toString()), out);
            call.check(status, text -> new CheckpointException(path + " cannot be read: " + text));
            return info(path, header, out);
        }
    }

    private static CheckpointInfo info(Path path, CheckpointHeader header, MemorySegment out) {
        MemorySegment family = sdcpp4j_inspection.family(out);
        String format = switch (header.format()) {
            case SAFETENSORS -> "safetensors";
            case GGUF -> "gguf";
            case TORCH_ZIP, TORCH_LEGACY -> "ckpt";
        };
        ModelIdentity identity = ModelIdentity.of(header);
        // the runtime takes a text encoder alone for the whole model that has one like it
        boolean known = !family.equals(MemorySegment.NULL)
                && (identity.kind() == ModelKind.UNKNOWN || sdcpp4j_inspection.has_diffusion(out) != 0);
        return new CheckpointInfo(
                path,
                format,
                identity.kind(),
                known ? Optional.of(family.getString(0)) : identity.family(),
                identity.prediction(),
                Optional.ofNullable(header.metadata().get("modelspec.resolution")).flatMap(Resolution::parse),
                header.fileSize(),
                // the runtime leaves out what it has no use for, such as position_ids
                header.tensors().isEmpty() ? sdcpp4j_inspection.tensors(out) : header.tensors().size(),
                sdcpp4j_inspection.parameters(out),
                sdcpp4j_inspection.weight_bytes(out),
                weightType(header, sdcpp4j_inspection.weight_type(out)),
                sdcpp4j_inspection.has_diffusion(out) != 0,
                sdcpp4j_inspection.has_text_encoder(out) != 0,
                sdcpp4j_inspection.has_vae(out) != 0,
                tensorTypes(header.tensors()),
                CardRules.of(header.metadata()));
    }

    private static List<TensorType> tensorTypes(List<TensorInfo> tensors) {
        return tensors.stream()
                .collect(Collectors.groupingBy(TensorInfo::dtype))
                .entrySet().stream()
                .map(type -> new TensorType(type.getKey(), type.getValue().size(),
                        type.getValue().stream().mapToLong(TensorInfo::length).sum()))
                .sorted(Comparator.comparingLong(TensorType::bytes).reversed().thenComparing(TensorType::name))
                .toList();
    }

    /** The runtime counts tensors, and tells nothing without a diffusion model. */
    private static Optional<WeightType> weightType(CheckpointHeader header, int ofMost) {
        return Arrays.stream(WeightType.values()).filter(type -> type.nativeValue() == ofMost).findFirst()
                .map(most -> header.quantisation().map(WeightType::valueOf).orElse(most));
    }
}
