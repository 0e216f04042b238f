package io.github.sdcpp4j;

import java.util.Optional;

/** What a model file is, told from the names and shapes of its tensors. */
public enum ModelKind {
    /** Diffusion model, text encoder and VAE in one file. */
    CHECKPOINT("complete checkpoint", ModelFile.MODEL),
    /** A checkpoint that needs a VAE beside it. */
    CHECKPOINT_WITHOUT_VAE("checkpoint without VAE", ModelFile.MODEL),
    /** A checkpoint that needs text encoders beside it, as the smaller files of SD3. */
    CHECKPOINT_WITHOUT_TEXT_ENCODER("checkpoint without text encoder", ModelFile.MODEL),
    /** The diffusion model alone: a UNet or a transformer. */
    DIFFUSION_MODEL("diffusion model alone", ModelFile.DIFFUSION),
    /** A VAE. */
    VAE("VAE", ModelFile.VAE),
    /** A tiny autoencoder. */
    TAESD("tiny autoencoder (TAESD)", ModelFile.TAESD),
    /** The text encoder of SD 1.x, and the first one of SDXL, SD3 and Flux. */
    CLIP_L("CLIP-L text encoder", ModelFile.CLIP_L),
    /** The text encoder of SD 2.x. */
    CLIP_H("OpenCLIP-H text encoder", ModelFile.CLIP_L),
    /** The second text encoder of SDXL and SD3. */
    CLIP_G("OpenCLIP-G text encoder", ModelFile.CLIP_G),
    /** A T5 text encoder. */
    T5("T5 text encoder", ModelFile.T5XXL),
    /** A large language model. */
    LLM("large language model", ModelFile.LLM),
    /** The vision part of a large language model. */
    LLM_VISION("vision part of a language model", ModelFile.LLM_VISION),
    /** A CLIP image encoder. */
    CLIP_VISION("CLIP vision encoder", ModelFile.CLIP_VISION),
    /** A ControlNet. */
    CONTROL_NET("ControlNet", ModelFile.CONTROL_NET),
    /** PhotoMaker. */
    PHOTO_MAKER("PhotoMaker model", ModelFile.PHOTO_MAKER),
    /** Changes to another model's weights: LoRA, LoHa, LoKr or DoRA. */
    LORA("LoRA", null),
    /** A textual inversion embedding. */
    EMBEDDING("textual inversion embedding", null),
    /** A model that enlarges pictures, such as ESRGAN. */
    UPSCALER("upscaler", null),
    /** Finds pictures that are not safe for work. */
    SAFETY_CHECKER("safety checker", null),
    /** Nothing that is recognised; the runtime may know it all the same. */
    UNKNOWN("unknown", null);

    private final String label;
    private final ModelFile slot;

    ModelKind(String label, ModelFile slot) {
        this.label = label;
        this.slot = slot;
    }

    /**
     * The name to show to people.
     *
     * @return such as {@code "complete checkpoint"}
     */
    public String label() {
        return label;
    }

    /**
     * Where such a file belongs when a model is loaded.
     *
     * @return the slot; empty for what is no part of a model, such as a LoRA
     */
    public Optional<ModelFile> slot() {
        return Optional.ofNullable(slot);
    }
}
