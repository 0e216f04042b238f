package io.github.sdcpp4j.schedulers;

/**
 * Where the schedulers that add noise at each step take it from: there is no hidden generator.
 *
 * <p>{@link TorchCpuNoise} and {@link TorchCudaNoise} are two; {@code length -> noise} with an array of one's own is another.
 */
@FunctionalInterface
public interface NoiseSource {

    /**
     * Returns the next numbers, from a normal distribution with mean 0 and variance 1.
     *
     * @param length how many, the sample's length
     * @return that many; the caller may change the array
     */
    float[] next(int length);
}
