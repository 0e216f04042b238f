package io.github.sdcpp4j;

import io.github.sdcpp4j.PictureCheck.Verdict;
import io.github.sdcpp4j.components.Components;
import io.github.sdcpp4j.internal.ModelProperties;
import io.github.sdcpp4j.internal.Pictures;
import io.github.sdcpp4j.internal.Session;
import io.github.sdcpp4j.internal.images.Inpainting;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/**
 * A loaded model that makes pictures, or videos.
 *
 * <pre>{@code
 * try (StableDiffusion sd = StableDiffusion.load(Path.of("model.safetensors"))) {
 *     GeneratedImage cat = sd.generate(TextToImage.of("a lovely cat")).getFirst();
 *     cat.save(Path.of("cat.png"));
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads: one picture is made at a time, in the order of the calls. Native work runs on the
 * model's own thread, so callers may be virtual threads. A call stops soon, on the CPU within a sampling step, when its thread
 * is interrupted, its future cancelled or its timeout over. {@link #close()} waits for the calls that came before it; calls
 * that come after it throw {@link IllegalStateException}. The model's files must stay in place while it is open.
 */
public final class StableDiffusion implements AutoCloseable {

    /** Web UIs draw random seeds from 32 bits, and so do we: they can be typed. */
    private static final long RANDOM_SEEDS = 1L << 32;

    private final Session session;

    private final LoadOptions options;

    private final PictureGate gate;

    private StableDiffusion(Session session, LoadOptions options) {
        this.session = session;
        this.options = options;
        this.gate = new PictureGate(options.pictureCheck());
    }

    /**
     * Loads a checkpoint with all defaults.
     *
     * @param checkpoint one .safetensors, .ckpt or .gguf file
     * @return the loaded model
     * @throws CheckpointException when the file is missing, damaged, or no model that can be loaded alone
     * @throws NativeLibraryException when the native library cannot be used
     */
    public static StableDiffusion load(Path checkpoint) {
        return builder(checkpoint).load();
    }

    /**
     * Loads a model.
     *
     * @param options the files and how to run them
     * @return the loaded model
     * @throws CheckpointException when a file is missing, damaged, or does not fit its slot
     * @throws CancelledException when the thread is interrupted
     * @throws WorkerException when the model is to run in a worker process and that cannot start
     * @throws NativeLibraryException when the native library cannot be used
     */
    public static StableDiffusion load(LoadOptions options) {
        return new StableDiffusion(Session.open(options), options);
    }

    /**
     * Loads the demo checkpoint: a small model of the Stable Diffusion 1.x family that paints circles, squares, triangles,
     * stars and crosses in eight colours, at 128x128 pixels. It comes with the artifact {@code sdcpp4j-demo} and is unpacked
     * into the user's cache folder when it is first asked for.
     *
     * @return the loaded model
     * @throws CheckpointException when the artifact is not there, or its file cannot be written
     * @throws NativeLibraryException when the native library cannot be used
     */
    public static StableDiffusion demo() {
        return LoadOptions.builder().demo().load();
    }

    /**
     * Starts the options with a checkpoint.
     *
     * @param checkpoint one .safetensors, .ckpt or .gguf file
     * @return a builder; its {@link LoadOptions.Builder#load()} loads
     */
    public static LoadOptions.Builder builder(Path checkpoint) {
        return LoadOptions.builder().model(checkpoint);
    }

    /**
     * Returns the model family.
     *
     * @return the runtime's word for it, such as {@code SD 1.x}
     * @throws IllegalStateException when closed
     */
    public String family() {
        return session.properties().family();
    }

    /**
     * Returns the checkpoint's name.
     *
     * @return the model file's name without its ending
     * @throws IllegalStateException when closed
     */
    public String model() {
        return session.properties().name();
    }

    /**
     * Shows how the text encoder reads a prompt: its tokens, and how they fall into chunks of {@value PromptTokens#CHUNK}.
     *
     * @param prompt the prompt, weights and {@code BREAK} included; LoRAs that it names are left out
     * @return the tokens
     * @throws InvalidRequestException when the prompt is too long, or the model's text encoder is not CLIP alone (SD 1.x, SD 2.x and
     *     SDXL have that)
     * @throws CancelledException when the thread is interrupted before its turn
     * @throws IllegalStateException when closed, or when called by a listener of this model
     */
    public PromptTokens tokens(String prompt) {
        Check.prompt("prompt", prompt);
        return session.tokens(prompt);
    }

    /**
     * Returns the parts of this model, for a denoising loop of one's own: tokenizer, text encoder, VAE and UNet. They work on the
     * same loaded weights, in turn with the other calls.
     *
     * @return the parts; they need no closing, and cannot be used once this model is closed
     * @throws InvalidRequestException when the model is no SD 1.x, SD 2.x or SDXL, or runs in a worker process
     * @throws CancelledException when the thread is interrupted before its turn
     * @throws IllegalStateException when closed, or when called by a listener of this model
     */
    public Components components() {
        return new Components(session);
    }

    /**
     * Makes pictures.
     *
     * @param request what to make
     * @return as many pictures as the request's batch count, in the order of their seeds
     * @throws InvalidRequestException when the model cannot do what is asked for; the request itself was checked when it
     *     was made
     * @throws CheckpointException when a LoRA's file is missing, damaged, or does not fit the model
     * @throws CancelledException when the thread is interrupted or the request's timeout passes
     * @throws InsufficientMemoryException when it needs more memory than there is
     * @throws GenerationException when the native runtime fails, or computes NaN in place of a picture
     * @throws WorkerException when the model runs in a worker process and that ends
     * @throws PictureCheckException when the application's check of the pictures fails
     * @throws IllegalStateException when closed
     */
    public List<GeneratedImage> generate(ImageRequest request) {
        return generate(request, ProgressListener.NONE);
    }

    /**
     * Makes pictures and reports progress.
     *
     * @param request what to make
     * @param listener hears how far the work is
     * @return as many pictures as the request's batch count, in the order of their seeds
     * @throws InvalidRequestException when the model cannot do what is asked for
     * @throws CancelledException when the thread is interrupted or the request's timeout passes
     * @throws InsufficientMemoryException when it needs more memory than there is
     * @throws GenerationException when the native runtime fails, or computes NaN in place of a picture
     * @throws WorkerException when the model runs in a worker process and that ends
     * @throws PictureCheckException when the application's check of the pictures fails
     * @throws IllegalStateException when closed, or when called by a listener of this model
     */
    public List<GeneratedImage> generate(ImageRequest request, ProgressListener listener) {
        return generate(request, listener, Previews.NONE);
    }

    /**
     * Makes pictures, reports progress and shows them meanwhile.
     *
     * @param request what to make
     * @param listener hears how far the work is
     * @param previews how to show what is being made, and to whom
     * @return as many pictures as the request's batch count, in the order of their seeds; the same as without previews
     * @throws InvalidRequestException when the model cannot do what is asked for, such as previews by a TAESD without one, or any
     *     beside a picture check
     * @throws CancelledException when the thread is interrupted or the request's timeout passes
     * @throws InsufficientMemoryException when it needs more memory than there is
     * @throws GenerationException when the native runtime fails, or computes NaN in place of a picture
     * @throws WorkerException when the model runs in a worker process and that ends
     * @throws PictureCheckException when the application's check of the pictures fails
     * @throws IllegalStateException when closed, or when called by a listener of this model
     */
    public List<GeneratedImage> generate(ImageRequest request, ProgressListener listener, Previews previews) {
        gate.admit(previews);
        // asked for once: the model may be closed by the time the pictures are there
        ModelProperties model = session.properties();
        ImageRequest decided = request.withSettings(decide(request, model));
        return images(decided, model, session.generate(decided, listener, previews));
    }

    /**
     * Makes a video.
     *
     * @param request what to make
     * @return the video
     * @throws InvalidRequestException when the model cannot do what is asked for, such as any video
     * @throws CheckpointException when a LoRA's file is missing, damaged, or does not fit the model
     * @throws CancelledException when the thread is interrupted or the request's timeout passes
     * @throws InsufficientMemoryException when it needs more memory than there is
     * @throws GenerationException when the native runtime fails, or computes NaN in place of a picture
     * @throws WorkerException when the model runs in a worker process and that ends
     * @throws PictureCheckException when the application's check of the pictures fails
     * @throws IllegalStateException when closed
     */
    public Video generate(VideoRequest request) {
        return generate(request, ProgressListener.NONE, Previews.NONE);
    }

    /**
     * Makes a video, reports progress and shows it meanwhile.
     *
     * @param request what to make
     * @param listener hears how far the work is
     * @param previews how to show what is being made, and to whom: the first frame of it
     * @return the video; the same as without previews
     * @throws InvalidRequestException when the model cannot do what is asked for, such as any video
     * @throws CheckpointException when a LoRA's file is missing, damaged, or does not fit the model
     * @throws CancelledException when the thread is interrupted or the request's timeout passes
     * @throws InsufficientMemoryException when it needs more memory than there is
     * @throws GenerationException when the native runtime fails, or computes NaN in place of a picture
     * @throws WorkerException when the model runs in a worker process and that ends
     * @throws PictureCheckException when the application's check of the pictures fails
     * @throws IllegalStateException when closed, or when called by a listener of this model
     */
    public Video generate(VideoRequest request, ProgressListener listener, Previews previews) {
        gate.admit(previews);
        ModelProperties model = session.properties();
        VideoRequest decided = request.withSettings(decide(request, model));
        return video(decided, model, session.generate(decided, listener, previews));
    }

    /**
     * Queues a request and returns at once.
     *
     * @param request what to make
     * @return the pictures to be, as {@link #generate(ImageRequest)} returns them. {@code cancel} stops the work, in its queue
     *     or in the middle; a timeout or failure completes it with the exception that {@code generate} throws. It is
     *     completed by a thread of {@link java.util.concurrent.ForkJoinPool#commonPool()}
     * @throws QueueFullException when {@link LoadOptions#queueCapacity()} submitted requests wait or run already
     * @throws InvalidRequestException when the model cannot do what is asked for
     * @throws IllegalStateException when closed
     */
    public CompletableFuture<List<GeneratedImage>> submit(ImageRequest request) {
        return submit(request, ProgressListener.NONE);
    }

    /**
     * Queues a request, reports progress and returns at once.
     *
     * @param request what to make
     * @param listener hears how far the work is
     * @return the pictures to be; see {@link #submit(ImageRequest)}
     * @throws QueueFullException when {@link LoadOptions#queueCapacity()} submitted requests wait or run already
     * @throws InvalidRequestException when the model cannot do what is asked for
     * @throws IllegalStateException when closed, or when called by a listener of this model
     */
    public CompletableFuture<List<GeneratedImage>> submit(ImageRequest request, ProgressListener listener) {
        return submit(request, listener, Previews.NONE);
    }

    /**
     * Queues a request, reports progress, shows the pictures while they are made and returns at once.
     *
     * @param request what to make
     * @param listener hears how far the work is
     * @param previews how to show what is being made, and to whom
     * @return the pictures to be; see {@link #submit(ImageRequest)}
     * @throws QueueFullException when {@link LoadOptions#queueCapacity()} submitted requests wait or run already
     * @throws InvalidRequestException when the model cannot do what is asked for, such as previews by a TAESD without one, or any
     *     beside a picture check
     * @throws IllegalStateException when closed, or when called by a listener of this model
     */
    public CompletableFuture<List<GeneratedImage>> submit(
            ImageRequest request, ProgressListener listener, Previews previews) {
        gate.admit(previews);
        ModelProperties model = session.properties();
        ImageRequest decided = request.withSettings(decide(request, model));
        return session.submit(decided, listener, previews, pictures -> images(decided, model, pictures));
    }

    /**
     * Queues a request for a video, reports progress, shows it while it is made and returns at once.
     *
     * @param request what to make
     * @param listener hears how far the work is
     * @param previews how to show what is being made, and to whom
     * @return the video to be; see {@link #submit(ImageRequest)}
     * @throws QueueFullException when {@link LoadOptions#queueCapacity()} submitted requests wait or run already
     * @throws InvalidRequestException when the model cannot do what is asked for, such as any video
     * @throws IllegalStateException when closed, or when called by a listener of this model
     */
    public CompletableFuture<Video> submit(VideoRequest request, ProgressListener listener, Previews previews) {
        gate.admit(previews);
        ModelProperties model = session.properties();
        VideoRequest decided = request.withSettings(decide(request, model));
        return session.submit(decided, listener, previews, pictures -> video(decided, model, pictures));
    }

    private List<GeneratedImage> images(ImageRequest decided, ModelProperties model, Pictures pictures) {
        long seed = decided.settings().seed().orElseThrow();
        UnaryOperator<BufferedImage> keepOutside = Inpainting.keepOutside(decided);
        Map<String, String> load = InfotextLoad.of(options);
        List<GeneratedImage> images = new ArrayList<>();
        for (BufferedImage made : pictures.images()) {
            BufferedImage picture = keepOutside.apply(made);
            ImageRequest own = decided.withSettings(decided.settings().ofImage(seed + images.size()));
            Verdict verdict = gate.judge(picture);
            images.add(new GeneratedImage(verdict.picture(), own, model.name(), load, pictures.timings(),
                    PictureGate.notes(pictures.notes(), List.of(picture), List.of(verdict)), verdict.nsfwContentDetected()));
        }
        return List.copyOf(images);
    }

    private Video video(VideoRequest decided, ModelProperties model, Pictures pictures) {
        List<Verdict> verdicts = pictures.images().stream().map(gate::judge).toList();
        return new Video(verdicts.stream().map(Verdict::picture).toList(), decided, model.name(), pictures.timings(),
                PictureGate.notes(pictures.notes(), pictures.images(), verdicts),
                verdicts.stream().anyMatch(Verdict::nsfwContentDetected));
    }

    static long randomSeed() {
        return ThreadLocalRandom.current().nextLong(RANDOM_SEEDS);
    }

    /** Refuses what this model cannot do, without doing anything else. */
    void check(GenerationRequest request) {
        decide(request, session.properties());
    }

    /** Settles what the request left open, so that the result can say what was used. */
    private GenerationSettings decide(GenerationRequest request, ModelProperties model) {
        boolean asksForVideo = request instanceof VideoRequest;
        Check.that(asksForVideo == model.makesVideos(), asksForVideo
                ? "%s is %s, which makes pictures, no videos: ask it for pictures, or load a video model such as Wan"
                        .formatted(model.name(), model.family())
                : "%s is %s, which makes videos, no single pictures: ask it for a video (VideoRequest, vid_gen); one frame is a picture"
                        .formatted(model.name(), model.family()));
        GenerationSettings settings = request.settings();
        Sampler sampler = settings.sampler().orElseGet(() -> Sampler.of(model.defaultSampler()));
        Scheduler scheduler = settings.scheduler()
                .orElseGet(() -> Scheduler.of(model.defaultSchedulers().get(sampler.nativeValue())));
        GenerationSettings.checkSteps(scheduler, settings.steps());
        // The runtime has noise levels for these families only and reads past its table for others.
        Check.that(
                scheduler != Scheduler.AYS || model.family().matches("SD 1\\.x.*|Instruct-Pix2Pix|SDXL.*|SVD"),
                "the ays scheduler has no noise levels for %s: choose another, such as karras".formatted(model.family()));
        options.checkGuides(settings);
        long seed = settings.seed().orElseGet(StableDiffusion::randomSeed);
        return settings.resolved(seed, sampler, scheduler);
    }

    /**
     * Frees the model. Waits for the calls that came before; does nothing the second time.
     *
     * @throws IllegalStateException when called by a listener of this model
     */
    @Override
    public void close() {
        session.close();
    }
}
