package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.GenerationRequest;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.VideoRequest;
import io.github.sdcpp4j.internal.bindings.sd_img_gen_params_t;
import io.github.sdcpp4j.internal.bindings.sd_vid_gen_params_t;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A marshalled request, and the native calls that take it. */
sealed interface NativeRequest {

    /**
     * Marshals a request.
     *
     * @param request what to make; its seed, sampler and scheduler are decided, and what its prompts name
     * @param sizeMultiple the runtime works on a canvas whose sides are multiples of this
     * @param arena owns everything that is allocated
     */
    static NativeRequest of(GenerationRequest request, int sizeMultiple, Arena arena) {
        return switch (request) {
            case ImageRequest image -> new Pictures(Marshal.imageParams(image, sizeMultiple, arena), image.settings().batchCount());
            case VideoRequest video -> new Frames(Marshal.videoParams(video, sizeMultiple, arena));
        };
    }

    /** Its {@code sd_tiling_params_t}. */
    MemorySegment tiling();

    /** Fills an {@code sdcpp4j_memory}; returns the status. */
    int estimate(MemorySegment call, MemorySegment context, MemorySegment memory);

    /** Fills a pointer to the pictures and their number; returns the status. */
    int generate(MemorySegment call, MemorySegment context, MemorySegment images, MemorySegment count);

    /** An {@code sd_img_gen_params_t}. */
    record Pictures(MemorySegment params, int batchCount) implements NativeRequest {

        @Override
        public MemorySegment tiling() {
            return sd_img_gen_params_t.vae_tiling_params(params);
        }

        @Override
        public int estimate(MemorySegment call, MemorySegment context, MemorySegment memory) {
            return sdcpp4j_h.sdcpp4j_estimate_memory(call, context, params, memory);
        }

        @Override
        public int generate(MemorySegment call, MemorySegment context, MemorySegment images, MemorySegment count) {
            count.set(sdcpp4j_h.C_INT, 0, batchCount);
            return sdcpp4j_h.sdcpp4j_generate_image(call, context, params, images);
        }
    }

    /** An {@code sd_vid_gen_params_t}. */
    record Frames(MemorySegment params) implements NativeRequest {

        @Override
        public MemorySegment tiling() {
            return sd_vid_gen_params_t.vae_tiling_params(params);
        }

        @Override
        public int estimate(MemorySegment call, MemorySegment context, MemorySegment memory) {
            return sdcpp4j_h.sdcpp4j_estimate_video_memory(call, context, params, memory);
        }

        @Override
        public int generate(MemorySegment call, MemorySegment context, MemorySegment images, MemorySegment count) {
            return sdcpp4j_h.sdcpp4j_generate_video(call, context, params, images, count);
        }
    }
}
