package io.github.sdcpp4j;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Makes a picture at the request's size, enlarges it and refines it there: larger than the model was trained for, without the
 * repetitions that this brings when it is done at once. Not for inpaint and pix2pix checkpoints.
 *
 * @param size the larger picture's, sides in multiples of 8, of at least the request's
 * @param upscaler how it is enlarged; {@link HiresUpscaler#LATENT} by default
 * @param model the file of {@link HiresUpscaler#MODEL}, an ESRGAN; only with that
 * @param steps sampling steps of the refining, 1 to 1000; as many as the request has by default
 * @param denoisingStrength how much the refining may change, above 0 up to 1; 0.7 by default
 */
public record HiresFix(
        Resolution size, HiresUpscaler upscaler, Optional<Path> model, OptionalInt steps, double denoisingStrength) {

    static final double USUAL_STRENGTH = 0.7;

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when a value is out of its range, or a model is missing or too much
     */
    public HiresFix {
        Objects.requireNonNull(upscaler, "upscaler");
        Check.side("hires width", size.width());
        Check.side("hires height", size.height());
        steps.ifPresent(value -> Check.range("hires steps", value, 1, 1000));
        Check.range("hires denoising strength", denoisingStrength, 0.0001, 1);
        Check.that((upscaler == HiresUpscaler.MODEL) == model.isPresent(), upscaler == HiresUpscaler.MODEL
                ? "hires upscaler is Model, and no model is given: name the file of an ESRGAN"
                : "hires upscaler is %s, which takes no model: leave %s out, or choose Model".formatted(upscaler.flag(), model.orElse(null)));
    }

    /**
     * Starts with the defaults.
     *
     * @param width pixels, a multiple of 8
     * @param height pixels, a multiple of 8
     * @return a hires fix
     * @throws InvalidRequestException when a side is out of its range
     */
    public static HiresFix to(int width, int height) {
        return new HiresFix(new Resolution(width, height), HiresUpscaler.LATENT, Optional.empty(), OptionalInt.empty(), USUAL_STRENGTH);
    }

    /**
     * Returns the same with another upscaler.
     *
     * @param other any but {@link HiresUpscaler#MODEL}
     * @return the hires fix
     * @throws InvalidRequestException for {@link HiresUpscaler#MODEL}
     */
    public HiresFix withUpscaler(HiresUpscaler other) {
        return new HiresFix(size, other, Optional.empty(), steps, denoisingStrength);
    }

    /**
     * Returns the same with an ESRGAN model as upscaler.
     *
     * @param file the model's file
     * @return the hires fix
     */
    public HiresFix withModel(Path file) {
        return new HiresFix(size, HiresUpscaler.MODEL, Optional.of(file), steps, denoisingStrength);
    }

    /**
     * Returns the same with other steps.
     *
     * @param count 1 to 1000
     * @return the hires fix
     * @throws InvalidRequestException when it is out of its range
     */
    public HiresFix withSteps(int count) {
        return new HiresFix(size, upscaler, model, OptionalInt.of(count), denoisingStrength);
    }

    /**
     * Returns the same with another denoising strength.
     *
     * @param value above 0 up to 1
     * @return the hires fix
     * @throws InvalidRequestException when it is out of its range
     */
    public HiresFix withDenoisingStrength(double value) {
        return new HiresFix(size, upscaler, model, steps, value);
    }
}
