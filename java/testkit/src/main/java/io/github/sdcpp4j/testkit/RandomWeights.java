package io.github.sdcpp4j.testkit;

import java.util.regex.Pattern;

/**
 * Gives every tensor of an SD 1.x checkpoint random numbers, also biases and normalisations, so that no layer can be left out or
 * computed in another way without the result showing it. Pictures of such a checkpoint mean nothing.
 *
 * <p>Layers keep the variance of what they are fed with, as {@link Values#random} has it, and residual branches count as much as what
 * they are added to.
 */
final class RandomWeights {
    private static final Pattern QUERY_OR_KEY = Pattern.compile(".*\\.(to_q|to_k|q_proj|k_proj|q|k)\\.weight");
    /** Gain of queries and keys, see the text encoder. */
    private static final double CHOOSY = 1.7;
    /** How far biases are from 0, and normalisations' weights from 1. */
    private static final float SPREAD = 0.25f;
    /** Mean of the final layer norm's output, see the text encoder. */
    private static final float FINAL_MEAN = 0.25f;
    /** The decoder is fed with latents divided by SD 1.x's factor; this gives them unit variance again. */
    private static final double LATENT_FACTOR = 0.18215;

    private final long seed;

    RandomWeights(long seed) {
        this.seed = seed;
    }

    /** The tensor with other contents; the text encoder's tables are random as they are. */
    Tensor apply(Tensor tensor) {
        String name = tensor.name();
        if (name.contains(".embeddings.")) {
            return tensor;
        }
        long own = SplitMix64.seed(seed, "random " + name);
        if (tensor.shape().size() == 1) {
            float middle = name.endsWith(".weight") ? 1 : name.endsWith(".final_layer_norm.bias") ? FINAL_MEAN : 0;
            return tensor.with(index -> middle + SPREAD * SplitMix64.symmetric(own, index));
        }
        return tensor.with(Values.random(own, gain(name), tensor.elements() / tensor.shape().getFirst()));
    }

    private static double gain(String name) {
        return name.endsWith(".post_quant_conv.weight") ? LATENT_FACTOR : QUERY_OR_KEY.matcher(name).matches() ? CHOOSY : 1;
    }
}
