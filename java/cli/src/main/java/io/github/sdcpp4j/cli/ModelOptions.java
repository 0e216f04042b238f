package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.ModelFile;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which files the model is put together from. */
final class ModelOptions implements HelpSection.Member {

    @Option(names = {"-m", "--model"}, paramLabel = "FILE",
            description = "A complete checkpoint: .safetensors, .ckpt or .gguf. Default: --demo.")
    private Path model;

    @Option(names = "--demo",
            description = "The model that comes with this program: it paints circles, squares, triangles, stars and crosses"
                    + " in eight colours.")
    private boolean demo;

    @Option(names = "--diffusion-model", paramLabel = "FILE", description = "The diffusion model alone, instead of -m.")
    private Path diffusionModel;

    @Option(names = "--high-noise-diffusion-model", paramLabel = "FILE",
            description = "The second diffusion model of Wan 2.2 A14B, for the first steps.")
    private Path highNoiseDiffusionModel;

    @Option(names = "--clip_vision", paramLabel = "FILE", description = "The CLIP vision encoder, for a video's first frame.")
    private Path clipVision;

    @Option(names = "--clip_l", paramLabel = "FILE", description = "The CLIP-L text encoder.")
    private Path clipL;

    @Option(names = "--clip_g", paramLabel = "FILE", description = "The CLIP-G text encoder.")
    private Path clipG;

    @Option(names = "--t5xxl", paramLabel = "FILE", description = "The T5-XXL text encoder.")
    private Path t5xxl;

    @Option(names = "--llm", paramLabel = "FILE", description = "The language model used as text encoder.")
    private Path llm;

    @Option(names = "--vae", paramLabel = "FILE", description = "Another VAE than the checkpoint's.")
    private Path vae;

    @Option(names = "--taesd", paramLabel = "FILE",
            description = "A tiny autoencoder in the VAE's place: faster, coarser.")
    private Path taesd;

    @Option(names = "--control-net", paramLabel = "FILE", description = "A ControlNet, for --control-image.")
    private Path controlNet;

    @Option(names = "--photo-maker", paramLabel = "FILE", description = "A PhotoMaker of version 1 for SDXL, for --pm-id-images-dir.")
    private Path photoMaker;

    /** Whether nothing says which model to take. */
    boolean noneGiven() {
        return !demo && model == null && diffusionModel == null;
    }

    /** Complains about two models at once. */
    void check() {
        if (demo && (model != null || diffusionModel != null)) {
            throw new InvalidRequestException(
                    "--demo is a model, and so is %s: give one of them".formatted(model != null ? model : diffusionModel));
        }
    }

    void apply(LoadOptions.Builder builder) {
        builder.file(ModelFile.MODEL, model)
                .file(ModelFile.DIFFUSION, diffusionModel)
                .file(ModelFile.HIGH_NOISE_DIFFUSION, highNoiseDiffusionModel)
                .file(ModelFile.CLIP_VISION, clipVision)
                .file(ModelFile.CLIP_L, clipL)
                .file(ModelFile.CLIP_G, clipG)
                .file(ModelFile.T5XXL, t5xxl)
                .file(ModelFile.LLM, llm)
                .file(ModelFile.VAE, vae)
                .file(ModelFile.TAESD, taesd)
                .file(ModelFile.CONTROL_NET, controlNet)
                .file(ModelFile.PHOTO_MAKER, photoMaker);
        if (demo || noneGiven()) {
            builder.demo();
        }
    }

    @Override
    public HelpSection section() {
        return HelpSection.MODEL;
    }
}
