package io.github.sdcpp4j.spring.ai;

import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.image.ImageOptions;

/**
 * What a prompt can ask for beside its words. What is null is taken from the model's own options, and then from the library. Made
 * with {@link #builder()}.
 *
 * @param n pictures to make, the second with {@code seed + 1} and so on; 1 by default
 * @param model the name of the model; nothing but the one that is loaded
 * @param width pixels, a multiple of 8; by default the media's when there is one, else what the model's file says, else 512
 * @param height pixels, a multiple of 8, as {@code width}
 * @param responseFormat {@code b64_json}, the only one
 * @param style refused, as it means nothing to a checkpoint: say it in the prompt
 * @param negativePrompt what to keep away from, beside the messages with a weight below 0
 * @param steps sampling steps, 1 to 1000; 20 by default
 * @param guidanceScale classifier-free guidance, 0 to 100; 7 by default; 1 switches it off and halves the work
 * @param seed 0 or more; a random one for each call by default
 * @param sampler the sampling method; the model family's own by default
 * @param scheduler the noise schedule; the model family's own by default
 * @param strength how much a picture in the message is changed, 0 to 1; 0.75 by default
 * @param maskFeather width in pixels of the soft edge of what a mask repaints, 0 to 512; 0 by default
 * @param timeout how long a call may take, the wait for earlier ones included; no limit by default
 * @param customizer sets whatever else a request can have, such as LoRAs or a hires fix; called last
 */
public record StableDiffusionImageOptions(
        @Nullable Integer n,
        @Nullable String model,
        @Nullable Integer width,
        @Nullable Integer height,
        @Nullable String responseFormat,
        @Nullable String style,
        @Nullable String negativePrompt,
        @Nullable Integer steps,
        @Nullable Double guidanceScale,
        @Nullable Long seed,
        @Nullable Sampler sampler,
        @Nullable Scheduler scheduler,
        @Nullable Double strength,
        @Nullable Integer maskFeather,
        @Nullable Duration timeout,
        @Nullable Consumer<GenerationSettings.Builder<?>> customizer) implements ImageOptions {

    @Override
    public @Nullable Integer getN() {
        return n;
    }

    @Override
    public @Nullable String getModel() {
        return model;
    }

    @Override
    public @Nullable Integer getWidth() {
        return width;
    }

    @Override
    public @Nullable Integer getHeight() {
        return height;
    }

    @Override
    public @Nullable String getResponseFormat() {
        return responseFormat;
    }

    @Override
    public @Nullable String getStyle() {
        return style;
    }

    /**
     * Starts with nothing set.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts with these values.
     *
     * @return a builder
     */
    public Builder toBuilder() {
        return builder().over(this);
    }

    /** These values, and where they are null those of {@code base}. */
    static StableDiffusionImageOptions merged(@Nullable ImageOptions options, StableDiffusionImageOptions base) {
        Builder merged = base.toBuilder();
        return options == null ? merged.build() : merged.over(options).build();
    }

    /** Collects {@link StableDiffusionImageOptions}; each method sets the value of the same name there. */
    public static final class Builder {
        private @Nullable Integer n;
        private @Nullable String model;
        private @Nullable Integer width;
        private @Nullable Integer height;
        private @Nullable String responseFormat;
        private @Nullable String style;
        private @Nullable String negativePrompt;
        private @Nullable Integer steps;
        private @Nullable Double guidanceScale;
        private @Nullable Long seed;
        private @Nullable Sampler sampler;
        private @Nullable Scheduler scheduler;
        private @Nullable Double strength;
        private @Nullable Integer maskFeather;
        private @Nullable Duration timeout;
        private @Nullable Consumer<GenerationSettings.Builder<?>> customizer;

        private Builder() {}

        /** Takes what the other options set, of whatever kind they are. */
        private Builder over(ImageOptions other) {
            n = either(other.getN(), n);
            model = either(other.getModel(), model);
            width = either(other.getWidth(), width);
            height = either(other.getHeight(), height);
            responseFormat = either(other.getResponseFormat(), responseFormat);
            style = either(other.getStyle(), style);
            if (other instanceof StableDiffusionImageOptions ours) {
                negativePrompt = either(ours.negativePrompt, negativePrompt);
                steps = either(ours.steps, steps);
                guidanceScale = either(ours.guidanceScale, guidanceScale);
                seed = either(ours.seed, seed);
                sampler = either(ours.sampler, sampler);
                scheduler = either(ours.scheduler, scheduler);
                strength = either(ours.strength, strength);
                maskFeather = either(ours.maskFeather, maskFeather);
                timeout = either(ours.timeout, timeout);
                customizer = either(ours.customizer, customizer);
            }
            return this;
        }

        private static <T> @Nullable T either(@Nullable T first, @Nullable T second) {
            return first != null ? first : second;
        }

        /**
         * How many pictures to make.
         *
         * @param value see {@link StableDiffusionImageOptions#n}; null for the default
         * @return this
         */
        public Builder n(@Nullable Integer value) {
            n = value;
            return this;
        }

        /**
         * The name of the model that is loaded.
         *
         * @param value see {@link StableDiffusionImageOptions#model}; null for the default
         * @return this
         */
        public Builder model(@Nullable String value) {
            model = value;
            return this;
        }

        /**
         * The width.
         *
         * @param value see {@link StableDiffusionImageOptions#width}; null for the default
         * @return this
         */
        public Builder width(@Nullable Integer value) {
            width = value;
            return this;
        }

        /**
         * The height.
         *
         * @param value see {@link StableDiffusionImageOptions#height}; null for the default
         * @return this
         */
        public Builder height(@Nullable Integer value) {
            height = value;
            return this;
        }

        /**
         * How pictures are given back.
         *
         * @param value see {@link StableDiffusionImageOptions#responseFormat}; null for the default
         * @return this
         */
        public Builder responseFormat(@Nullable String value) {
            responseFormat = value;
            return this;
        }

        /**
         * Refused when it is set.
         *
         * @param value see {@link StableDiffusionImageOptions#style}; null for the default
         * @return this
         */
        public Builder style(@Nullable String value) {
            style = value;
            return this;
        }

        /**
         * What to keep away from.
         *
         * @param value see {@link StableDiffusionImageOptions#negativePrompt}; null for the default
         * @return this
         */
        public Builder negativePrompt(@Nullable String value) {
            negativePrompt = value;
            return this;
        }

        /**
         * Sampling steps.
         *
         * @param value see {@link StableDiffusionImageOptions#steps}; null for the default
         * @return this
         */
        public Builder steps(@Nullable Integer value) {
            steps = value;
            return this;
        }

        /**
         * How closely to follow the prompt.
         *
         * @param value see {@link StableDiffusionImageOptions#guidanceScale}; null for the default
         * @return this
         */
        public Builder guidanceScale(@Nullable Double value) {
            guidanceScale = value;
            return this;
        }

        /**
         * The seed.
         *
         * @param value see {@link StableDiffusionImageOptions#seed}; null for the default
         * @return this
         */
        public Builder seed(@Nullable Long value) {
            seed = value;
            return this;
        }

        /**
         * The sampling method.
         *
         * @param value see {@link StableDiffusionImageOptions#sampler}; null for the default
         * @return this
         */
        public Builder sampler(@Nullable Sampler value) {
            sampler = value;
            return this;
        }

        /**
         * The noise schedule.
         *
         * @param value see {@link StableDiffusionImageOptions#scheduler}; null for the default
         * @return this
         */
        public Builder scheduler(@Nullable Scheduler value) {
            scheduler = value;
            return this;
        }

        /**
         * How much a picture in the message is changed.
         *
         * @param value see {@link StableDiffusionImageOptions#strength}; null for the default
         * @return this
         */
        public Builder strength(@Nullable Double value) {
            strength = value;
            return this;
        }

        /**
         * How soft the edge of what a mask repaints is.
         *
         * @param value see {@link StableDiffusionImageOptions#maskFeather}; null for the default
         * @return this
         */
        public Builder maskFeather(@Nullable Integer value) {
            maskFeather = value;
            return this;
        }

        /**
         * How long a call may take.
         *
         * @param value see {@link StableDiffusionImageOptions#timeout}; null for the default
         * @return this
         */
        public Builder timeout(@Nullable Duration value) {
            timeout = value;
            return this;
        }

        /**
         * Sets whatever else a request can have.
         *
         * @param value see {@link StableDiffusionImageOptions#customizer}; null for the default
         * @return this
         */
        public Builder customizer(@Nullable Consumer<GenerationSettings.Builder<?>> value) {
            customizer = value;
            return this;
        }

        /**
         * Makes the options. Values out of their range are refused when they are used.
         *
         * @return the options
         */
        public StableDiffusionImageOptions build() {
            return new StableDiffusionImageOptions(
                    n, model, width, height, responseFormat, style, negativePrompt, steps, guidanceScale, seed, sampler, scheduler, strength,
                    maskFeather, timeout, customizer);
        }
    }
}
