package io.github.sdcpp4j.testkit;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Small checkpoints of families beside SD 1.x and SD 2.x, written once and reused as in {@link Fixtures}; each
 * method throws {@link java.io.UncheckedIOException} if a file cannot be written. Text encoders have fixed sizes, so most of
 * their layers are holes, as in the small SD 1.x checkpoint.
 */
public final class FamilyCheckpoints {
    /** A block of {@link #sd3} that changes its pictures, so that skipping it does too. */
    public static final int SD3_SEEN_BLOCK = Mmdit.SEEN_BLOCK;

    private static final String UNET = "model.diffusion_model";
    private static final int SD3_WIDTH = 96;
    private static final int QWEN3_WIDTH = 64;
    private static final long SEED = 42;

    private FamilyCheckpoints() {}

    /** A complete checkpoint of SDXL. */
    public static Path sdxl(Path directory) {
        return write(directory, "sdxl.safetensors", root -> {
            ClipTextEncoder.VIT_L.addTo(root.in("conditioner.embedders.0.transformer.text_model"), false);
            ClipTextEncoder.VIT_BIGG.addOpenClipTo(root.in("conditioner.embedders.1.model"));
            Unet.addSdxlTo(root);
            Autoencoder.addTo(root.in("first_stage_model"), Autoencoder.Latents.SDXL);
        });
    }

    /** A checkpoint of SD 3.5 in one file, with its two CLIP text encoders and without T5. */
    public static Path sd3(Path directory) {
        return write(directory, "sd3.safetensors", root -> {
            ClipTextEncoder.VIT_L.addTo(root.in("text_encoders.clip_l.transformer.text_model"), false);
            ClipTextEncoder.VIT_BIGG.addTo(root.in("text_encoders.clip_g.transformer.text_model"), false);
            ClipTextEncoder.VIT_BIGG.projection(root.in("text_encoders.clip_g.transformer"), "text_projection.weight");
            new Mmdit(SD3_WIDTH).addTo(root.in(UNET));
            Autoencoder.addTo(root.in("first_stage_model"), Autoencoder.Latents.SD3);
        });
    }

    /** A checkpoint of Flux.1 in one file, named as ComfyUI's, with CLIP-L and without T5. */
    public static Path flux(Path directory) {
        return write(directory, "flux.safetensors", root -> {
            ClipTextEncoder.VIT_L.addTo(root.in("text_encoders.clip_l.transformer.text_model"), false);
            new FluxTransformer(true).addTo(root.in(UNET));
            Autoencoder.addTo(root.in("vae"), Autoencoder.Latents.FLUX);
        });
    }

    /** The transformer of Flux.1 dev in a file of its own; the guidance scale is one of its inputs. */
    public static Path fluxTransformer(Path directory) {
        return write(directory, "flux-dev.safetensors", new FluxTransformer(true)::addTo);
    }

    /** The same without that input, as Flux.1 schnell. */
    public static Path fluxTransformerWithoutGuidance(Path directory) {
        return write(directory, "flux-schnell.safetensors", new FluxTransformer(false)::addTo);
    }

    /** The VAE of Flux.1 and Z-Image in a file of its own. */
    public static Path fluxVae(Path directory) {
        return write(directory, "ae.safetensors", root -> Autoencoder.addTo(root, Autoencoder.Latents.FLUX));
    }

    /** The transformer of Z-Image in a file of its own, for {@link #qwen3}. */
    public static Path zImageTransformer(Path directory) {
        return write(directory, "z-image.safetensors", new ZImageTransformer(QWEN3_WIDTH)::addTo);
    }

    /** The transformer of Flux.2 klein in a file of its own, for {@link #qwen3}. */
    public static Path flux2Transformer(Path directory) {
        return write(directory, "flux2-klein.safetensors", new Flux2Transformer(QWEN3_WIDTH)::addTo);
    }

    /** The VAE of Flux.2 in a file of its own. */
    public static Path flux2Vae(Path directory) {
        return write(directory, "flux2-vae.safetensors", root -> Autoencoder.addTo(root, Autoencoder.Latents.FLUX2));
    }

    /** A text encoder of the Qwen3 family. */
    public static Path qwen3(Path directory) {
        return write(directory, "qwen3.safetensors", new Qwen3TextEncoder(QWEN3_WIDTH)::addTo);
    }

    /** A LoRA that changes the pictures of {@link #sdxl}, named as by kohya's sd-scripts. */
    public static Path sdxlLora(Path directory) {
        return write(directory, "lora-sdxl.safetensors", root -> {
            Lora.layer(root, "lora_unet_output_blocks_0_1_transformer_blocks_0_attn2_to_v", 4 * Carrier.MIN_CHANNELS, 2048);
            Lora.layer(root, "lora_te2_text_model_encoder_layers_0_mlp_fc1", 5120, 1280);
        });
    }

    /** A PhotoMaker of version 1 for {@link #sdxl}, 0.6 GB that are almost all a hole. */
    public static Path photoMaker(Path directory) {
        return write(directory, "photomaker-v1.safetensors", PhotoMakerModel::addTo);
    }

    /** A file that is known as a PhotoMaker of version 2, without most of it. */
    public static Path photoMaker2(Path directory) {
        return write(directory, "photomaker-v2.safetensors", PhotoMakerModel::addVersion2To);
    }

    /** A LoRA that changes the pictures of {@link #sd3}, named as by diffusers: the runtime reads no other names for this family. */
    public static Path sd3Lora(Path directory) {
        return write(directory, "lora-sd3.safetensors", root -> {
            String attention = "transformer.transformer_blocks." + SD3_SEEN_BLOCK + ".attn.";
            Lora.peftLayer(root, attention + "to_v", SD3_WIDTH, SD3_WIDTH);
            Lora.peftLayer(root, attention + "to_out.0", SD3_WIDTH, SD3_WIDTH);
        });
    }

    /** A LoRA that changes the pictures of {@link #zImageTransformer}, named as by diffusers. */
    public static Path zImageLora(Path directory) {
        return write(directory, "lora-z-image.safetensors", root -> {
            int width = ZImageTransformer.WIDTH;
            Lora.peftLayer(root, "diffusion_model.layers.0.attention.to_v", width, width);
            Lora.peftLayer(root, "diffusion_model.layers.1.attention.to_out.0", width, width);
        });
    }

    /** A LoRA that changes the pictures of {@link #flux}, named as by kohya's sd-scripts. */
    public static Path fluxLora(Path directory) {
        return write(directory, "lora-flux.safetensors", root -> {
            Lora.layer(root, "lora_unet_double_blocks_0_img_attn_qkv", 3 * FluxTransformer.WIDTH, FluxTransformer.WIDTH);
            Lora.layer(root, "lora_unet_single_blocks_1_linear1", 7 * FluxTransformer.WIDTH, FluxTransformer.WIDTH);
        });
    }

    private static Path write(Path directory, String name, Consumer<Scope> layers) {
        Scope root = Scope.root(SplitMix64.seed(SEED, name), DataType.F16);
        layers.accept(root);
        TensorFile content = new TensorFile(Map.of("format", "pt"), root.tensors());
        String key = String.format("-%016x.", content.key(SplitMix64.seed(SEED, name)));
        Path path = directory.resolve(name.replace(".", key));
        return Fixtures.cached(path, content, Container.of(path));
    }
}
