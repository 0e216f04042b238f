package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.GenerationException;
import io.github.sdcpp4j.GenerationRequest;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.MemoryEstimate;
import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.Previews;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.PromptTokens;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.VaeTiling;
import io.github.sdcpp4j.internal.bindings.sd_image_t;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.checkpoint.FileNames;
import io.github.sdcpp4j.internal.checkpoint.Preflight;
import io.github.sdcpp4j.internal.images.RgbImages;
import java.awt.image.BufferedImage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** One native context in this process: its handle, and the way from a request to pixels. Used by one thread at a time. */
public final class Context implements Engine {

    /** What its thread needs: upstream's prompt parser recurses. */
    public static final long STACK_BYTES = 64L << 20;

    private static final Set<ModelFile> HOLD_TEXT_ENCODERS =
            EnumSet.of(ModelFile.MODEL, ModelFile.CLIP_L, ModelFile.CLIP_G, ModelFile.T5XXL, ModelFile.LLM);

    private final NativeHandle handle;
    private final ModelProperties properties;
    private final MemoryCheck memory;
    private final PromptResolver prompts;
    private final boolean readsPrompts;
    private final Parts parts;

    private Context(NativeHandle handle, ModelProperties properties, LoadOptions options) {
        this.handle = handle;
        this.properties = properties;
        this.memory = new MemoryCheck(handle.segment(), properties.sizeMultiple(), options);
        this.prompts = new PromptResolver(handle.segment(), properties.family(), options.additions());
        this.readsPrompts = options.files().keySet().stream().anyMatch(HOLD_TEXT_ENCODERS::contains);
        this.parts = new Parts(handle, prompts, properties.sizeMultiple(), options);
    }

    /**
     * Loads a model whose files were checked.
     *
     * @param options the files and how to run them
     * @param token stops the loading
     * @return the context
     */
    public static Context load(LoadOptions options, CancelToken token) {
        Path main = options.mainFile();
        List<DeviceList.Known> devices = DeviceList.known();
        BackendNames.check(options.backend(), devices);
        BackendNames.checkParams(options.paramsBackend(), devices);
        NativeHandle handle = NativeHandle.load(options.progress(), token,
                (call, out) -> sdcpp4j_h.sdcpp4j_load(call.segment(), Marshal.contextParams(options, call.arena()), out),
                sdcpp4j_h::sdcpp4j_free_context,
                text -> new CheckpointException("%s cannot be loaded: %s%s".formatted(
                        main, text, text.contains("backend") ? "" : ". `info` tells what a file holds")));
        try {
            return new Context(handle, describe(handle.segment(), main), options);
        } catch (Throwable t) {
            handle.close();
            throw t;
        }
    }

    private static ModelProperties describe(MemorySegment handle, Path main) {
        List<Integer> schedulers = new ArrayList<>();
        for (int sampler = 0; sampler < sdcpp4j_h.SAMPLE_METHOD_COUNT(); sampler++) {
            schedulers.add(sdcpp4j_h.sd_get_default_scheduler(handle, sampler));
        }
        return new ModelProperties(
                FileNames.stem(main),
                sdcpp4j_h.sdcpp4j_context_family(handle).getString(0),
                sdcpp4j_h.sdcpp4j_size_multiple(handle),
                sdcpp4j_h.sd_ctx_supports_video_generation(handle),
                sdcpp4j_h.sd_get_default_sample_method(handle),
                schedulers);
    }

    @Override
    public ModelProperties properties() {
        return properties;
    }

    /** Whether an earlier failure left this context in a state in which it makes no more pictures. */
    public boolean isBroken() {
        return handle.isBroken();
    }

    @Override
    public Pictures generate(GenerationRequest request, ProgressListener listener, Previews previews, CancelToken token) {
        List<BufferedImage> images = new ArrayList<>();
        Resolution size = request.settings().pictureSize();
        Outcome outcome = generate(request, listener, previews, token, index -> {
            BufferedImage image = RgbImages.create(size.width(), size.height());
            images.add(image);
            return MemorySegment.ofArray(RgbImages.bytes(image));
        });
        return new Pictures(images, outcome.timings(), outcome.notes());
    }

    /**
     * Makes pictures into memory of the caller's.
     *
     * @param asked what to make; its seed, sampler and scheduler are decided
     * @param listener hears how far the work is
     * @param previews what to show of it meanwhile
     * @param token stops it
     * @param places where the picture of an index goes: width * height * 3 bytes of the
     *     settings' picture size; asked in order, once the pictures are there
     * @return what is to be said of them
     */
    public Outcome generate(
            GenerationRequest asked, ProgressListener listener, Previews previews, CancelToken token,
            IntFunction<MemorySegment> places) {
        handle.throwIfBroken();
        List<String> notes = new ArrayList<>();
        if (!readsPrompts) {
            notes.add("the model was loaded without a text encoder: the prompt has no effect");
        }
        GenerationRequest request = prompts.resolve(asked, notes);
        if (request.settings().photoMaker().isPresent()) {
            PhotoMakerRequest.check(request, properties.family(), text -> Tokenizing.of(handle.segment(), text));
        }
        parts.rest();
        try (PreviewDelivery delivery = new PreviewDelivery(previews, token);
                NativeCall call = new NativeCall(listener, frames(request, delivery), token)) {
            NativeRequest marshalled = NativeRequest.of(request, properties.sizeMultiple(), call.arena());
            boolean tiled = memory.tile(request, previews, marshalled);
            MemorySegment out = call.arena().allocate(sdcpp4j_h.C_POINTER);
            MemorySegment made = call.arena().allocate(sdcpp4j_h.C_INT);
            int status = marshalled.generate(call.segment(), handle.segment(), out, made);
            int count = made.get(sdcpp4j_h.C_INT, 0);
            MemorySegment images = out.get(sdcpp4j_h.C_POINTER, 0).reinterpret(
                    count * sd_image_t.sizeof(), call.arena(), given -> sdcpp4j_h.sdcpp4j_free_images(given, count));
            handle.remember(status, call);
            if (status == sdcpp4j_h.SDCPP4J_OK()) {
                delivery.finish();
            }
            call.check(status, text -> failure(status, text));
            if (tiled && request.settings().vaeTiling() == VaeTiling.AUTO) {
                notes.add("decoded in tiles: the whole picture at once would not have fitted into memory");
            }
            if (count < request.pictureCount()) {
                notes.add("%d frames in place of %d: this model's videos have 4n+1 or 8n+1".formatted(count, request.pictureCount()));
            }
            copy(request, images, count, places, notes);
            return new Outcome(count, call.timings(), notes);
        }
    }

    /**
     * Measures what a request takes, on a thread of its own.
     *
     * @param options the files; loaded for this alone
     * @param request what would be made; its seed, sampler and scheduler are decided
     * @return the memory
     */
    public static MemoryEstimate estimateMemory(LoadOptions options, GenerationRequest request) {
        WorkQueue queue = new WorkQueue("sdcpp4j estimate of " + options.mainFile().getFileName());
        MemoryEstimate estimate = queue.open(token -> {
            Context context = load(Preflight.of(options).options(), token);
            try (Arena arena = Arena.ofConfined()) {
                return context.memory.estimate(request, NativeRequest.of(request, context.properties.sizeMultiple(), arena));
            } finally {
                context.close();
            }
        });
        queue.close(() -> {});
        return estimate;
    }

    @Override
    public PromptTokens tokens(String prompt) {
        return Tokenizing.of(handle.segment(), prompts.forRuntime(RequestedLoras.plain(prompt)));
    }

    @Override
    public Parts parts() {
        return parts;
    }

    private Optional<PreviewFrames> frames(GenerationRequest request, PreviewDelivery delivery) {
        return Optional.of(delivery).filter(PreviewDelivery::isWanted)
                .map(wanted -> new PreviewFrames(request, properties.sizeMultiple(), wanted));
    }

    private static GenerationException failure(int status, String text) {
        if (status == sdcpp4j_h.SDCPP4J_NOT_A_NUMBER()) {
            String remedy = text.contains("VAE")
                    ? "another VAE (--vae), for SDXL one made for f16 or vaeConvScale (--force-sdxl-vae-conv-scale), or f32 weights (--type f32)"
                    : "f32 weights (--type f32), no flash attention, or the right prediction (--prediction v)";
            return new GenerationException(
                    "%s, which would be a black or white picture. What usually helps: %s. If nothing does, the weights are damaged"
                            .formatted(text, remedy));
        }
        return new GenerationException("the picture could not be made: " + text);
    }

    private void copy(
            GenerationRequest request, MemorySegment images, int count, IntFunction<MemorySegment> places, List<String> notes) {
        int width = request.settings().pictureSize().width();
        int height = request.settings().pictureSize().height();
        boolean black = false;
        for (int i = 0; i < count; i++) {
            MemorySegment image = sd_image_t.asSlice(images, i);
            int nativeWidth = sd_image_t.width(image);
            int nativeHeight = sd_image_t.height(image);
            MemorySegment rgb = sd_image_t.data(image).reinterpret((long) nativeWidth * nativeHeight * 3);
            MemorySegment place = places.apply(i);
            RgbImages.copy(rgb, nativeWidth, nativeHeight, place, width, height);
            black |= RgbImages.isBlack(place);
            if (i == 0 && (nativeWidth != width || nativeHeight != height)) {
                notes.add("made at %dx%d and cropped evenly to %dx%d: this model works in multiples of %d pixels"
                        .formatted(nativeWidth, nativeHeight, width, height, properties.sizeMultiple()));
            }
        }
        if (black) {
            notes.add("a picture is entirely black: unless the prompt asks for it, the VAE or the prediction type may not fit the checkpoint");
        }
    }

    @Override
    public void close() {
        handle.close();
    }
}
