package io.github.sdcpp4j.langchain4j;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.spi.ServiceHelper;
import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.CheckpointInfo;
import io.github.sdcpp4j.GenerationException;
import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Mask;
import io.github.sdcpp4j.NativeLibraryException;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.langchain4j.spi.StableDiffusionImageModelBuilderFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Makes pictures by a Stable Diffusion checkpoint in the JVM's own process.
 *
 * <pre>{@code
 * try (StableDiffusionImageModel model = StableDiffusionImageModel.builder()
 *         .modelPath("model.safetensors").size(512, 768).steps(25).build()) {
 *     Image cat = model.generate("a lovely cat").content();
 *     Image dog = model.edit(cat, "a lovely dog").content();
 * }
 * }</pre>
 *
 * <p>Pictures come as PNG in {@link Image#base64Data()}, with their parameters in the file; {@link Image#revisedPrompt()} stays
 * empty, as the prompt is taken as it is. {@link Response#metadata()} has {@code seeds} (a {@code List<Long>}, one for each picture),
 * {@code model} (the checkpoint's name), {@code timings} (a {@link io.github.sdcpp4j.Timings}) and {@code notes} (a
 * {@code List<String>}).
 *
 * <p>Pictures to edit and masks are given in {@link Image#base64Data()} or by a {@code file:} or {@code data:}
 * {@link Image#url()}; others are refused, as nothing is fetched here.
 *
 * <p>Safe for use by several threads: pictures are made one at a time, in the order of the calls. An interrupt stops a call.
 */
public class StableDiffusionImageModel implements ImageModel, AutoCloseable {

    private final StableDiffusion sd;
    private final boolean own;
    private final RequestDefaults defaults;

    /**
     * Loads the model, or takes the builder's.
     *
     * @param builder what to load and how to paint
     * @throws InvalidRequestException when a value is out of its range, or no model is named
     * @throws CheckpointException when the model's file is missing, damaged, or no model that can be loaded
     * @throws NativeLibraryException when the native library cannot be used
     */
    protected StableDiffusionImageModel(Builder builder) {
        own = builder.stableDiffusion == null;
        LoadOptions load = own ? builder.load() : null;
        // What a file's metadata say is read only where there is a file, and a size by the caller goes first.
        Resolution modelSize = own ? CheckpointInfo.read(load.mainFile()).resolution().orElse(null) : null;
        defaults = new RequestDefaults(
                builder.size, modelSize, builder.negativePrompt, builder.steps, builder.guidanceScale, builder.seed, builder.sampler,
                builder.scheduler, builder.strength, builder.maskFeather, builder.transparentMasks, builder.timeout, builder.customizer);
        defaults.check();
        sd = own ? StableDiffusion.load(load) : builder.stableDiffusion;
    }

    /**
     * Starts with the defaults, or with what a {@link StableDiffusionImageModelBuilderFactory} gives.
     *
     * @return a builder
     */
    public static Builder builder() {
        for (StableDiffusionImageModelBuilderFactory factory : ServiceHelper.loadFactories(StableDiffusionImageModelBuilderFactory.class)) {
            return factory.get();
        }
        return new Builder();
    }

    /**
     * Makes a picture.
     *
     * @param prompt what to paint
     * @return the picture
     * @throws InvalidRequestException when the model cannot do what is asked for
     * @throws CancelledException when the thread is interrupted or the timeout passes
     * @throws GenerationException when the native runtime fails
     */
    @Override
    public Response<Image> generate(String prompt) {
        return Pictures.first(sd.generate(defaults.textToImage(prompt, 1)));
    }

    /**
     * Makes several pictures of one prompt, the second with the seed that follows the first's and so on.
     *
     * @param prompt what to paint
     * @param n how many, 1 to 1000
     * @return the pictures
     * @throws InvalidRequestException when the model cannot do what is asked for
     * @throws CancelledException when the thread is interrupted or the timeout passes
     * @throws GenerationException when the native runtime fails
     */
    @Override
    public Response<List<Image>> generate(String prompt, int n) {
        return Pictures.all(sd.generate(defaults.textToImage(prompt, n)));
    }

    /**
     * Makes a picture from a picture: image to image, as strong as {@link Builder#strength} says. It has the input's size, each side
     * rounded down to a multiple of 8, unless the builder was given another.
     *
     * @param image the picture to start from
     * @param prompt what to paint
     * @return the picture
     * @throws InvalidRequestException when the input cannot be read, or the model cannot do what is asked for
     * @throws CancelledException when the thread is interrupted or the timeout passes
     * @throws GenerationException when the native runtime fails
     */
    @Override
    public Response<Image> edit(Image image, String prompt) {
        return edit(image, (Mask) null, prompt);
    }

    /**
     * Repaints where a mask says: inpainting. Outside of the mask the picture stays as it was, to the last bit.
     *
     * @param image the picture to start from
     * @param mask white where to repaint, black where to keep, or as {@link Builder#transparentMasks} says
     * @param prompt what to paint there
     * @return the picture
     * @throws InvalidRequestException when an input cannot be read, or the model cannot do what is asked for
     * @throws CancelledException when the thread is interrupted or the timeout passes
     * @throws GenerationException when the native runtime fails
     */
    @Override
    public Response<Image> edit(Image image, Image mask, String prompt) {
        return edit(image, Pictures.mask(mask, defaults.transparentMasks()).withFeather(defaults.maskFeather()), prompt);
    }

    private Response<Image> edit(Image image, Mask mask, String prompt) {
        return Pictures.first(sd.generate(defaults.imageToImage(Pictures.read(image), mask, prompt)));
    }

    /** Frees the model, unless it was given by {@link Builder#stableDiffusion}. Waits for the calls that came before. */
    @Override
    public void close() {
        if (own) {
            sd.close();
        }
    }

    /** Collects a {@link StableDiffusionImageModel}. What is not set, or set to null, has the library's default. */
    public static class Builder {
        private final LoadOptions.Builder files = LoadOptions.builder();
        private LoadOptions loadOptions;
        private StableDiffusion stableDiffusion;
        private Resolution size;
        private String negativePrompt;
        private Integer steps;
        private Double guidanceScale;
        private Long seed;
        private Sampler sampler;
        private Scheduler scheduler;
        private Double strength;
        private int maskFeather;
        private boolean transparentMasks;
        private Duration timeout;
        private Consumer<GenerationSettings.Builder<?>> customizer = request -> {};

        /** Starts with the defaults; for subclasses, others use {@link StableDiffusionImageModel#builder()}. */
        public Builder() {}

        private LoadOptions load() {
            return loadOptions != null ? loadOptions : files.build();
        }

        /**
         * The checkpoint.
         *
         * @param path a .safetensors, .ckpt or .gguf file
         * @return this
         */
        public Builder modelPath(Path path) {
            files.model(path);
            return this;
        }

        /**
         * The checkpoint.
         *
         * @param path a .safetensors, .ckpt or .gguf file
         * @return this
         */
        public Builder modelPath(String path) {
            return modelPath(Path.of(path));
        }

        /**
         * The small checkpoint that comes with the artifact {@code sdcpp4j-demo}.
         *
         * @return this
         * @throws CheckpointException when the artifact is not there, or its file cannot be written
         */
        public Builder demo() {
            files.demo();
            return this;
        }

        /**
         * Everything that can be said about loading: several files, weight types, threads, a process of its own. In the place of
         * {@link #modelPath}.
         *
         * @param value the options; null for none
         * @return this
         */
        public Builder loadOptions(LoadOptions value) {
            loadOptions = value;
            return this;
        }

        /**
         * A model that is loaded already; its owner closes it. In the place of {@link #modelPath}.
         *
         * @param value the model; null for none
         * @return this
         */
        public Builder stableDiffusion(StableDiffusion value) {
            stableDiffusion = value;
            return this;
        }

        /**
         * The size of the pictures. By default what the model's file says ({@code modelspec.resolution}), else 512x512; when a picture
         * is edited, that picture's size.
         *
         * @param width pixels, a multiple of 8 from 8 to 16384
         * @param height pixels, a multiple of 8 from 8 to 16384
         * @return this
         */
        public Builder size(int width, int height) {
            size = new Resolution(width, height);
            return this;
        }

        /**
         * What to keep away from.
         *
         * @param value the negative prompt; empty by default
         * @return this
         */
        public Builder negativePrompt(String value) {
            negativePrompt = value;
            return this;
        }

        /**
         * How many sampling steps.
         *
         * @param value 1 to 1000; 20 by default
         * @return this
         */
        public Builder steps(Integer value) {
            steps = value;
            return this;
        }

        /**
         * How closely to follow the prompt: classifier-free guidance, CFG scale in web UIs.
         *
         * @param value 0 to 100; 7 by default; 1 switches it off and halves the work
         * @return this
         */
        public Builder guidanceScale(Double value) {
            guidanceScale = value;
            return this;
        }

        /**
         * The seed: with one, the same prompt gives the same picture each time.
         *
         * @param value 0 or more; a random one for each call by default
         * @return this
         */
        public Builder seed(Long value) {
            seed = value;
            return this;
        }

        /**
         * The sampling method.
         *
         * @param value the sampler; the model family's own by default
         * @return this
         */
        public Builder sampler(Sampler value) {
            sampler = value;
            return this;
        }

        /**
         * The noise schedule.
         *
         * @param value the scheduler; the model family's own by default
         * @return this
         */
        public Builder scheduler(Scheduler value) {
            scheduler = value;
            return this;
        }

        /**
         * How much an edit changes.
         *
         * @param value 0 to 1; 0.75 by default
         * @return this
         */
        public Builder strength(Double value) {
            strength = value;
            return this;
        }

        /**
         * How soft the edge of what a mask repaints is.
         *
         * @param pixels the edge's width, 0 to 512; 0, a hard edge, by default
         * @return this
         */
        public Builder maskFeather(int pixels) {
            maskFeather = pixels;
            return this;
        }

        /**
         * Whether masks are as some providers want them: transparent where to repaint, opaque where to keep, whatever the colour. Without
         * it, a mask is white where to repaint, and one with transparent pixels is refused, as it would mean the opposite.
         *
         * @param value true for transparent masks; false by default
         * @return this
         */
        public Builder transparentMasks(boolean value) {
            transparentMasks = value;
            return this;
        }

        /**
         * How long a call may take, the wait for earlier ones included.
         *
         * @param value a positive duration; none by default
         * @return this
         */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /**
         * Sets whatever else a request can have, such as LoRAs or a hires fix; called last, for every request.
         *
         * @param value changes a request
         * @return this
         */
        public Builder customizer(Consumer<GenerationSettings.Builder<?>> value) {
            customizer = Objects.requireNonNull(value, "customizer");
            return this;
        }

        /**
         * Loads the model.
         *
         * @return the model
         * @throws InvalidRequestException when a value is out of its range, or no model is named
         * @throws CheckpointException when the model's file is missing, damaged, or no model that can be loaded
         * @throws NativeLibraryException when the native library cannot be used
         */
        public StableDiffusionImageModel build() {
            return new StableDiffusionImageModel(this);
        }
    }
}
