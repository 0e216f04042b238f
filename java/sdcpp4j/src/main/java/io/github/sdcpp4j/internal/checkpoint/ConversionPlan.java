package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.ModelKind;
import io.github.sdcpp4j.WeightType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a conversion will make of its files, told from their headers. It refuses what would end the process: the runtime
 * converts on threads of its own, where nothing catches what it throws or asserts.
 *
 * @param tensors those of the files
 * @param type what weights become; they stay as they are without it
 * @param rules other types for some
 * @param opaqueBytes the size of files whose tensors are not known
 */
public record ConversionPlan(
        List<TensorInfo> tensors, Optional<WeightType> type, List<TypeRule> rules, long opaqueBytes) {

    private static final Set<GgmlType> IN_SAFETENSORS =
            EnumSet.of(GgmlType.F32, GgmlType.F16, GgmlType.BF16, GgmlType.I32);
    private static final Set<GgmlType> INTEGERS = EnumSet.of(GgmlType.I8, GgmlType.I16, GgmlType.I32, GgmlType.I64);
    private static final Set<ModelKind> TAKE_A_VAE = EnumSet.of(ModelKind.CHECKPOINT, ModelKind.CHECKPOINT_WITHOUT_VAE,
            ModelKind.CHECKPOINT_WITHOUT_TEXT_ENCODER, ModelKind.UNKNOWN);

    /** Applied when they are quantised, these would end in an assertion, on a thread where it ends the process. */
    private static final Set<ModelKind> FLOATS_ONLY = EnumSet.of(ModelKind.LORA, ModelKind.EMBEDDING);

    /** {@code ModelLoader::tensor_should_be_converted} of the runtime: weights that are few and matter, so kept as they are. */
    private static final List<String> KEPT_ENDINGS = List.of(".bias", ".scale", ".weight_scale");
    private static final List<String> KEPT_PARTS = List.of(
            "img_in.", "txt_in.", "time_in.", "vector_in.", "guidance_in.", "final_layer.", "x_embedder.", "t_embedder.",
            "y_embedder.", "pos_embed", "context_embedder.", "time_embed.", "label_emb.", "embedding");

    private static final String LEFT_OUT_NAMES = "model_ema.";
    private static final String LEFT_OUT_TYPE = "U8";
    private static final long HEADER_BYTES = 1 << 16;
    private static final long TENSOR_BYTES = 256; // its name and place in the header, and what aligns it

    /** Copies the lists. */
    public ConversionPlan {
        tensors = List.copyOf(tensors);
        rules = List.copyOf(rules);
    }

    /**
     * Checks the files and what is to become of them.
     *
     * @param input the model file
     * @param vae another VAE for it
     * @param type what weights become
     * @param rules other types for some
     * @param safetensors whether the result is to be a safetensors file, which holds few types
     * @return the plan
     * @throws CheckpointException when a file cannot be used, or not in this place
     * @throws InvalidRequestException when the runtime cannot do this to these files
     */
    public static ConversionPlan of(
            Path input, Optional<Path> vae, Optional<WeightType> type, List<TypeRule> rules, boolean safetensors) {
        List<CheckpointHeader> headers = new ArrayList<>(List.of(CheckpointHeader.read(input)));
        vae.ifPresent(file -> {
            headers.add(CheckpointHeader.read(file));
            checkVae(input, ModelIdentity.of(headers.getFirst()), file, ModelIdentity.of(headers.getLast()));
        });
        List<TensorInfo> tensors = headers.stream().flatMap(header -> header.tensors().stream())
                .filter(tensor -> !tensor.name().startsWith(LEFT_OUT_NAMES) && !tensor.dtype().equals(LEFT_OUT_TYPE)).toList();
        long opaque = headers.stream().filter(header -> header.tensors().isEmpty())
                .mapToLong(CheckpointHeader::fileSize).sum();
        ConversionPlan plan = new ConversionPlan(tensors, type, rules, opaque);
        plan.checkAddition(input, ModelIdentity.of(headers.getFirst()));
        plan.checkConvertible(input);
        plan.checkGrowth(input);
        if (safetensors) {
            plan.checkFitsSafetensors(input);
        }
        return plan;
    }

    private static void checkVae(Path input, ModelIdentity model, Path file, ModelIdentity vae) {
        if (!TAKE_A_VAE.contains(model.kind())) {
            throw new CheckpointException("%s is %s: a VAE can be put into a checkpoint only; leave out --vae"
                    .formatted(input, model.description()));
        }
        SlotRules.objection(ModelFile.VAE, vae, EnumSet.of(ModelFile.MODEL, ModelFile.VAE)).ifPresent(objection -> {
            throw new CheckpointException(file + " " + objection);
        });
    }

    private void checkAddition(Path input, ModelIdentity identity) {
        if (!FLOATS_ONLY.contains(identity.kind())) {
            return;
        }
        Stream.concat(wishes(), tensors.stream().map(this::target)).filter(target -> target.blockElements() > 1).findFirst()
                .ifPresent(target -> {
                    throw new InvalidRequestException(
                            "%s is %s, and its weights would be %s: the runtime applies those of f32, f16 and bf16 only, so give --type f16"
                                    .formatted(input, identity.description(), name(target)));
                });
    }

    /** All types that are asked for. A rule may fit a name that the runtime gives, so it is not known where. */
    private Stream<GgmlType> wishes() {
        return Stream.concat(type.stream(), rules.stream().map(TypeRule::type)).map(ConversionPlan::of);
    }

    private void checkConvertible(Path input) {
        for (TensorInfo tensor : tensors) {
            wishes().filter(to -> to != stored(tensor) && isConverted(tensor, to)).findFirst().ifPresent(to -> {
                if (INTEGERS.contains(stored(tensor))) {
                    throw refusal(input, tensor, "holds integers", to);
                }
                if (tensor.elementCount() > Integer.MAX_VALUE) {
                    throw refusal(input, tensor, "has " + tensor.elementCount() + " weights", to);
                }
            });
        }
    }

    private InvalidRequestException refusal(Path input, TensorInfo tensor, String what, GgmlType to) {
        return new InvalidRequestException(
                "%s of %s %s, and the runtime cannot convert that to %s: leave out the type (--type) to change the format only"
                        .formatted(tensor.name(), input, what, name(to)));
    }

    /** The runtime takes its memory before it looks at the rules: they must not ask for more than the weights have. */
    private void checkGrowth(Path input) {
        if (type.isPresent() || rules.isEmpty()) {
            return; // see nativeType()
        }
        GgmlType largest = rules.stream().map(rule -> of(rule.type())).max(ConversionPlan::bySize).orElseThrow();
        Optional<GgmlType> smallest = tensors.stream().map(ConversionPlan::stored).min(ConversionPlan::bySize);
        if (smallest.isEmpty() || bySize(largest, smallest.get()) > 0) {
            throw new InvalidRequestException(
                    "the rules ask for %s, and %s has weights of %s: name a type for all that no rule names, such as f16 (--type f16)"
                            .formatted(name(largest), input, smallest.map(ConversionPlan::name).orElse("a type that is not known")));
        }
    }

    private void checkFitsSafetensors(Path input) {
        tensors.stream().filter(tensor -> !IN_SAFETENSORS.contains(target(tensor))).findFirst().ifPresent(tensor -> {
            throw new InvalidRequestException(
                    "%s of %s would be %s, which safetensors files do not hold: %s, or name an output that ends in .gguf".formatted(
                            tensor.name(), input, name(target(tensor)),
                            type.isPresent() ? "the runtime does not convert this one" : "convert to f16 (--type f16)"));
        });
    }

    /**
     * The type to name to the runtime, beside {@link #nativeRules()}.
     *
     * <p>The runtime takes memory for that type, whatever the rules say, and asserts when it is too little. So with rules it
     * is told the largest type, which costs only addresses, and the one that is meant becomes the last rule.
     *
     * @return empty to leave weights as they are
     */
    public Optional<WeightType> nativeType() {
        return rules.isEmpty() ? type : type.map(meant -> WeightType.F32);
    }

    /**
     * The rules as the runtime reads them.
     *
     * @return a text; empty for none
     */
    public String nativeRules() {
        String texts = rules.stream().map(TypeRule::text).collect(Collectors.joining(","));
        return rules.isEmpty() ? texts : type.map(meant -> texts + ",.*=" + meant.flag()).orElse(texts);
    }

    /**
     * About how large the result will be.
     *
     * @return bytes, rather more than less
     */
    public long fileBytes() {
        return HEADER_BYTES + tensors.size() * TENSOR_BYTES + weightBytes();
    }

    /**
     * About how much memory the conversion takes: all of the result, and one tensor on its way there.
     *
     * @return bytes
     */
    public long memoryBytes() {
        long largest = tensors.stream().filter(tensor -> target(tensor) != stored(tensor))
                .mapToLong(tensor -> bytes(tensor, stored(tensor)) + bytes(tensor, GgmlType.F32)).max().orElse(0);
        return weightBytes() + largest;
    }

    private long weightBytes() {
        boolean grows = type.filter(WeightType.F32::equals).isPresent();
        return tensors.stream().mapToLong(tensor -> bytes(tensor, target(tensor))).sum() + opaqueBytes * (grows ? 2 : 1);
    }

    private GgmlType target(TensorInfo tensor) {
        Optional<WeightType> wanted = rules.stream().filter(rule -> rule.pattern().matcher(tensor.name()).find())
                .map(TypeRule::type).findFirst().or(() -> type);
        GgmlType stored = stored(tensor);
        return wanted.map(ConversionPlan::of).filter(to -> isConverted(tensor, to)).orElse(stored);
    }

    private static boolean isConverted(TensorInfo tensor, GgmlType to) {
        long row = tensor.shape().isEmpty() ? 1 : tensor.shape().getLast();
        String name = tensor.name();
        return row % to.blockElements() == 0
                && KEPT_ENDINGS.stream().noneMatch(name::endsWith) && KEPT_PARTS.stream().noneMatch(name::contains);
    }

    /** What the runtime makes of the types that ggml does not have. */
    private static GgmlType stored(TensorInfo tensor) {
        return switch (tensor.dtype()) {
            case "F8_E4M3", "F8_E5M2" -> GgmlType.F16;
            case "F64" -> GgmlType.F32;
            case "I64" -> GgmlType.I32;
            default -> Arrays.stream(GgmlType.values()).filter(type -> type.name().equals(tensor.dtype())).findFirst()
                    .orElse(GgmlType.I32);
        };
    }

    private static GgmlType of(WeightType type) {
        return GgmlType.valueOf(type.name());
    }

    private static long bytes(TensorInfo tensor, GgmlType type) {
        return Math.ceilDiv(tensor.elementCount(), type.blockElements()) * type.blockBytes();
    }

    private static int bySize(GgmlType a, GgmlType b) {
        return Integer.compare(a.blockBytes() * b.blockElements(), b.blockBytes() * a.blockElements());
    }

    private static String name(GgmlType type) {
        return Arrays.stream(WeightType.values()).filter(weight -> weight.name().equals(type.name())).findFirst()
                .map(WeightType::flag).orElse(type.name());
    }
}
