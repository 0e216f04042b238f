package io.github.sdcpp4j;

/** How an unfinished latent becomes a {@link Preview}. */
public enum PreviewMode implements RuntimeValue {
    /** No previews. */
    NONE(0, "none"),
    /**
     * By a fixed matrix from the latent's channels to colours: next to no time and memory. One pixel for one of the latent,
     * for most families an eighth of the picture's width and height, and rough; the colours are wrong where the model has a
     * VAE of its own instead of its family's, as the demo checkpoint does. Families for whose latents no such matrix is known
     * give no previews, and a warning in the log.
     */
    PROJECTION(1, "proj"),
    /**
     * By the tiny autoencoder of {@link ModelFile#TAESD}, which has to be loaded: the picture's size, some time for each.
     */
    TAESD(2, "tae"),
    /**
     * By what decodes the finished picture: the picture's size, and the time and memory of one more decoding for each. Where
     * a TAESD is loaded, for previews only or not, that one decodes.
     */
    VAE(3, "vae");

    private final int nativeValue;
    private final String flag;

    PreviewMode(int nativeValue, String flag) {
        this.nativeValue = nativeValue;
        this.flag = flag;
    }

    @Override
    public int nativeValue() {
        return nativeValue;
    }

    @Override
    public String flag() {
        return flag;
    }
}
