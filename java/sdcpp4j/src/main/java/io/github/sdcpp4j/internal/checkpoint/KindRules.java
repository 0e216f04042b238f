package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.ModelKind;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Tells the kind of a file from its tensors: the first rule that holds decides. What carries another model's names with
 * marks of its own (LoRA, ControlNet, adapters) stands before that model; a rule that is in doubt does not hold.
 */
final class KindRules {

    private record Rule(ModelKind kind, Predicate<TensorNames> when) {}

    /** Kohya, diffusers, PEFT and LyCORIS; see convert_tensor_name of stable-diffusion.cpp for the ones it reads. */
    private static final Pattern LORA_NAME = Pattern.compile(
            "(lora_(unet|te\\d?|prior)_|lycoris_).*"
            + "|.*([._]lora[._](down|up|mid|A|B)\\b.*|\\.lora_(A|B)\\..*|\\.lora_linear_layer\\..*"
            + "|\\.hada_[wt][12](_[ab])?|\\.lokr_[wt][12](_[ab])?|\\.dora_scale|\\.oft_(blocks|diag))");

    private static final Set<Long> EMBEDDING_WIDTHS = Set.of(768L, 1024L, 1280L);
    private static final Set<String> EMBEDDING_NAMES = Set.of("emb_params", "clip_l", "clip_g", "*", "string_to_param.*");
    private static final int MOST_EMBEDDINGS = 4;

    private static final Predicate<TensorNames> PREFIXED_DIFFUSION =
            starts("model.diffusion_model.").or(starts("diffusion_model.")).or(starts("unet."));
    private static final Predicate<TensorNames> TEXT_PART = starts("cond_stage_model.").or(starts("conditioner.embedders."))
            .or(starts("text_encoders.")).or(starts("text_encoder.")).or(starts("te."));
    private static final Predicate<TensorNames> VAE_PART = starts("first_stage_model.").or(starts("vae."));

    private static final Predicate<TensorNames> BARE_DIFFUSION =
            has("input_blocks.0.0.weight").and(starts("output_blocks."))
            .or(has("conv_in.weight").and(starts("down_blocks.")).and(starts("up_blocks.")))
            .or(starts("double_blocks.").and(starts("img_in.")))
            .or(starts("joint_blocks."))
            .or(starts("single_transformer_blocks.").and(starts("transformer_blocks.")))
            .or(starts("transformer_blocks.").and(has("pos_embed.proj.weight")))
            .or(starts("transformer_blocks.0.img_mod."))
            .or(has("patch_embedding.weight").and(starts("blocks.0.cross_attn.")))
            .or(has("cap_embedder.0.weight"));

    private static final Predicate<TensorNames> TINY_AUTOENCODER =
            (starts("decoder.layers.").or(starts("tae.decoder.")).or(has("decoder.1.weight")).or(has("1.weight")))
            .and(contains(".conv.0.weight"));

    private static final Predicate<TensorNames> ANY_VAE = ends("decoder.conv_in.weight")
            .and(contains("decoder.mid")).or(ends("decoder.conv1.weight").and(contains("decoder.middle.")));

    private static final Predicate<TensorNames> UPSCALER = contains(".RDB1.conv1.").or(contains(".rdb1.conv1."))
            .or(contains(".residual_group."))
            .or(has("body.0.weight").and(has("body.1.weight")).and(has("body.2.weight")));

    private static final List<Rule> RULES = List.of(
            new Rule(ModelKind.PHOTO_MAKER,
                    contains("fuse_module.").or(contains("visual_projection_2.")).or(contains("qformer_perceiver."))),
            // IP-Adapter, AnimateDiff and Control-LoRA: the runtime has no place for them, nor have the rules below
            new Rule(ModelKind.UNKNOWN, starts("ip_adapter.").or(contains("motion_modules.")).or(has("lora_controlnet"))),
            new Rule(ModelKind.LORA, KindRules::isLora),
            new Rule(ModelKind.EMBEDDING, KindRules::isEmbedding),
            new Rule(ModelKind.CHECKPOINT, PREFIXED_DIFFUSION.and(TEXT_PART).and(VAE_PART)),
            new Rule(ModelKind.CHECKPOINT_WITHOUT_VAE, PREFIXED_DIFFUSION.and(TEXT_PART)),
            new Rule(ModelKind.CHECKPOINT_WITHOUT_TEXT_ENCODER, PREFIXED_DIFFUSION.and(VAE_PART)),
            new Rule(ModelKind.CONTROL_NET, starts("control_model.").or(starts("controlnet_cond_embedding."))
                    .or(starts("input_hint_block.")).or(starts("controlnet_blocks."))),
            new Rule(ModelKind.DIFFUSION_MODEL, PREFIXED_DIFFUSION.or(BARE_DIFFUSION)),
            new Rule(ModelKind.UNKNOWN, TEXT_PART.and(VAE_PART)),
            new Rule(ModelKind.TAESD, TINY_AUTOENCODER),
            new Rule(ModelKind.VAE, ANY_VAE),
            new Rule(ModelKind.T5, ends("encoder.block.0.layer.0.SelfAttention.q.weight").or(has("enc.blk.0.attn_q.weight"))),
            new Rule(ModelKind.LLM, ends("model.layers.0.self_attn.q_proj.weight")
                    .or(has("token_embd.weight").and(starts("blk.0.")))
                    .or(ends("language_model.layers.0.self_attn.q_proj.weight"))),
            new Rule(ModelKind.CLIP_L, textEncoder(768)),
            new Rule(ModelKind.CLIP_H, textEncoder(1024)),
            new Rule(ModelKind.CLIP_G, textEncoder(1280)),
            new Rule(ModelKind.LLM_VISION, starts("v.blk.0.").or(starts("visual.blocks.0."))),
            new Rule(ModelKind.SAFETY_CHECKER, has(SafetyCheckerRules.MARK)),
            new Rule(ModelKind.CLIP_VISION,
                    contains("vision_model.encoder.layers.0.").or(contains("visual.transformer.resblocks.0."))),
            new Rule(ModelKind.UPSCALER, UPSCALER));

    private KindRules() {
    }

    static ModelKind kindOf(TensorNames names) {
        return RULES.stream().filter(rule -> rule.when().test(names)).findFirst().map(Rule::kind)
                .orElse(ModelKind.UNKNOWN);
    }

    static boolean isLoraName(String name) {
        return LORA_NAME.matcher(name).matches();
    }

    /** Most of the names, since a checkpoint may have been saved with a few such tensors left in it. */
    private static boolean isLora(TensorNames names) {
        long marked = names.count(name -> isLoraName(name) || name.endsWith(".alpha"));
        return names.any(KindRules::isLoraName) && marked * 2 > names.size();
    }

    private static boolean isEmbedding(TensorNames names) {
        return names.size() > 0 && names.size() <= MOST_EMBEDDINGS && names.all(tensor ->
                (EMBEDDING_NAMES.contains(tensor.name()) || tensor.name().startsWith("<"))
                && !tensor.shape().isEmpty() && tensor.shape().size() <= 2
                && EMBEDDING_WIDTHS.contains(tensor.shape().getLast()));
    }

    private static Predicate<TensorNames> textEncoder(long width) {
        return names -> (names.any(name -> name.contains("text_model.encoder.layers.0.")
                        || name.contains("transformer.resblocks.0.") && !name.contains("visual.")))
                && names.find(name -> name.endsWith("token_embedding.weight"))
                        .filter(tensor -> tensor.shape().size() == 2 && tensor.shape().getLast() == width).isPresent();
    }

    private static Predicate<TensorNames> has(String name) {
        return names -> names.has(name);
    }

    private static Predicate<TensorNames> starts(String prefix) {
        return names -> names.starts(prefix);
    }

    private static Predicate<TensorNames> contains(String part) {
        return names -> names.any(name -> name.contains(part));
    }

    private static Predicate<TensorNames> ends(String suffix) {
        return names -> names.any(name -> name.endsWith(suffix));
    }
}
