package io.github.sdcpp4j.schedulers;

/** What the model's output is; the names are those of diffusers' {@code prediction_type}. */
public enum PredictionType {
    /** The noise in the sample: Stable Diffusion 1.x, 2.x at 512 pixels, SDXL. */
    EPSILON,
    /** The velocity, alpha * noise - sigma * original (Salimans and Ho 2022): Stable Diffusion 2.x at 768 pixels. */
    V_PREDICTION,
    /** The sample without noise. */
    SAMPLE;

    /**
     * The original that a sample alpha * original + sigma * noise holds, where alpha^2 + sigma^2 = 1.
     *
     * @param output the model's
     */
    double original(double output, double sample, double alpha, double sigma) {
        return switch (this) {
            case EPSILON -> (sample - sigma * output) / alpha;
            case V_PREDICTION -> alpha * sample - sigma * output;
            case SAMPLE -> output;
        };
    }

    /** The noise that such a sample holds. */
    double noise(double output, double sample, double alpha, double sigma) {
        return switch (this) {
            case EPSILON -> output;
            case V_PREDICTION -> alpha * output + sigma * sample;
            case SAMPLE -> (sample - alpha * output) / sigma;
        };
    }
}
