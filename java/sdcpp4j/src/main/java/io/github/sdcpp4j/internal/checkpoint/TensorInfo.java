package io.github.sdcpp4j.internal.checkpoint;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * One tensor as the header describes it.
 *
 * @param name the name in the file, for example {@code model.diffusion_model.input_blocks.0.0.weight}
 * @param dtype the element type in capitals, for example {@code F16}, {@code F8_E4M3}, {@code Q4_K}
 * @param shape the dimensions, outermost first as PyTorch prints them; GGUF stores them the other way round
 * @param offset where the data starts, in bytes from the beginning of the file; in a compressed zip entry counted from its
 *     beginning as if it were not compressed
 * @param length how many bytes the data takes
 */
public record TensorInfo(String name, String dtype, List<Long> shape, long offset, long length) {

    /** Whole numbers, and what ggml has for its own use only: the loader's threads would die of these. */
    private static final Set<String> NO_WEIGHTS = Set.of("I8", "I16", "I32", "I64", "U8", "Q8_1", "Q8_K");

    /** Copies the shape. */
    public TensorInfo {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(dtype, "dtype");
        shape = List.copyOf(shape);
    }

    /**
     * The number of elements; 1 for a scalar.
     *
     * @return the product of the dimensions
     */
    public long elementCount() {
        return Quantities.product(shape);
    }

    /** Whether the runtime can read its elements into a weight. */
    boolean canBeAWeight() {
        return !NO_WEIGHTS.contains(dtype);
    }
}
