package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.Prediction;

/**
 * What a model's parts take and give.
 *
 * @param latentChannels channels of a latent
 * @param downscale pixels that a latent's pixel stands for, along each side
 * @param pooledWidth numbers of the pooled text embedding, 0 when there is none
 * @param textWidth numbers of a token's embedding
 * @param scalingFactor what the VAE's latents are multiplied with
 * @param prediction what the diffusion model answers
 */
public record PartsInfo(
        int latentChannels, int downscale, int textWidth, int pooledWidth, double scalingFactor, Prediction prediction) {}
