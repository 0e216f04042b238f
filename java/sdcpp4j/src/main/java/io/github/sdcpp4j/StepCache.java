package io.github.sdcpp4j;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Leaves out the diffusion model's work in steps that would change little: faster, not quite the same picture.
 *
 * @param mode how steps are predicted
 * @param threshold how much a step may have changed to be left out, above 0; the runtime's own by default, 1 for
 *     {@link Mode#UCACHE} and 0.2 for {@link Mode#EASYCACHE}. Other modes do without
 */
public record StepCache(Mode mode, OptionalDouble threshold) {

    /** The runtime's ways. One that does not fit the model's architecture has no effect but a line in the log. */
    public enum Mode implements RuntimeValue {
        /** For transformers (SD3, Flux ...). */
        EASYCACHE(1, "easycache"),
        /** For UNets (SD 1.x, SD 2.x, SDXL). */
        UCACHE(2, "ucache"),
        /** For transformers, block by block. */
        DBCACHE(3, "dbcache"),
        /** For transformers, by Taylor series. */
        TAYLORSEER(4, "taylorseer"),
        /** For transformers, both of the last. */
        CACHE_DIT(5, "cache-dit"),
        /** For both, by Chebyshev polynomials. */
        SPECTRUM(6, "spectrum");

        private final int nativeValue;
        private final String flag;

        Mode(int nativeValue, String flag) {
            this.nativeValue = nativeValue;
            this.flag = flag;
        }

        @Override
        public int nativeValue() {
            return nativeValue;
        }

        @Override
        public String flag() {
            return flag;
        }

        /**
         * Finds a value by its flag, ignoring case.
         *
         * @param flag such as {@code ucache}
         * @return the value, or empty when there is none of that name
         */
        public static Optional<Mode> find(String flag) {
            return RuntimeValue.find(values(), flag);
        }
    }

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when the threshold is out of its range
     */
    public StepCache {
        Objects.requireNonNull(mode, "mode");
        threshold.ifPresent(value -> Check.range("cache threshold", value, 1e-6, 1000));
    }

    /**
     * A cache with the runtime's own threshold.
     *
     * @param mode how steps are predicted
     * @return the cache
     */
    public static StepCache of(Mode mode) {
        return new StepCache(mode, OptionalDouble.empty());
    }
}
