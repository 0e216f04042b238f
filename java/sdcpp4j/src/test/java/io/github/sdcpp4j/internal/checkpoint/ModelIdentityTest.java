package io.github.sdcpp4j.internal.checkpoint;

import static io.github.sdcpp4j.internal.checkpoint.ModelBytes.of;
import static io.github.sdcpp4j.internal.checkpoint.ModelBytes.unet;
import static io.github.sdcpp4j.internal.checkpoint.Refusals.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.sdcpp4j.ModelKind;
import io.github.sdcpp4j.Prediction;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ModelIdentityTest {

    private static final String LDM = "model.diffusion_model.";
    private static final String LDM_CLIP = "cond_stage_model.transformer.";
    private static final String LDM_VAE = "first_stage_model.";

    @TempDir
    private Path directory;

    static Stream<Arguments> kinds() {
        return Stream.of(
                arguments("SD 1.x checkpoint", unet(LDM, 768, 4).clip(LDM_CLIP, 768).vae(LDM_VAE), ModelKind.CHECKPOINT, "SD 1.x"),
                arguments("inpainting", unet(LDM, 768, 9).clip(LDM_CLIP, 768).vae(LDM_VAE), ModelKind.CHECKPOINT, "SD 1.x Inpaint"),
                arguments("pix2pix", unet(LDM, 768, 8).clip(LDM_CLIP, 768).vae(LDM_VAE), ModelKind.CHECKPOINT, "Instruct-Pix2Pix"),
                arguments("SD 2.x", unet(LDM, 1024, 4).tensor("cond_stage_model.model.token_embedding.weight", 1, 1024)
                        .vae(LDM_VAE), ModelKind.CHECKPOINT, "SD 2.x"),
                arguments("SDXL", unet(LDM, 2048, 4).clip("conditioner.embedders.0.transformer.", 768).vae(LDM_VAE),
                        ModelKind.CHECKPOINT, "SDXL"),
                arguments("SDXL inpainting", unet(LDM, 2048, 9).clip("conditioner.embedders.0.transformer.", 768)
                        .vae(LDM_VAE), ModelKind.CHECKPOINT, "SDXL Inpaint"),
                arguments("checkpoint with ControlNet", unet(LDM, 768, 4).clip(LDM_CLIP, 768).vae(LDM_VAE)
                        .tensor("control_model.input_hint_block.0.weight", 1), ModelKind.CHECKPOINT, "SD 1.x"),
                arguments("without VAE", unet(LDM, 768, 4).clip(LDM_CLIP, 768), ModelKind.CHECKPOINT_WITHOUT_VAE, "SD 1.x"),
                arguments("SD3 medium", of(LDM + "joint_blocks.0.x_block.attn.qkv.weight").vae(LDM_VAE),
                        ModelKind.CHECKPOINT_WITHOUT_TEXT_ENCODER, "SD3.x"),

                arguments("LDM UNet", unet(LDM, 768, 4), ModelKind.DIFFUSION_MODEL, "SD 1.x"),
                arguments("bare UNet", unet("", 2048, 4), ModelKind.DIFFUSION_MODEL, "SDXL"),
                arguments("diffusers UNet", of("down_blocks.0.resnets.0.conv1.weight", "up_blocks.0.resnets.0.conv1.weight")
                        .tensor("conv_in.weight", 1, 9, 1, 1)
                        .tensor("down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight", 1, 768),
                        ModelKind.DIFFUSION_MODEL, "SD 1.x Inpaint"),
                arguments("Flux", of("double_blocks.0.img_attn.qkv.weight", "img_in.weight"), ModelKind.DIFFUSION_MODEL, "Flux"),
                arguments("diffusers Flux", of("single_transformer_blocks.0.attn.to_q.weight",
                        "transformer_blocks.0.attn.to_q.weight"), ModelKind.DIFFUSION_MODEL, "Flux"),
                arguments("bare SD3", of("joint_blocks.0.x_block.attn.qkv.weight"), ModelKind.DIFFUSION_MODEL, "SD3.x"),

                arguments("VAE", new ModelBytes().vae(""), ModelKind.VAE, null),
                arguments("LDM VAE", new ModelBytes().vae(LDM_VAE), ModelKind.VAE, null),
                arguments("diffusers VAE", of("encoder.conv_in.weight", "decoder.conv_in.weight",
                        "encoder.down_blocks.0.resnets.0.conv1.weight", "decoder.mid_block.resnets.0.conv1.weight"),
                        ModelKind.VAE, null),
                arguments("TAESD", of("decoder.layers.0.weight", "decoder.layers.2.conv.0.weight", "encoder.layers.0.weight"),
                        ModelKind.TAESD, null),

                arguments("CLIP-L", new ModelBytes().clip("", 768), ModelKind.CLIP_L, null),
                arguments("CLIP-L and vision", new ModelBytes().clip("", 768).tensor("vision_model.encoder.layers.0.mlp.fc1.weight", 1),
                        ModelKind.CLIP_L, null),
                arguments("CLIP-H", new ModelBytes().clip("", 1024), ModelKind.CLIP_H, null),
                arguments("CLIP-G", new ModelBytes().clip("", 1280), ModelKind.CLIP_G, null),
                arguments("OpenCLIP-G", of("transformer.resblocks.0.attn.in_proj_weight").tensor("token_embedding.weight", 1, 1280),
                        ModelKind.CLIP_G, null),
                arguments("CLIP-B", new ModelBytes().clip("", 512), ModelKind.UNKNOWN, null),
                arguments("T5", of("encoder.block.0.layer.0.SelfAttention.q.weight", "shared.weight"), ModelKind.T5, null),
                arguments("T5 as GGUF", of("enc.blk.0.attn_q.weight", "token_embd.weight"), ModelKind.T5, null),
                arguments("LLM", of("model.layers.0.self_attn.q_proj.weight"), ModelKind.LLM, null),
                arguments("LLM as GGUF", of("blk.0.attn_q.weight", "token_embd.weight"), ModelKind.LLM, null),
                arguments("mmproj", of("v.blk.0.attn_q.weight"), ModelKind.LLM_VISION, null),
                arguments("CLIP vision", of("vision_model.encoder.layers.0.mlp.fc1.weight"), ModelKind.CLIP_VISION, null),
                arguments("safety checker", of(SafetyCheckerRules.MARK, "vision_model.vision_model.encoder.layers.0.mlp.fc1.weight"),
                        ModelKind.SAFETY_CHECKER, null),

                arguments("kohya LoRA", new ModelBytes().tensor("lora_te_text_model_encoder_layers_0_mlp_fc1.alpha", 1)
                        .tensor("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight", 8, 768)
                        .tensor("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_up.weight", 320, 8),
                        ModelKind.LORA, "SD 1.x"),
                arguments("SDXL LoRA", of("lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_down.weight",
                        "lora_unet_input_blocks_4_1_proj_in.lora_down.weight"), ModelKind.LORA, "SDXL"),
                arguments("LoRA by metadata", of("lora_unet_down_blocks_0_x.lora_down.weight")
                        .metadata("ss_base_model_version", "sd_v2"), ModelKind.LORA, "SD 2.x"),
                arguments("PEFT LoRA", of("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight",
                        "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora_B.weight")
                        .tensor("unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.weight", 4, 2048),
                        ModelKind.LORA, "SDXL"),
                arguments("old diffusers LoRA", of("x.attn1.processor.to_q_lora.up.weight")
                        .tensor("down_blocks.0.attn2.processor.to_k_lora.down.weight", 4, 1024), ModelKind.LORA, "SD 2.x"),
                arguments("Flux LoRA", of("lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight"), ModelKind.LORA, "Flux"),
                arguments("LoHa", of("lora_unet_x.hada_w1_a", "lora_unet_x.hada_w2_a")
                        .tensor("lora_unet_down_blocks_1_attn2_to_k.hada_w1_b", 4, 768), ModelKind.LORA, "SD 1.x"),
                arguments("LoKr", of("lycoris_x.lokr_w1", "lycoris_x.lokr_w2_a"), ModelKind.LORA, null),
                arguments("DoRA", of("transformer.blocks.0.dora_scale", "transformer.blocks.0.lora_A.weight"), ModelKind.LORA, null),

                arguments("embedding", new ModelBytes().tensor("emb_params", 2, 768), ModelKind.EMBEDDING, "SD 1.x"),
                arguments("SDXL embedding", new ModelBytes().tensor("clip_l", 2, 768).tensor("clip_g", 2, 1280),
                        ModelKind.EMBEDDING, "SDXL"),
                arguments("diffusers embedding", new ModelBytes().tensor("<cat>", 1024), ModelKind.EMBEDDING, "SD 2.x"),

                arguments("ControlNet", of("control_model.input_hint_block.0.weight").tensor(
                        "control_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight", 1, 768),
                        ModelKind.CONTROL_NET, "SD 1.x"),
                arguments("bare ControlNet", unet("", 768, 4).tensor("input_hint_block.0.weight", 1), ModelKind.CONTROL_NET, "SD 1.x"),
                arguments("diffusers ControlNet", of("controlnet_cond_embedding.conv_in.weight", "down_blocks.0.x", "conv_in.weight")
                        .tensor("down_blocks.1.attn2.to_k.weight", 1, 2048), ModelKind.CONTROL_NET, "SDXL"),
                arguments("ESRGAN", of("body.0.rdb1.conv1.weight", "conv_first.weight"), ModelKind.UPSCALER, null),
                arguments("old ESRGAN", of("model.1.sub.0.RDB1.conv1.0.weight"), ModelKind.UPSCALER, null),
                arguments("PhotoMaker", of("fuse_module.mlp1.fc1.weight", "vision_model.encoder.layers.0.mlp.fc1.weight",
                        "unet.down_blocks.0.x.lora_linear_layer.down.weight"), ModelKind.PHOTO_MAKER, null),
                arguments("IP-Adapter", of("ip_adapter.1.to_k_ip.weight", "image_proj.norm.weight"), ModelKind.UNKNOWN, null),
                arguments("motion module", of("down_blocks.0.motion_modules.0.x.weight"), ModelKind.UNKNOWN, null),
                arguments("something else", of("some.weight"), ModelKind.UNKNOWN, null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void tellsTheKindAndTheFamilyInEitherContainer(String what, ModelBytes model, ModelKind kind, String family) {
        ModelIdentity identity = identity(model.safetensors());
        assertThat(identity.kind()).isEqualTo(kind);
        assertThat(identity.family().orElse(null)).isEqualTo(family);
        assertThat(identity(model.gguf()).kind()).isEqualTo(kind);
    }

    @Test
    void everyKindIsTested() {
        Set<Object> tested = kinds().map(arguments -> arguments.get()[2]).collect(Collectors.toSet());
        assertThat(tested).containsAll(EnumSet.allOf(ModelKind.class));
    }

    @Test
    void readsThePredictionFromMarkersAndMetadata() {
        assertThat(identity(of("x").safetensors()).prediction()).isEmpty();
        assertThat(identity(of("x", "v_pred").safetensors()).prediction()).contains(Prediction.V);
        assertThat(identity(of("x", "ztsnr").safetensors()).prediction()).contains(Prediction.V);
        assertThat(identity(of("model.diffusion_model.v_pred").safetensors()).prediction()).contains(Prediction.V);
        assertThat(identity(of("x", "edm_vpred.sigma_max").safetensors()).prediction()).contains(Prediction.EDM_V);
        assertThat(said("modelspec.prediction_type", "v")).isEqualTo(Prediction.V);
        assertThat(said("modelspec.prediction_type", "epsilon")).isEqualTo(Prediction.EPS);
        assertThat(said("ss_v_parameterization", "True")).isEqualTo(Prediction.V);
        assertThat(said("ss_v_parameterization", "False")).isNull();
        assertThat(said("modelspec.architecture", "stable-diffusion-v2-768-v")).isEqualTo(Prediction.V);
    }

    private Prediction said(String key, String value) {
        return identity(of("x").metadata(key, value).safetensors()).prediction().orElse(null);
    }

    private ModelIdentity identity(byte[] content) {
        return ModelIdentity.of(CheckpointHeader.read(write(directory, "model", content)));
    }
}
