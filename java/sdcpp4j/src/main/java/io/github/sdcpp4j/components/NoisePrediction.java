package io.github.sdcpp4j.components;

import io.github.sdcpp4j.ControlImage;
import java.util.Objects;
import java.util.Optional;

/**
 * What a UNet is asked. The tensors are the caller's: they are only read, and stay open.
 *
 * @param latents N x 4 x height/8 x width/8, scaled as the scheduler's {@code scaleModelInput} does it
 * @param timestep of the training, from 0 to 999; it may be fractional
 * @param text the prompt, one for all latents or N of them
 * @param concat what models that were trained for it see beside the latents, of their height and width, one for all or N. Inpainting,
 *     5 channels: the mask, 1 where to paint, then the latents of the picture with its masked part grey. Pix2pix, 4: the picture's
 *     latents, not scaled (those of {@link Components#encodeImage} times 1 / {@link Components#scalingFactor()}). Depth, 1: the
 *     depth from -1 to 1
 * @param control what a ControlNet is shown, the model having been loaded with one; scaled to fill the picture's size and cropped evenly
 */
public record NoisePrediction(
        Tensor latents, double timestep, TextEmbedding text, Optional<Tensor> concat, Optional<ControlImage> control) {

    /**
     * Checks the values; the shapes are checked when the model is asked.
     *
     * @throws io.github.sdcpp4j.InvalidRequestException when the timestep is not a finite number
     */
    public NoisePrediction {
        Objects.requireNonNull(latents, "latents");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(concat, "concat");
        Objects.requireNonNull(control, "control");
        Require.that(Double.isFinite(timestep), "the timestep is %s: give a finite number", timestep);
    }

    /**
     * Asks what an ordinary model is asked.
     *
     * @param latents N x 4 x height/8 x width/8, scaled as the model takes them
     * @param timestep of the training, from 0 to 999
     * @param text the prompt, one for all latents or N of them
     * @return the question
     * @throws io.github.sdcpp4j.InvalidRequestException when the timestep is not a finite number
     */
    public static NoisePrediction of(Tensor latents, double timestep, TextEmbedding text) {
        return new NoisePrediction(latents, timestep, text, Optional.empty(), Optional.empty());
    }

    /**
     * Returns the same with more beside the latents.
     *
     * @param value what the model was trained to see there
     * @return the question
     */
    public NoisePrediction withConcat(Tensor value) {
        return new NoisePrediction(latents, timestep, text, Optional.of(value), control);
    }

    /**
     * Returns the same with a ControlNet's picture.
     *
     * @param value what it is shown
     * @return the question
     */
    public NoisePrediction withControl(ControlImage value) {
        return new NoisePrediction(latents, timestep, text, concat, Optional.of(value));
    }
}
