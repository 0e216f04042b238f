package io.github.sdcpp4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.internal.bindings.sd_image_t;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_noise_shapes;
import io.github.sdcpp4j.internal.library.NativeLibrary;
import io.github.sdcpp4j.support.Models;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Java would never hand to the parts, handed to native code directly: it is refused, and the process goes on. */
@Timeout(120)
class HostilePartsTest {

    private static final MemorySegment NULL = MemorySegment.NULL;

    private static Arena contextArena;
    private static MemorySegment context;

    private NativeCall call;
    private MemorySegment shapes;
    private MemorySegment floats;

    @FunctionalInterface
    private interface Attempt {
        int run(MemorySegment call);
    }

    @BeforeAll
    static void load() {
        NativeLibrary.ensureLoaded();
        contextArena = Arena.ofShared();
        try (NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            MemorySegment params = Marshal.contextParams(LoadOptions.builder().model(Models.smallSd1()).threads(2).build(), call.arena());
            MemorySegment out = call.arena().allocate(sdcpp4j_h.C_POINTER);
            assertThat(sdcpp4j_h.sdcpp4j_load(call.segment(), params, out)).as(call.errorText()).isZero();
            context = out.get(sdcpp4j_h.C_POINTER, 0).reinterpret(0, contextArena, sdcpp4j_h::sdcpp4j_free_context);
        }
    }

    @AfterAll
    static void free() {
        contextArena.close();
    }

    private void refused(String word, Attempt attempt) {
        try (NativeCall fresh = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            call = fresh;
            assertThat(attempt.run(call.segment())).as(call.errorText()).isEqualTo(sdcpp4j_h.SDCPP4J_INVALID_ARGUMENT());
            assertThat(call.errorText()).contains(word);
        }
    }

    private void shapes(Arena arena, long[] latents, long[] text) {
        shapes = sdcpp4j_noise_shapes.allocate(arena);
        sdcpp4j_noise_shapes.latents(shapes).copyFrom(MemorySegment.ofArray(latents));
        sdcpp4j_noise_shapes.text(shapes).copyFrom(MemorySegment.ofArray(text));
        floats = arena.allocate(ValueLayout.JAVA_FLOAT, 77 * 768);
    }

    private int predict(MemorySegment own, MemorySegment pooled, MemorySegment control, float timestep) {
        return sdcpp4j_h.sdcpp4j_predict_noise(own, context, shapes, floats, timestep, floats, pooled, NULL, control, 1f, floats);
    }

    @Test
    void pointersThatAreMissing() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment some = arena.allocate(4096);
            MemorySegment text = arena.allocateFrom("a cat");
            refused("NULL", own -> sdcpp4j_h.sdcpp4j_describe_parts(own, NULL, some));
            refused("NULL", own -> sdcpp4j_h.sdcpp4j_describe_parts(own, context, NULL));
            refused("NULL", own -> sdcpp4j_h.sdcpp4j_alphas_cumprod(own, context, NULL, 1000));
            refused("NULL", own -> sdcpp4j_h.sdcpp4j_text_tokens(own, context, NULL, some));
            refused("NULL", own -> sdcpp4j_h.sdcpp4j_encode_text(own, context, text, -1, 64, 64, 77, NULL, NULL));
            refused("NULL", own -> sdcpp4j_h.sdcpp4j_encode_image(own, context, NULL, 0, 0, 0, some));
            refused("NULL", own -> sdcpp4j_h.sdcpp4j_decode_latents(own, context, some, NULL, 0, some));
            refused("NULL", own -> sdcpp4j_h.sdcpp4j_preview_latents(own, context, NULL, some, some));
            refused("NULL", own -> sdcpp4j_h.sdcpp4j_predict_noise(own, context, NULL, some, 1, some, NULL, NULL, NULL, 0, some));
            refused("NULL", own -> sdcpp4j_h.sdcpp4j_rest(own, NULL));
            assertThat(sdcpp4j_h.sdcpp4j_rest(NULL, context)).isEqualTo(sdcpp4j_h.SDCPP4J_INVALID_ARGUMENT());
        }
    }

    @Test
    void numbersThatDoNotFit() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment some = arena.allocate(4L * 77 * 768);
            refused("count is 10", own -> sdcpp4j_h.sdcpp4j_alphas_cumprod(own, context, some, 10));
            refused("tokens are 154: this prompt has 77",
                    own -> sdcpp4j_h.sdcpp4j_encode_text(own, context, arena.allocateFrom("a cat"), -1, 64, 64, 154, some, NULL));
            refused("clip skip is 99", own -> sdcpp4j_h.sdcpp4j_encode_text(own, context, arena.allocateFrom("a"), 99, 64, 64, 77, some, NULL));
            MemorySegment image = sd_image_t.allocate(arena);
            refused("no pixels", own -> sdcpp4j_h.sdcpp4j_encode_image(own, context, image, 0, 0, 0, some));
            Marshal.putImage(image, new byte[64], 8, 8, arena);
            refused("has 1 channels", own -> sdcpp4j_h.sdcpp4j_encode_image(own, context, image, 0, 0, 0, some));
        }
    }

    @Test
    void shapesThatDoNotFit() {
        try (Arena arena = Arena.ofConfined()) {
            long[] text = {1, 77, 768};
            for (long[] latents : new long[][] {{0, 4, 8, 8}, {-1, 4, 8, 8}, {1, 4, -8, 8}, {1, 4, 0, 8}, {1, 4, Long.MAX_VALUE, 8},
                {1, Long.MIN_VALUE, 8, 8}}) {
                shapes(arena, latents, text);
                refused("the latents' shape is", own -> predict(own, NULL, NULL, 1));
            }
            for (long[] wrong : new long[][] {{0, 77, 768}, {1, 0, 768}, {1, -77, 768}, {1, 77, 0}, {1, 77L * 1001, 768}}) {
                shapes(arena, new long[] {1, 4, 8, 8}, wrong);
                refused("the text's shape is", own -> predict(own, NULL, NULL, 1));
            }
            shapes(arena, new long[] {1, 4, 8, 8}, text);
            refused("NULL", own -> predict(own, floats, NULL, 1));
            refused("the timestep is not a number", own -> predict(own, NULL, NULL, Float.NaN));
            refused("without a ControlNet", own -> predict(own, NULL, sd_image_t.allocate(arena), 1));
            try (NativeCall fresh = new NativeCall(ProgressListener.NONE, new CancelToken())) {
                assertThat(predict(fresh.segment(), NULL, NULL, 1)).as(fresh.errorText()).isZero();
            }
        }
    }
}
