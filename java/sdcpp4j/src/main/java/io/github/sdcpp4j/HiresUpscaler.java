package io.github.sdcpp4j;

import java.util.Optional;

/** How {@link HiresFix} brings a picture to its larger size before it is refined. */
public enum HiresUpscaler implements RuntimeValue {
    /** The latent, bilinear: soft, needs a denoising strength of about 0.5 or more. */
    LATENT(1, "Latent"),
    /** The latent, nearest neighbour. */
    LATENT_NEAREST(2, "Latent (nearest)"),
    /** The latent, nearest neighbour with exact coordinates. */
    LATENT_NEAREST_EXACT(3, "Latent (nearest-exact)"),
    /** The latent, bilinear with antialiasing. */
    LATENT_ANTIALIASED(4, "Latent (antialiased)"),
    /** The latent, bicubic. */
    LATENT_BICUBIC(5, "Latent (bicubic)"),
    /** The latent, bicubic with antialiasing. */
    LATENT_BICUBIC_ANTIALIASED(6, "Latent (bicubic antialiased)"),
    /** The decoded picture, Lanczos. */
    LANCZOS(7, "Lanczos"),
    /** The decoded picture, nearest neighbour. */
    NEAREST(8, "Nearest"),
    /** The decoded picture, by an ESRGAN model. */
    MODEL(9, "Model");

    private final int nativeValue;
    private final String flag;

    HiresUpscaler(int nativeValue, String flag) {
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

    /**
     * Finds a value by its flag, ignoring case.
     *
     * @param flag such as {@code Latent (bicubic)}
     * @return the value, or empty when there is none of that name
     */
    public static Optional<HiresUpscaler> find(String flag) {
        return RuntimeValue.find(values(), flag);
    }
}
