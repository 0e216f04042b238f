package io.github.sdcpp4j.components;

import java.util.Objects;
import java.util.Optional;

/**
 * A prompt as the UNet takes it.
 *
 * @param context what each token means: N x 77k x width for k chunks, one or more; the width is 768 for SD 1.x, 1024 for SD 2.x, 2048 for
 *     SDXL
 * @param pooled SDXL's, N x 2816: what the whole prompt means to its second text encoder (1280), then the picture's size, the crop
 *     (0, 0) and the size again, each of the six numbers as a sinusoidal embedding of 256
 */
public record TextEmbedding(Tensor context, Optional<Tensor> pooled) implements AutoCloseable {

    /** Checks that both are there. */
    public TextEmbedding {
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(pooled, "pooled");
    }

    /** Closes both tensors; does nothing the second time. */
    @Override
    public void close() {
        context.close();
        pooled.ifPresent(Tensor::close);
    }
}
