package io.github.sdcpp4j.spring.ai;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.GenerationException;
import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.QueueFullException;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.StableDiffusion;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.image.Image;
import org.springframework.ai.image.ImageGeneration;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.image.ImageResponse;
import org.springframework.ai.image.ImageResponseMetadata;
import org.springframework.ai.image.observation.DefaultImageModelObservationConvention;
import org.springframework.ai.image.observation.ImageModelObservationContext;
import org.springframework.ai.image.observation.ImageModelObservationConvention;
import org.springframework.ai.image.observation.ImageModelObservationDocumentation;

/**
 * Makes pictures by a Stable Diffusion checkpoint in the JVM's own process.
 *
 * <pre>{@code
 * ImageModel model = StableDiffusionImageModel.builder(StableDiffusion.load(Path.of("model.safetensors"))).build();
 * ImageOptions options = StableDiffusionImageOptions.builder().steps(25).seed(42L).build();
 * String png = model.call(new ImagePrompt("a lovely cat", options)).getResult().getOutput().getB64Json();
 * }</pre>
 *
 * <p>Messages with a weight below 0 are the negative prompt, those with 0 are left out, and other weights weigh their words. A picture
 * among the messages' media is what is started from (image to image), and media named {@code mask}, white where to repaint,
 * limits that to a part, outside of which everything stays as it was, to the last bit. Media are bytes, Base64, or {@code file:} and
 * {@code data:} addresses; others are refused, as nothing is fetched here.
 *
 * <p>Pictures come as PNG in Base64 with {@link StableDiffusionImageGenerationMetadata}; the response's metadata have
 * {@code timings} (a {@link io.github.sdcpp4j.Timings}) and {@code model}.
 *
 * <p>Safe for use by several threads: pictures are made one at a time, in the order of the calls. An interrupt stops a call.
 */
public final class StableDiffusionImageModel implements ImageModel, AutoCloseable {

    /** The provider's name, in {@code spring.ai.model.image} and in observations. */
    public static final String PROVIDER = "sdcpp4j";

    private static final ImageModelObservationConvention CONVENTION = new DefaultImageModelObservationConvention();

    private final StableDiffusion sd;
    private final String model;
    private final StableDiffusionImageOptions defaults;
    private final Resolution modelSize;
    private final ObservationRegistry observations;
    private final @Nullable ImageModelObservationConvention convention;
    private final @Nullable PhaseTimers timers;
    private final RunningCalls calls = new RunningCalls();

    private StableDiffusionImageModel(Builder builder) {
        sd = builder.sd;
        model = sd.model();
        defaults = builder.defaults;
        modelSize = builder.modelSize;
        observations = builder.observations;
        convention = builder.convention;
        timers = builder.meters == null ? null : new PhaseTimers(builder.meters, model);
        Requests.check(defaults, model, modelSize);
    }

    /**
     * Starts with the defaults.
     *
     * @param sd the loaded model; its owner closes it
     * @return a builder
     */
    public static Builder builder(StableDiffusion sd) {
        return new Builder(sd);
    }

    /**
     * Makes pictures.
     *
     * @param prompt the messages, and options of any kind
     * @return the pictures
     * @throws InvalidRequestException when a value is out of its range, or the model cannot do what is asked for
     * @throws CancelledException when the thread is interrupted, the timeout passes, or the application ends
     * @throws QueueFullException when too many calls wait; see {@link io.github.sdcpp4j.LoadOptions#queueCapacity}
     * @throws GenerationException when the native runtime fails
     */
    @Override
    public ImageResponse call(ImagePrompt prompt) {
        StableDiffusionImageOptions options = StableDiffusionImageOptions.merged(prompt.getOptions(), defaults);
        ImageRequest request = Requests.of(prompt.getInstructions(), options, model, modelSize);
        ImageModelObservationContext context = ImageModelObservationContext.builder()
                .imagePrompt(new ImagePrompt(prompt.getInstructions(), used(options, request.settings())))
                .provider(PROVIDER)
                .build();
        return Objects.requireNonNull(ImageModelObservationDocumentation.IMAGE_MODEL_OPERATION
                .observation(convention, CONVENTION, () -> context, observations)
                .observe(() -> {
                    ImageResponse response = response(calls.await(() -> sd.submit(request)));
                    context.setResponse(response);
                    return response;
                }));
    }

    /** What observations say was asked for. */
    private StableDiffusionImageOptions used(StableDiffusionImageOptions options, GenerationSettings settings) {
        return options.toBuilder().model(model).width(settings.width()).height(settings.height()).build();
    }

    private ImageResponse response(List<GeneratedImage> pictures) {
        ImageResponseMetadata metadata = new ImageResponseMetadata();
        metadata.put("model", model);
        metadata.put("timings", pictures.getFirst().timings());
        if (timers != null) {
            timers.record(pictures.getFirst().timings());
        }
        return new ImageResponse(pictures.stream().map(StableDiffusionImageModel::generation).toList(), metadata);
    }

    private static ImageGeneration generation(GeneratedImage picture) {
        return new ImageGeneration(
                new Image(null, Base64.getEncoder().encodeToString(picture.png())),
                new StableDiffusionImageGenerationMetadata(
                        picture.seed(), picture.model(), picture.infotext().text(), picture.timings(), picture.notes()));
    }

    /** Stops the calls that run, on the CPU within a sampling step, and those that come. The loaded model is left to its owner. */
    @Override
    public void close() {
        calls.stop();
    }

    /** Collects a {@link StableDiffusionImageModel}. */
    public static final class Builder {
        private final StableDiffusion sd;
        private StableDiffusionImageOptions defaults = StableDiffusionImageOptions.builder().build();
        private Resolution modelSize = new Resolution(512, 512);
        private ObservationRegistry observations = ObservationRegistry.NOOP;
        private @Nullable ImageModelObservationConvention convention;
        private @Nullable MeterRegistry meters;

        private Builder(StableDiffusion sd) {
            this.sd = Objects.requireNonNull(sd, "sd");
        }

        /**
         * What a prompt's options leave open.
         *
         * @param value the options; nothing set by default
         * @return this
         */
        public Builder defaultOptions(StableDiffusionImageOptions value) {
            defaults = Objects.requireNonNull(value, "options");
            return this;
        }

        /**
         * The size of pictures that start from no other, when the options say none: the one that the model was made for.
         *
         * @param value the size, multiples of 8; 512x512 by default
         * @return this
         */
        public Builder modelSize(Resolution value) {
            modelSize = Objects.requireNonNull(value, "size");
            return this;
        }

        /**
         * Who observes calls, as those of Spring AI's own models: {@code gen_ai.client.operation}.
         *
         * @param value the registry; none by default
         * @return this
         */
        public Builder observationRegistry(ObservationRegistry value) {
            observations = Objects.requireNonNull(value, "registry");
            return this;
        }

        /**
         * What observations are named and say.
         *
         * @param value the convention; null for Spring AI's own
         * @return this
         */
        public Builder observationConvention(@Nullable ImageModelObservationConvention value) {
            convention = value;
            return this;
        }

        /**
         * Where the timers {@code sdcpp4j.image.phase} are, with the tags {@code phase} ({@code encode_image}, {@code encode_text},
         * {@code sample}, {@code decode}, {@code total}) and {@code model}.
         *
         * @param value the registry; null for no timers
         * @return this
         */
        public Builder meterRegistry(@Nullable MeterRegistry value) {
            meters = value;
            return this;
        }

        /**
         * Makes the model.
         *
         * @return the model
         * @throws InvalidRequestException when a default option is out of its range
         */
        public StableDiffusionImageModel build() {
            return new StableDiffusionImageModel(this);
        }
    }
}
