package io.github.sdcpp4j;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Makes pictures from a prompt alone.
 *
 * @param settings the prompt and everything else
 */
public record TextToImage(GenerationSettings settings) implements ImageRequest {

    /** Checks that there are settings. */
    public TextToImage {
        Objects.requireNonNull(settings, "settings");
    }

    /**
     * A request with all defaults.
     *
     * @param prompt what to paint
     * @return the request
     */
    public static TextToImage of(String prompt) {
        return builder().prompt(prompt).build();
    }

    /**
     * Starts with the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts with this request's values.
     *
     * @return a builder
     */
    public Builder toBuilder() {
        return builder().copyOf(settings);
    }

    @Override
    public TextToImage withSettings(GenerationSettings other) {
        return new TextToImage(other);
    }

    @Override
    public TextToImage with(Consumer<? super GenerationSettings.Builder<?>> change) {
        Builder builder = toBuilder();
        change.accept(builder);
        return builder.build();
    }

    /** Collects a {@link TextToImage}. */
    public static final class Builder extends GenerationSettings.Builder<Builder> {

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Checks the values and makes the request.
         *
         * @return the request
         * @throws InvalidRequestException when a value is out of its range
         */
        public TextToImage build() {
            return new TextToImage(settings());
        }
    }
}
