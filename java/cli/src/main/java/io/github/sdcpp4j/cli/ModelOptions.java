package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.ModelFile;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which files the model is put together from. */
final class ModelOptions implements HelpSection.Member {

    @Option(names = {"-m", "--model"}, paramLabel = "FILE",
            description = "A complete checkpoint: .safetensors, .ckpt or .gguf.")
    private Path model;

    @Option(names = "--diffusion-model", paramLabel = "FILE", description = "The diffusion model alone, instead of -m.")
    private Path diffusionModel;

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

    void apply(LoadOptions.Builder builder) {
        builder.file(ModelFile.MODEL, model)
                .file(ModelFile.DIFFUSION, diffusionModel)
                .file(ModelFile.CLIP_L, clipL)
                .file(ModelFile.CLIP_G, clipG)
                .file(ModelFile.T5XXL, t5xxl)
                .file(ModelFile.LLM, llm)
                .file(ModelFile.VAE, vae)
                .file(ModelFile.TAESD, taesd);
    }

    @Override
    public HelpSection section() {
        return HelpSection.MODEL;
    }
}
