package io.github.sdcpp4j;

import java.time.Duration;

/**
 * Where the time of one call went. A batch shares one call, so each of its pictures has the same timings.
 *
 * @param encodeImage pictures to latents
 * @param encodeText prompts to embeddings
 * @param sample denoising
 * @param decode latents to pictures
 * @param total the native call from start to end
 */
public record Timings(Duration encodeImage, Duration encodeText, Duration sample, Duration decode, Duration total) {}
