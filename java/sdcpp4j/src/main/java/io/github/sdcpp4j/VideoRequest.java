package io.github.sdcpp4j;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes a video. Only for models made for it, such as Wan.
 *
 * @param settings the prompt and everything else; without what is for pictures alone: batches, hires fix, ControlNets and
 *     reference images
 * @param frames pictures to make, 1 to 10000; 33 by default. Wan makes 4n+1 and LTX 8n+1: other numbers are rounded down to that
 * @param framesPerSecond how fast they are shown, 1 to 1000; 16 by default, Wan's own speed. LTX takes it into account, for other
 *     models it is only written into the file
 * @param firstFrame a picture to begin with, for models made for that (I2V, TI2V, FLF2V); those with VACE take it as a reference.
 *     Of another size than asked for, it is scaled to fill the size and cropped evenly; none by default
 * @param lastFrame a picture to end with (FLF2V, TI2V); none by default
 * @param controlFrames pictures that models with VACE follow, one for each frame from the first on; none by default
 * @param controlStrength how closely, 0 to 10; 1 by default
 * @param highNoise what the second diffusion model of Wan 2.2 A14B does
 */
public record VideoRequest(
        GenerationSettings settings,
        int frames,
        int framesPerSecond,
        Optional<BufferedImage> firstFrame,
        Optional<BufferedImage> lastFrame,
        List<BufferedImage> controlFrames,
        double controlStrength,
        HighNoise highNoise) implements GenerationRequest {

    /** The most frames. */
    public static final int MAX_FRAMES = 10_000;

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when a value is out of its range, or the settings ask for what a video cannot have
     */
    public VideoRequest {
        Objects.requireNonNull(settings, "settings");
        Check.range("frames", frames, 1, MAX_FRAMES);
        Check.range("frames per second", framesPerSecond, 1, 1000);
        Objects.requireNonNull(firstFrame, "firstFrame");
        Objects.requireNonNull(lastFrame, "lastFrame");
        controlFrames = List.copyOf(controlFrames);
        Check.that(controlFrames.size() <= frames, "there are %d control frames for %d frames: leave some out, or ask for more frames"
                .formatted(controlFrames.size(), frames));
        Check.range("control strength", controlStrength, 0, 10);
        Objects.requireNonNull(highNoise, "highNoise");
        Check.that(settings.batchCount() == 1,
                "batch count is %d, and videos are made one by one: ask for each".formatted(settings.batchCount()));
        Check.that(settings.hires().isEmpty(), "hires fix is for pictures: ask for a larger video, or enlarge its frames");
        Check.that(settings.control().isEmpty(), "a ControlNet is for pictures: videos have control frames");
        Check.that(settings.referenceImages().isEmpty(), "reference images are for pictures: videos have a first frame");
        Check.that(settings.photoMaker().isEmpty(), "PhotoMaker is for pictures: leave it out for videos");
    }

    /**
     * A request with all defaults.
     *
     * @param prompt what to show
     * @return the request
     */
    public static VideoRequest of(String prompt) {
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
        return builder().copyOf(settings).frames(frames).framesPerSecond(framesPerSecond).firstFrame(firstFrame.orElse(null))
                .lastFrame(lastFrame.orElse(null)).controlFrames(controlFrames).controlStrength(controlStrength).highNoise(highNoise);
    }

    @Override
    public VideoRequest withSettings(GenerationSettings other) {
        return new VideoRequest(
                other, frames, framesPerSecond, firstFrame, lastFrame, controlFrames, controlStrength, highNoise);
    }

    @Override
    public VideoRequest with(Consumer<? super GenerationSettings.Builder<?>> change) {
        Builder builder = toBuilder();
        change.accept(builder);
        return builder.build();
    }

    @Override
    public int pictureCount() {
        return frames;
    }

    /** Collects a {@link VideoRequest}; each method sets the value of the same name there. */
    public static final class Builder extends GenerationSettings.Builder<Builder> {
        private int frames = 33;
        private int framesPerSecond = 16;
        private BufferedImage firstFrame;
        private BufferedImage lastFrame;
        private List<BufferedImage> controlFrames = List.of();
        private double controlStrength = 1;
        private HighNoise highNoise = HighNoise.DEFAULT;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Pictures to make.
         *
         * @param value 1 to 10000
         * @return this
         */
        public Builder frames(int value) {
            frames = value;
            return this;
        }

        /**
         * How fast they are shown.
         *
         * @param value 1 to 1000
         * @return this
         */
        public Builder framesPerSecond(int value) {
            framesPerSecond = value;
            return this;
        }

        /**
         * A picture to begin with.
         *
         * @param value the picture; null for none
         * @return this
         */
        public Builder firstFrame(BufferedImage value) {
            firstFrame = value;
            return this;
        }

        /**
         * A picture to end with.
         *
         * @param value the picture; null for none
         * @return this
         */
        public Builder lastFrame(BufferedImage value) {
            lastFrame = value;
            return this;
        }

        /**
         * Pictures that models with VACE follow.
         *
         * @param value the pictures, from the first frame on
         * @return this
         */
        public Builder controlFrames(List<BufferedImage> value) {
            controlFrames = List.copyOf(value);
            return this;
        }

        /**
         * How closely they are followed.
         *
         * @param value 0 to 10
         * @return this
         */
        public Builder controlStrength(double value) {
            controlStrength = value;
            return this;
        }

        /**
         * What the second diffusion model of Wan 2.2 A14B does.
         *
         * @param value its settings
         * @return this
         */
        public Builder highNoise(HighNoise value) {
            highNoise = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Checks the values and makes the request.
         *
         * @return the request
         * @throws InvalidRequestException when a value is out of its range
         */
        public VideoRequest build() {
            return new VideoRequest(settings(), frames, framesPerSecond, Optional.ofNullable(firstFrame), Optional.ofNullable(lastFrame),
                    controlFrames, controlStrength, highNoise);
        }
    }
}
