package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.InsufficientMemoryException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.internal.bindings.sd_img_gen_params_t;
import io.github.sdcpp4j.internal.bindings.sd_tiling_params_t;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_memory;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** What {@link MemoryCheck} is for whole requests, for a part alone. */
final class PartsMemory {

    private final MemorySegment context;
    private final int sizeMultiple;
    private final OptionalLong limit;
    private final Map<Shape, Need> known = new HashMap<>();

    /** A part that computes. */
    enum Part {
        ENCODER("encoding a picture"), DECODER("decoding a picture"), DIFFUSION("the diffusion model at a picture");

        private final String words;

        Part(String words) {
            this.words = words;
        }
    }

    private record Shape(Part part, int width, int height, boolean tiled) {}

    private record Need(long bytes, long deviceFree) {}

    PartsMemory(MemorySegment context, int sizeMultiple, LoadOptions options) {
        this.context = context;
        this.sizeMultiple = sizeMultiple;
        this.limit = options.memoryLimit();
    }

    /**
     * Decides whether a part of the VAE has to work in tiles.
     *
     * @throws InsufficientMemoryException when tiles do not do it either
     */
    boolean tiles(Part part, int width, int height) {
        Need whole = need(new Shape(part, width, height, false));
        if (whole.bytes <= available(whole)) {
            return false;
        }
        check(new Shape(part, width, height, true));
        return true;
    }

    /**
     * Checks that there is enough for the diffusion model.
     *
     * @throws InsufficientMemoryException when there is not
     */
    void checkDiffusion(int width, int height) {
        check(new Shape(Part.DIFFUSION, width, height, false));
    }

    private void check(Shape shape) {
        Need need = need(shape);
        long available = available(need);
        if (need.bytes > available) {
            throw new InsufficientMemoryException(
                    "%s of %dx%d needs %d MB beside the weights, and %d MB are %s: take a smaller one"
                            .formatted(shape.part.words, shape.width, shape.height, HostMemory.megabytes(need.bytes), HostMemory.megabytes(available),
                                    limit.isPresent() ? "allowed" : "free"),
                    need.bytes, available);
        }
    }

    private long available(Need need) {
        return HostMemory.available(limit, need.deviceFree);
    }

    private Need need(Shape shape) {
        Need before = known.get(shape);
        if (before != null && before.deviceFree < 0) {
            return before;
        }
        Need measured = measure(shape);
        known.put(shape, measured);
        return measured;
    }

    private Need measure(Shape shape) {
        try (NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            MemorySegment params = sd_img_gen_params_t.allocate(call.arena());
            sdcpp4j_h.sd_img_gen_params_init(params);
            sd_img_gen_params_t.width(params, Marshal.roundUp(shape.width, sizeMultiple));
            sd_img_gen_params_t.height(params, Marshal.roundUp(shape.height, sizeMultiple));
            sd_tiling_params_t.enabled(sd_img_gen_params_t.vae_tiling_params(params), shape.tiled);
            if (shape.part == Part.ENCODER) { // any picture says that one is encoded
                Marshal.putImage(sd_img_gen_params_t.init_image(params), new byte[3], 1, 1, call.arena());
            }
            MemorySegment out = sdcpp4j_memory.allocate(call.arena());
            if (sdcpp4j_h.sdcpp4j_estimate_memory(call.segment(), context, params, out) != sdcpp4j_h.SDCPP4J_OK()) {
                return new Need(0, -1); // what is wrong, the part itself will say
            }
            long graph = switch (shape.part) {
                case ENCODER -> sdcpp4j_memory.encode_image(out);
                case DECODER -> sdcpp4j_memory.decode(out);
                case DIFFUSION -> sdcpp4j_memory.sample(out);
            };
            long pictures = shape.part == Part.DIFFUSION ? 0 : MemoryCheck.BYTES_PER_PIXEL * shape.width * shape.height;
            return new Need(graph == 0 ? 0 : graph + pictures, sdcpp4j_memory.device_free(out));
        }
    }
}
