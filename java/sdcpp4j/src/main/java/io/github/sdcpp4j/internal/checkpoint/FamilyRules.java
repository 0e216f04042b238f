package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.ModelKind;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells the model family in the runtime's words (model_version_to_str), where names and shapes give it away. */
final class FamilyRules {

    static final String SD1 = "SD 1.x";
    static final String SD2 = "SD 2.x";
    static final String SDXL = "SDXL";
    static final String SD3 = "SD3.x";
    static final String FLUX = "Flux";

    private static final Set<ModelKind> HAVE_A_FAMILY = EnumSet.of(ModelKind.CHECKPOINT, ModelKind.CHECKPOINT_WITHOUT_VAE,
            ModelKind.CHECKPOINT_WITHOUT_TEXT_ENCODER, ModelKind.DIFFUSION_MODEL, ModelKind.CONTROL_NET, ModelKind.LORA,
            ModelKind.EMBEDDING);

    private record Mark(Pattern name, String family) {}

    /** Blocks that only one family has; in the names of a LoRA underscores may stand for the dots. */
    private static final List<Mark> MARKS = List.of(
            mark("nerf_final_layer_conv[._]", "Chroma Radiance"),
            mark("joint_blocks[._]", SD3),
            mark("double_stream_modulation_img[._]", "Flux.2"),
            mark("double_blocks[._]|single_blocks[._]|single_transformer_blocks[._]", FLUX),
            mark("time_mixer", "SVD"),
            mark("transformer_blocks[._]0[._]img_mod[._]1", "Qwen Image"),
            mark("cap_embedder[._]0", "Z-Image"),
            mark("blocks[._]0[._]cross_attn[._]norm_k", "Wan 2.x"));

    /** Where the text enters a UNet: the last dimension of the weight is the width of the text encoder. */
    private static final Pattern CONTEXT = Pattern.compile(
            ".*attn2[._](processor[._])?to_k(\\.weight|(\\.lora|_lora)?[._](lora_)?(down|A)(\\.default)?\\.weight|\\.hada_w1_b)");
    private static final Pattern FIRST_CONVOLUTION = Pattern.compile(
            "(.*\\.)?input_blocks\\.0\\.0\\.weight|(unet\\.)?conv_in\\.weight");

    private static final Map<Long, String> BY_CONTEXT = Map.of(768L, SD1, 1024L, SD2, 2048L, SDXL);

    /** What trainers write; {@code ss_base_model_version} of kohya and {@code modelspec.architecture}. */
    private static final Map<String, String> BY_METADATA = new LinkedHashMap<>();

    static {
        BY_METADATA.put("stable-diffusion-xl", SDXL);
        BY_METADATA.put("sdxl", SDXL);
        BY_METADATA.put("stable-diffusion-v1", SD1);
        BY_METADATA.put("sd_v1", SD1);
        BY_METADATA.put("stable-diffusion-v2", SD2);
        BY_METADATA.put("sd_v2", SD2);
        BY_METADATA.put("stable-diffusion-3", SD3);
        BY_METADATA.put("sd3", SD3);
        BY_METADATA.put("flux", FLUX);
    }

    private FamilyRules() {
    }

    static Optional<String> familyOf(ModelKind kind, TensorNames names, Map<String, String> metadata) {
        if (!HAVE_A_FAMILY.contains(kind)) {
            return Optional.empty();
        }
        if (kind == ModelKind.EMBEDDING) {
            return embedding(names);
        }
        return MARKS.stream().filter(mark -> names.any(name -> mark.name().matcher(name).find())).map(Mark::family).findFirst()
                .or(() -> unet(kind, names))
                .or(() -> kind == ModelKind.LORA && isSdxlLora(names) ? Optional.of(SDXL) : Optional.empty())
                .or(() -> fromMetadata(metadata));
    }

    /** The family without its variants, if it is one whose parts fit each other. */
    static Optional<String> plain(String family) {
        String name = family.equals("Instruct-Pix2Pix") ? SD1
                : family.replace(" Inpaint", "").replace(" Instruct-Pix2Pix", "");
        return Optional.of(name).filter(Set.of(SD1, SD2, SDXL, SD3, FLUX)::contains);
    }

    private static Optional<String> embedding(TensorNames names) {
        return names.has("clip_g") ? Optional.of(SDXL)
                : names.find(name -> true).map(tensor -> BY_CONTEXT.get(tensor.shape().getLast()));
    }

    private static Optional<String> unet(ModelKind kind, TensorNames names) {
        Optional<String> family = names.find(name -> CONTEXT.matcher(name).matches())
                .filter(tensor -> tensor.shape().size() >= 2)
                .map(tensor -> BY_CONTEXT.get(tensor.shape().get(1)));
        long channels = kind == ModelKind.CONTROL_NET || kind == ModelKind.LORA ? 4
                : names.find(name -> FIRST_CONVOLUTION.matcher(name).matches())
                        .filter(tensor -> tensor.shape().size() == 4).map(tensor -> tensor.shape().get(1)).orElse(4L);
        if (channels == 9) {
            return family.map(plain -> plain + " Inpaint");
        }
        return channels == 8 ? family.map(plain -> plain.equals(SD1) ? "Instruct-Pix2Pix" : plain + " Instruct-Pix2Pix") : family;
    }

    /** Kohya numbers two text encoders for SDXL, and calls its blocks as LDM does. */
    private static boolean isSdxlLora(TensorNames names) {
        return names.starts("lora_te2_") && !names.starts("lora_te3_") || names.starts("lora_unet_input_blocks_");
    }

    private static Optional<String> fromMetadata(Map<String, String> metadata) {
        String base = (metadata.getOrDefault("ss_base_model_version", "") + " "
                + metadata.getOrDefault("modelspec.architecture", "")).toLowerCase(Locale.ROOT);
        return BY_METADATA.entrySet().stream().filter(entry -> base.contains(entry.getKey())).map(Map.Entry::getValue)
                .findFirst();
    }

    private static Mark mark(String name, String family) {
        return new Mark(Pattern.compile("(^|[._])(" + name + ")"), family);
    }
}
