package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.ModelKind;
import io.github.sdcpp4j.Prediction;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a file is, as far as its header tells.
 *
 * @param kind what it is
 * @param family the model family in the runtime's words; empty when it is not known or makes no difference
 * @param prediction what the file says its diffusion model predicts
 * @param traits what matters for where it can be used
 * @param tensors how many tensors it has
 */
public record ModelIdentity(
        ModelKind kind, Optional<String> family, Optional<Prediction> prediction, Set<Trait> traits, int tensors) {

    /** What the kind does not tell. */
    public enum Trait {
        /** The diffusion model's names begin as in a checkpoint, so that it is found without being told where it is. */
        PREFIXED_DIFFUSION,
        /** There is a VAE of the usual architecture without its encoder. */
        VAE_WITHOUT_ENCODER,
        /** The VAE has the names it has in a checkpoint. */
        VAE_NAMED_AS_IN_A_CHECKPOINT,
        /** A ControlNet lies in it, alone or beside a checkpoint. */
        CONTROL_NET,
        /** A CLIP image encoder lies in it, alone or beside a text encoder. */
        CLIP_VISION,
        /** A PhotoMaker is of version 2. */
        PHOTO_MAKER_2,
        /** The diffusion model reads the pooled prompt: SD3 and Flux, but not Chroma. */
        READS_POOLED_PROMPT,
        /** CLIP-L lies beside a diffusion model that is no UNet. */
        CLIP_L,
        /** CLIP-G lies beside a diffusion model that is no UNet. */
        CLIP_G,
        /** T5 lies beside a diffusion model that is no UNet. */
        T5XXL,
        /** The UNet is told the noise level of a small picture as a class: Stable Diffusion's x4 latent upscaler. */
        NOISE_LEVEL_CLASSES
    }

    private static final Pattern POOLED_PROMPT =
            Pattern.compile("(^|\\.)(joint_blocks\\.|vector_in\\.|time_text_embed\\.text_embedder\\.)");
    /** In the names of LDM and of diffusers. */
    private static final Pattern NOISE_LEVEL_CLASSES = Pattern.compile("(.*\\.)?label_emb\\.weight|(unet\\.)?class_embedding\\.weight");
    private static final Map<Trait, List<String>> TEXT_ENCODERS = Map.of(
            Trait.CLIP_L, List.of("text_encoders.clip_l.", "te1."),
            Trait.CLIP_G, List.of("text_encoders.clip_g."),
            Trait.T5XXL, List.of("text_encoders.t5xxl.", "te3."));

    /**
     * Judges a header.
     *
     * @param header a header that was read without complaint
     * @return what the file is; {@link ModelKind#UNKNOWN} when its tensors are not known
     */
    public static ModelIdentity of(CheckpointHeader header) {
        TensorNames names = new TensorNames(header.tensors());
        ModelKind kind = KindRules.kindOf(names);
        return new ModelIdentity(kind, FamilyRules.familyOf(kind, names, header.metadata()),
                PredictionHint.of(names, header.metadata()), traits(names), names.size());
    }

    private static Set<Trait> traits(TensorNames names) {
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        if (names.starts("model.diffusion_model.")) {
            traits.add(Trait.PREFIXED_DIFFUSION);
        }
        if (names.starts("first_stage_model.")) {
            traits.add(Trait.VAE_NAMED_AS_IN_A_CHECKPOINT);
        }
        if (names.starts("control_model.")) {
            traits.add(Trait.CONTROL_NET);
        }
        if (names.any(name -> name.contains("vision_model.") || name.contains("visual."))) {
            traits.add(Trait.CLIP_VISION);
        }
        if (names.any(name -> name.contains("qformer_perceiver."))) {
            traits.add(Trait.PHOTO_MAKER_2);
        }
        if (names.any(name -> POOLED_PROMPT.matcher(name).find())) {
            traits.add(Trait.READS_POOLED_PROMPT);
        }
        if (names.any(name -> NOISE_LEVEL_CLASSES.matcher(name).matches())) {
            traits.add(Trait.NOISE_LEVEL_CLASSES);
        }
        TEXT_ENCODERS.forEach((trait, prefixes) -> {
            if (prefixes.stream().anyMatch(names::starts)) {
                traits.add(trait);
            }
        });
        names.find(name -> name.endsWith("decoder.conv_in.weight")).map(TensorInfo::name).ifPresent(decoder -> {
            String prefix = decoder.substring(0, decoder.length() - "decoder.conv_in.weight".length());
            if (!names.starts(prefix + "encoder.")) {
                traits.add(Trait.VAE_WITHOUT_ENCODER);
            }
        });
        return traits;
    }

    /**
     * The file in a few words, for the middle of a sentence.
     *
     * @return such as {@code "a LoRA for SDXL (2364 tensors)"}
     */
    public String description() {
        String count = tensors + (tensors == 1 ? " tensor" : " tensors");
        String article = "aeiouAEIOU".indexOf(kind.label().charAt(0)) >= 0 ? "an " : "a ";
        boolean addition = kind == ModelKind.LORA || kind == ModelKind.EMBEDDING || kind == ModelKind.CONTROL_NET;
        return article + kind.label() + family.map(name -> addition
                ? " for " + name + " (" + count + ")"
                : " (" + name + ", " + count + ")").orElse(" (" + count + ")");
    }
}
