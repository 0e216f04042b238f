package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.GenerationRequest;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.InsufficientMemoryException;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.MemoryEstimate;
import io.github.sdcpp4j.Previews;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.VaeTiling;
import io.github.sdcpp4j.VideoRequest;
import io.github.sdcpp4j.internal.bindings.sd_tiling_params_t;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_memory;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Compares what a request needs with what there is, before it runs. The need is not a formula: the runtime lays the request's
 * graphs out and says how large they are.
 */
final class MemoryCheck {

    /** Pictures on their way out, as floats and as bytes, and the CPU's work buffers: so much is added to the graphs. */
    static final long BYTES_PER_PIXEL = 64;

    private final MemorySegment context;
    private final int sizeMultiple;
    private final OptionalLong limit;
    private final boolean previewsAreCheap;
    private final Map<Shape, Need> known = new HashMap<>();

    private record Shape(int width, int height, int frames, boolean encodes, boolean previews, boolean tiled) {}

    /** What needs most. */
    private enum Part {
        SAMPLING("sampling"), SAMPLING_WITH_PREVIEWS("sampling and previews by the VAE"), VAE("the VAE");

        private final String words;

        Part(String words) {
            this.words = words;
        }
    }

    /** Bytes, and how many are free on the device that computes; -1 when that is the host. */
    private record Need(long bytes, Part largest, long deviceFree) {}

    MemoryCheck(MemorySegment context, int sizeMultiple, LoadOptions options) {
        this.context = context;
        this.sizeMultiple = sizeMultiple;
        this.limit = options.memoryLimit();
        this.previewsAreCheap = options.taesdForPreviewsOnly();
    }

    /**
     * Decides whether the VAE has to work in tiles.
     *
     * @param request what to make
     * @param previews what is to be shown meanwhile
     * @param params the request, marshalled; the decision is put in
     * @throws InsufficientMemoryException when the request does not fit
     */
    boolean tile(GenerationRequest request, Previews previews, NativeRequest params) {
        boolean tiled = mustTile(request, decodes(previews), params);
        sd_tiling_params_t.enabled(params.tiling(), tiled);
        return tiled;
    }

    /** Whether previews are decoded by the model's own VAE, while the memory for sampling is taken. */
    private boolean decodes(Previews previews) {
        return switch (previews.mode()) {
            case NONE, PROJECTION -> false;
            case TAESD, VAE -> !previewsAreCheap;
        };
    }

    private boolean mustTile(GenerationRequest request, boolean previews, NativeRequest params) {
        VaeTiling tiling = request.settings().vaeTiling();
        Need need = need(request, previews, params, tiling == VaeTiling.ON);
        long available = available(need);
        if (need.bytes <= available) {
            return tiling == VaeTiling.ON;
        }
        Need tiled = tiling == VaeTiling.ON ? need : need(request, previews, params, true);
        if (tiling == VaeTiling.AUTO && tiled.bytes <= available) {
            return true;
        }
        throw refusal(request, tiling == VaeTiling.OFF ? need : tiled, tiled, available);
    }

    private InsufficientMemoryException refusal(GenerationRequest request, Need need, Need tiled, long available) {
        String remedy = need.largest == Part.SAMPLING ? "flash attention (--diffusion-fa), which the library's own CPU backend always uses, needs less there"
                : need.largest == Part.SAMPLING_WITH_PREVIEWS ? "previews by projection (--preview proj) need next to nothing"
                : need == tiled ? "tiles alone do not do it"
                : "with VAE tiling (--vae-tiling) it would be %d MB".formatted(HostMemory.megabytes(tiled.bytes));
        return new InsufficientMemoryException(
                "%s needs %d MB beside the weights for %s, and %d MB are %s: %s; a smaller %s needs less, and quantised weights (--type q8_0) leave more"
                        .formatted(what(request), HostMemory.megabytes(need.bytes),
                                need.largest.words, HostMemory.megabytes(available),
                                limit.isPresent() ? "allowed" : "free", remedy,
                                request instanceof VideoRequest ? "or shorter video" : "picture"),
                need.bytes, available);
    }

    private long available(Need need) {
        return HostMemory.available(limit, need.deviceFree);
    }

    private Need need(GenerationRequest request, boolean previews, NativeRequest params, boolean tiled) {
        Shape shape = new Shape(
                Marshal.roundUp(request.settings().pictureSize().width(), sizeMultiple),
                Marshal.roundUp(request.settings().pictureSize().height(), sizeMultiple), frames(request), encodes(request),
                previews, tiled);
        Need before = known.get(shape);
        if (before != null && before.deviceFree < 0) {
            return before;
        }
        Need measured = measure(params, shape);
        known.put(shape, measured);
        return measured;
    }

    /** Pictures that are there at the same time. */
    private static int frames(GenerationRequest request) {
        return request instanceof VideoRequest video ? video.frames() : 1;
    }

    /** Whether pictures are brought into latents. */
    private static boolean encodes(GenerationRequest request) {
        return switch (request) {
            case ImageToImage image -> true;
            case TextToImage text -> text.settings().control().isPresent() || !text.settings().referenceImages().isEmpty();
            case VideoRequest video ->
                    video.firstFrame().isPresent() || video.lastFrame().isPresent() || !video.controlFrames().isEmpty();
        };
    }

    private static String what(GenerationRequest request) {
        Resolution size = request.settings().pictureSize();
        return request instanceof VideoRequest video ? "a video of %d frames of %s".formatted(video.frames(), size) : "a picture of " + size;
    }

    /**
     * Measures a request for its own sake.
     *
     * @throws InvalidRequestException when the model cannot do what is asked for
     */
    MemoryEstimate estimate(GenerationRequest request, NativeRequest params) {
        long pictures = BYTES_PER_PIXEL * frames(request) * Marshal.roundUp(request.settings().pictureSize().width(), sizeMultiple)
                * Marshal.roundUp(request.settings().pictureSize().height(), sizeMultiple);
        try (NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            MemorySegment whole = estimate(params, false, call);
            MemorySegment tiled = estimate(params, true, call);
            long sampling = sdcpp4j_memory.sample(whole);
            return new MemoryEstimate(sdcpp4j_memory.weights(whole),
                    sampling == 0 ? OptionalLong.empty() : OptionalLong.of(sampling), vae(whole) + pictures, vae(tiled) + pictures);
        }
    }

    private MemorySegment estimate(NativeRequest params, boolean tiled, NativeCall call) {
        sd_tiling_params_t.enabled(params.tiling(), tiled);
        MemorySegment out = sdcpp4j_memory.allocate(call.arena());
        int status = params.estimate(call.segment(), context, out);
        call.check(status, text -> new CheckpointException("the memory cannot be measured: " + text));
        return out;
    }

    private static long vae(MemorySegment memory) {
        return Math.max(sdcpp4j_memory.encode_image(memory), sdcpp4j_memory.decode(memory));
    }

    private Need measure(NativeRequest params, Shape shape) {
        try (NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            sd_tiling_params_t.enabled(params.tiling(), shape.tiled);
            MemorySegment out = sdcpp4j_memory.allocate(call.arena());
            int status = params.estimate(call.segment(), context, out);
            if (status != sdcpp4j_h.SDCPP4J_OK()) {
                return new Need(0, Part.VAE, -1); // what is wrong with the model, the picture itself will say
            }
            long vae = vae(out);
            // previews are decoded while what sampling needs is taken
            long sampling = sdcpp4j_memory.sample(out) + (shape.previews ? sdcpp4j_memory.decode(out) : 0);
            long graphs = Math.max(vae, sampling);
            long pictures = BYTES_PER_PIXEL * shape.width * shape.height * shape.frames;
            Part largest = graphs == vae ? Part.VAE : shape.previews ? Part.SAMPLING_WITH_PREVIEWS : Part.SAMPLING;
            return new Need(graphs == 0 ? 0 : graphs + pictures, largest, sdcpp4j_memory.device_free(out));
        }
    }
}
