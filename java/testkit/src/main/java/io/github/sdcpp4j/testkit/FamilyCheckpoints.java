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
            new Mmdit(96).addTo(root.in(UNET));
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

    /** A text encoder of the Qwen3 family. */
    public static Path qwen3(Path directory) {
        return write(directory, "qwen3.safetensors", new Qwen3TextEncoder(QWEN3_WIDTH)::addTo);
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
