package io.github.sdcpp4j;

/** The files a model can be put together from. Most checkpoints need only {@link #MODEL}. */
public enum ModelFile {
    /** A complete checkpoint in one file. */
    MODEL("--model"),
    /** The CLIP-L text encoder. */
    CLIP_L("--clip_l"),
    /** The CLIP-G text encoder. */
    CLIP_G("--clip_g"),
    /** The CLIP vision encoder. */
    CLIP_VISION("--clip_vision"),
    /** The T5-XXL text encoder. */
    T5XXL("--t5xxl"),
    /** A large language model used as text encoder. */
    LLM("--llm"),
    /** The vision part of {@link #LLM}. */
    LLM_VISION("--llm_vision"),
    /** The diffusion model alone. */
    DIFFUSION("--diffusion-model"),
    /** The diffusion model for the steps of high noise. */
    HIGH_NOISE_DIFFUSION("--high-noise-diffusion-model"),
    /** The unconditional diffusion model. */
    UNCONDITIONAL_DIFFUSION("--uncond-diffusion-model"),
    /** The connectors between embeddings and the diffusion model. */
    EMBEDDINGS_CONNECTORS("--embeddings-connectors"),
    /** Another VAE than the checkpoint's. */
    VAE("--vae"),
    /** The VAE for sound. */
    AUDIO_VAE("--audio-vae"),
    /** A tiny autoencoder that takes the VAE's place: faster, coarser; or that makes previews only. */
    TAESD("--taesd"),
    /** A ControlNet. */
    CONTROL_NET("--control-net"),
    /** PhotoMaker. */
    PHOTO_MAKER("--photo-maker");

    private final String flag;

    ModelFile(String flag) {
        this.flag = flag;
    }

    /**
     * Returns the command line option that names this file.
     *
     * @return such as {@code --vae}
     */
    public String flag() {
        return flag;
    }
}
