package io.github.sdcpp4j;

import java.util.Optional;
import java.util.stream.Stream;

/** A value of one of the native runtime's enums, by number and by the name it has on the command line. */
public sealed interface RuntimeValue
        permits HiresUpscaler, LoraApplyMode, Prediction, PreviewMode, Rng, Sampler, Scheduler, StepCache.Mode, WeightType {

    /**
     * Returns the value of the runtime's own enum.
     *
     * @return the native value
     */
    int nativeValue();

    /**
     * Returns the name as the command line takes it.
     *
     * @return such as {@code euler_a} or {@code q8_0}
     */
    String flag();

    /**
     * Returns the name as web UIs write it into a picture's parameters.
     *
     * @return such as {@code Euler a}; the flag where web UIs have no other name
     */
    default String webUiName() {
        return flag();
    }

    /**
     * Finds a value by its flag or web UI name, ignoring case.
     *
     * @param <T> the enum
     * @param values where to look
     * @param name such as {@code euler_a} or {@code Euler a}
     * @return the value, or empty when there is none of that name
     */
    static <T extends RuntimeValue> Optional<T> find(T[] values, String name) {
        return Stream.of(values)
                .filter(value -> value.flag().equalsIgnoreCase(name) || value.webUiName().equalsIgnoreCase(name))
                .findFirst();
    }
}
