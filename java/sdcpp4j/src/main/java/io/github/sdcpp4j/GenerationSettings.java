package io.github.sdcpp4j;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What every request has. The defaults are the runtime's own.
 *
 * @param prompt what to paint; {@code (a:1.2)} and {@code [a]} weigh words as in the usual web UIs, {@code BREAK} begins another
 *     chunk of 75 tokens, {@code <lora:name:weight>} names a LoRA of {@link Additions#loraFolder()}; at most
 *     {@link #MAX_PROMPT_BYTES}; empty by default
 * @param negativePrompt what to keep away from; empty by default; without effect when {@code guidanceScale} is 1
 * @param width pixels, a multiple of 8 from 8 to 16384; 512 by default
 * @param height pixels, a multiple of 8 from 8 to 16384; 512 by default
 * @param steps sampling steps, 1 to 1000; 20 by default
 * @param guidanceScale classifier-free guidance, 0 to 100; 1 switches it off and halves the work; 7 by default
 * @param sampler the sampling method; the runtime's choice by default
 * @param scheduler the noise schedule; the runtime's choice by default
 * @param seed 0 to {@link #MAX_SEED}; random when absent. The seed used is in the result
 * @param batchCount pictures to make, 1 to 1000, the second with {@code seed + 1} and so on; 1 by default
 * @param clipSkip the CLIP layer to read, counted from the last, 1 to 12; the model family's own by default
 * @param loras LoRAs to add, together with those that the prompt names; none by default. One given twice has the sum of the
 *     weights
 * @param eta noise that ancestral samplers and DDIM add, 0 to 10; the sampler's own by default
 * @param control what a ControlNet is shown; none by default, and a ControlNet then has no part in the picture
 * @param referenceImages the pictures that pix2pix checkpoints (one) and edit models (one or more) work from; none by default
 * @param photoMaker the person to show, for SDXL models loaded with a {@link ModelFile#PHOTO_MAKER}; none by default
 * @param extras what few models or few pictures need of sampling; nothing of it by default
 * @param hires enlarges the picture and refines it there; none by default
 * @param vaeTiling whether the VAE works in tiles, which need less memory; {@link VaeTiling#OFF} by default
 * @param timeout how long the caller waits, counted from the call, the wait for earlier calls included; the work is then
 *     stopped with a {@link CancelledException}; no limit by default
 */
public record GenerationSettings(
        String prompt,
        String negativePrompt,
        int width,
        int height,
        int steps,
        double guidanceScale,
        Optional<Sampler> sampler,
        Optional<Scheduler> scheduler,
        OptionalLong seed,
        int batchCount,
        OptionalInt clipSkip,
        List<Lora> loras,
        OptionalDouble eta,
        Optional<ControlImage> control,
        List<BufferedImage> referenceImages,
        Optional<PhotoMaker> photoMaker,
        SamplingExtras extras,
        Optional<HiresFix> hires,
        VaeTiling vaeTiling,
        Optional<Duration> timeout) {

    /** The shortest side. */
    public static final int MIN_SIDE = 8;

    /** The longest side. */
    public static final int MAX_SIDE = 16384;

    /** The longest prompt in UTF-8 bytes, more than ten thousand words: the runtime's parser takes stack for each byte. */
    public static final int MAX_PROMPT_BYTES = 60_000;

    /** The largest seed: 2^63 less room for the seeds of a batch. */
    public static final long MAX_SEED = Long.MAX_VALUE - 1000;

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when a value is out of its range
     */
    public GenerationSettings {
        Check.prompt("prompt", prompt);
        Check.prompt("negative prompt", negativePrompt);
        Check.side("width", width);
        Check.side("height", height);
        Check.range("steps", steps, 1, 1000);
        Check.range("guidance scale", guidanceScale, 0, 100);
        Check.range("batch count", batchCount, 1, 1000);
        seed.ifPresent(value -> Check.range("seed", value, 0, MAX_SEED));
        clipSkip.ifPresent(value -> Check.range("clip skip", value, 1, 12));
        loras = List.copyOf(loras);
        eta.ifPresent(value -> Check.range("eta", value, 0, 10));
        scheduler.ifPresent(value -> checkSteps(value, steps));
        Objects.requireNonNull(control, "control");
        referenceImages = List.copyOf(referenceImages);
        Check.range("number of reference images", referenceImages.size(), 0, 16);
        Objects.requireNonNull(photoMaker, "photoMaker");
        Objects.requireNonNull(extras, "extras");
        for (HiresFix larger : hires.stream().toList()) {
            Check.that(larger.size().width() >= width && larger.size().height() >= height,
                    "hires size is %s, smaller than the picture's %dx%d: give a larger one".formatted(larger.size(), width, height));
        }
        Objects.requireNonNull(vaeTiling, "vaeTiling");
        timeout.ifPresent(value -> Check.that(
                value.isPositive(), "timeout is %s: give a positive duration, or none for no limit".formatted(value)));
    }

    /**
     * Returns the size of the pictures that come back.
     *
     * @return the size of {@link #hires} if there is one
     */
    public Resolution pictureSize() {
        return hires.map(HiresFix::size).orElseGet(() -> new Resolution(width, height));
    }

    static void checkSteps(Scheduler scheduler, int steps) {
        Check.that(
                steps >= scheduler.minSteps(),
                "steps is %d, and the %s scheduler needs at least %d: give more steps or another scheduler"
                        .formatted(steps, scheduler.flag(), scheduler.minSteps()));
    }

    /** The same settings with everything decided that was left to the runtime. */
    GenerationSettings resolved(long usedSeed, Sampler usedSampler, Scheduler usedScheduler) {
        return new GenerationSettings(
                prompt, negativePrompt, width, height, steps, guidanceScale, Optional.of(usedSampler),
                Optional.of(usedScheduler), OptionalLong.of(usedSeed), batchCount, clipSkip, loras, eta, control,
                referenceImages, photoMaker, extras, hires, vaeTiling, timeout);
    }

    /** The settings of one picture of a batch. */
    GenerationSettings ofImage(long imageSeed) {
        return new GenerationSettings(
                prompt, negativePrompt, width, height, steps, guidanceScale, sampler, scheduler,
                OptionalLong.of(imageSeed), 1, clipSkip, loras, eta, control,
                referenceImages, photoMaker, extras, hires, vaeTiling, timeout);
    }

    /**
     * Collects {@link GenerationSettings}; each method sets the value of the same name there.
     *
     * @param <B> the request's own builder
     */
    public abstract static sealed class Builder<B extends Builder<B>> permits TextToImage.Builder, ImageToImage.Builder, VideoRequest.Builder {
        private String prompt = "";
        private String negativePrompt = "";
        private int width = 512;
        private int height = 512;
        private int steps = 20;
        private double guidanceScale = 7;
        private Sampler sampler;
        private Scheduler scheduler;
        private OptionalLong seed = OptionalLong.empty();
        private int batchCount = 1;
        private OptionalInt clipSkip = OptionalInt.empty();
        private List<Lora> loras = List.of();
        private OptionalDouble eta = OptionalDouble.empty();
        private ControlImage control;
        private List<BufferedImage> referenceImages = List.of();
        private PhotoMaker photoMaker;
        private SamplingExtras extras = SamplingExtras.NONE;
        private HiresFix hires;
        private VaeTiling vaeTiling = VaeTiling.OFF;
        private Duration timeout;

        Builder() {}

        abstract B self();

        /**
         * What to paint.
         *
         * @param value the prompt
         * @return this
         */
        public B prompt(String value) {
            prompt = value;
            return self();
        }

        /**
         * What to keep away from.
         *
         * @param value the negative prompt
         * @return this
         */
        public B negativePrompt(String value) {
            negativePrompt = value;
            return self();
        }

        /**
         * The picture's size.
         *
         * @param widthPixels a multiple of 8
         * @param heightPixels a multiple of 8
         * @return this
         */
        public B size(int widthPixels, int heightPixels) {
            width = widthPixels;
            height = heightPixels;
            return self();
        }

        /**
         * Sampling steps.
         *
         * @param value 1 to 1000
         * @return this
         */
        public B steps(int value) {
            steps = value;
            return self();
        }

        /**
         * Classifier-free guidance.
         *
         * @param value 0 to 100; 1 switches it off
         * @return this
         */
        public B guidanceScale(double value) {
            guidanceScale = value;
            return self();
        }

        /**
         * The sampling method.
         *
         * @param value the sampler; null leaves it to the runtime
         * @return this
         */
        public B sampler(Sampler value) {
            sampler = value;
            return self();
        }

        /**
         * The noise schedule.
         *
         * @param value the scheduler; null leaves it to the runtime
         * @return this
         */
        public B scheduler(Scheduler value) {
            scheduler = value;
            return self();
        }

        /**
         * The seed.
         *
         * @param value 0 to {@link #MAX_SEED}
         * @return this
         */
        public B seed(long value) {
            seed = OptionalLong.of(value);
            return self();
        }

        /**
         * A random seed, the default.
         *
         * @return this
         */
        public B randomSeed() {
            seed = OptionalLong.empty();
            return self();
        }

        /**
         * Pictures to make.
         *
         * @param value 1 to 1000
         * @return this
         */
        public B batchCount(int value) {
            batchCount = value;
            return self();
        }

        /**
         * The CLIP layer to read, counted from the last.
         *
         * @param value 1 to 12
         * @return this
         */
        public B clipSkip(int value) {
            clipSkip = OptionalInt.of(value);
            return self();
        }

        /**
         * LoRAs to add, in place of those set before.
         *
         * @param value the LoRAs
         * @return this
         */
        public B loras(List<Lora> value) {
            loras = List.copyOf(value);
            return self();
        }

        /**
         * One LoRA more.
         *
         * @param file the file
         * @param weight how much of it; 1 is what it was trained for
         * @return this
         * @throws InvalidRequestException when the weight is out of its range
         */
        public B lora(Path file, double weight) {
            return loras(Stream.concat(loras.stream(), Stream.of(new Lora(file, weight))).toList());
        }

        /**
         * Noise that ancestral samplers and DDIM add.
         *
         * @param value 0 to 10
         * @return this
         */
        public B eta(double value) {
            eta = OptionalDouble.of(value);
            return self();
        }

        /**
         * What a ControlNet is shown.
         *
         * @param value the control image; null for none
         * @return this
         */
        public B control(ControlImage value) {
            control = value;
            return self();
        }

        /**
         * The pictures that pix2pix checkpoints and edit models work from.
         *
         * @param value the pictures; none for other models
         * @return this
         */
        public B referenceImages(List<BufferedImage> value) {
            referenceImages = List.copyOf(value);
            return self();
        }

        /**
         * The person to show.
         *
         * @param value pictures of the person; null for nobody in particular
         * @return this
         */
        public B photoMaker(PhotoMaker value) {
            photoMaker = value;
            return self();
        }

        /**
         * What few models or few pictures need of sampling.
         *
         * @param value the extras
         * @return this
         */
        public B extras(SamplingExtras value) {
            extras = Objects.requireNonNull(value);
            return self();
        }

        /**
         * Enlarges the picture and refines it there.
         *
         * @param value how; null for not
         * @return this
         */
        public B hires(HiresFix value) {
            hires = value;
            return self();
        }

        /**
         * Whether the VAE works in tiles.
         *
         * @param value when
         * @return this
         */
        public B vaeTiling(VaeTiling value) {
            vaeTiling = Objects.requireNonNull(value);
            return self();
        }

        /**
         * How long the caller waits, counted from the call.
         *
         * @param value a positive duration; null for no limit
         * @return this
         */
        public B timeout(Duration value) {
            timeout = value;
            return self();
        }

        final B copyOf(GenerationSettings from) {
            prompt = from.prompt;
            negativePrompt = from.negativePrompt;
            width = from.width;
            height = from.height;
            steps = from.steps;
            guidanceScale = from.guidanceScale;
            sampler = from.sampler.orElse(null);
            scheduler = from.scheduler.orElse(null);
            seed = from.seed;
            batchCount = from.batchCount;
            clipSkip = from.clipSkip;
            loras = from.loras;
            eta = from.eta;
            control = from.control.orElse(null);
            referenceImages = from.referenceImages;
            photoMaker = from.photoMaker.orElse(null);
            extras = from.extras;
            hires = from.hires.orElse(null);
            vaeTiling = from.vaeTiling;
            timeout = from.timeout.orElse(null);
            return self();
        }

        final GenerationSettings settings() {
            return new GenerationSettings(
                    prompt, negativePrompt, width, height, steps, guidanceScale, Optional.ofNullable(sampler),
                    Optional.ofNullable(scheduler), Objects.requireNonNull(seed), batchCount, clipSkip, loras, eta,
                    Optional.ofNullable(control), referenceImages, Optional.ofNullable(photoMaker), extras, Optional.ofNullable(hires),
                    vaeTiling, Optional.ofNullable(timeout));
        }
    }
}
