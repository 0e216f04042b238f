package io.github.sdcpp4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.CancelledException.Reason;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.internal.bindings.sd_ctx_params_t;
import io.github.sdcpp4j.internal.bindings.sd_image_t;
import io.github.sdcpp4j.internal.bindings.sd_img_gen_params_t;
import io.github.sdcpp4j.internal.bindings.sd_lora_t;
import io.github.sdcpp4j.internal.bindings.sd_sample_params_t;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * LoRAs that come and go, in the runtime's two ways of applying them. Upstream frees a VAE's weights when LoRAs change and
 * goes on using them; the guard layer ends the VAE's use after each call.
 */
@Timeout(120)
class LoraTest {

    private static final List<Path> NONE = List.of();

    private static MemorySegment load(int applyMode, Arena arena) {
        NativeLibrary.ensureLoaded();
        try (NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            MemorySegment params = Marshal.contextParams(
                    LoadOptions.builder().model(Models.smallSd1()).threads(2).build(), call.arena());
            sd_ctx_params_t.lora_apply_mode(params, applyMode);
            MemorySegment out = call.arena().allocate(sdcpp4j_h.C_POINTER);
            assertThat(sdcpp4j_h.sdcpp4j_load(call.segment(), params, out)).as(call.errorText()).isZero();
            return out.get(sdcpp4j_h.C_POINTER, 0).reinterpret(0, arena, sdcpp4j_h::sdcpp4j_free_context);
        }
    }

    private record Result(int status, String error, byte[] pixels) {}

    private static Result generate(MemorySegment context, List<Path> loras, ProgressListener listener, CancelToken token) {
        try (NativeCall call = new NativeCall(listener, token)) {
            Arena arena = call.arena();
            MemorySegment params = sd_img_gen_params_t.allocate(arena);
            sdcpp4j_h.sd_img_gen_params_init(params);
            sd_img_gen_params_t.prompt(params, arena.allocateFrom("a lovely cat"));
            sd_img_gen_params_t.width(params, 64);
            sd_img_gen_params_t.height(params, 64);
            sd_img_gen_params_t.seed(params, 3);
            sd_sample_params_t.sample_steps(sd_img_gen_params_t.sample_params(params), 2);
            MemorySegment array = sd_lora_t.allocateArray(Math.max(1, loras.size()), arena);
            for (int i = 0; i < loras.size(); i++) {
                MemorySegment lora = sd_lora_t.asSlice(array, i);
                sd_lora_t.path(lora, arena.allocateFrom(loras.get(i).toString()));
                sd_lora_t.multiplier(lora, 1f);
            }
            sd_img_gen_params_t.loras(params, array);
            sd_img_gen_params_t.lora_count(params, loras.size());
            MemorySegment out = arena.allocate(sdcpp4j_h.C_POINTER);
            int status = sdcpp4j_h.sdcpp4j_generate_image(call.segment(), context, params, out);
            if (status != 0) {
                return new Result(status, call.errorText(), null);
            }
            MemorySegment images = out.get(sdcpp4j_h.C_POINTER, 0);
            byte[] pixels = sd_image_t.data(images.reinterpret(sd_image_t.sizeof())).reinterpret(64 * 64 * 3)
                    .toArray(ValueLayout.JAVA_BYTE);
            sdcpp4j_h.sdcpp4j_free_images(images, 1);
            return new Result(status, "", pixels);
        }
    }

    private static byte[] pixels(MemorySegment context, List<Path> loras) {
        Result result = generate(context, loras, ProgressListener.NONE, new CancelToken());
        assertThat(result.status).as(result.error).isZero();
        return result.pixels;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2}) // LORA_APPLY_IMMEDIATELY, LORA_APPLY_AT_RUNTIME
    void aLoraChangesThePictureAndIsGoneWithoutTrace(int applyMode) {
        Path lora = PartFiles.lora(Models.fixtures());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment context = load(applyMode, arena);
            byte[] without = pixels(context, NONE);
            byte[] with = pixels(context, List.of(lora));
            assertThat(Models.distance(with, without)).as("effect of the LoRA").isGreaterThan(5);
            assertThat(pixels(context, List.of(lora))).isEqualTo(with);
            assertThat(pixels(context, NONE)).isEqualTo(without);
            assertThat(pixels(context, List.of(lora))).isEqualTo(with);
            assertThat(pixels(context, NONE)).isEqualTo(without);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aStopWhileLorasAreAppliedLeavesNoneHalfApplied(int applyMode) {
        Path lora = PartFiles.lora(Models.fixtures());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment context = load(applyMode, arena);
            byte[] without = pixels(context, NONE);
            byte[] with = pixels(context, List.of(lora));
            assertThat(pixels(context, NONE)).isEqualTo(without);
            for (Phase phase : List.of(Phase.LOAD, Phase.ENCODE_TEXT, Phase.SAMPLE, Phase.DECODE)) {
                CancelToken token = new CancelToken();
                Result stopped = generate(context, List.of(lora), progress -> {
                    if (progress.phase() == phase) {
                        token.cancel(Reason.CANCELLED);
                    }
                }, token);
                assertThat(stopped.status).as("%s: %s", phase, stopped.error).isEqualTo(sdcpp4j_h.SDCPP4J_CANCELLED());
                assertThat(pixels(context, NONE)).as("without it, stopped at " + phase).isEqualTo(without);
                assertThat(pixels(context, List.of(lora))).as("with it, stopped at " + phase).isEqualTo(with);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aLoraOfAnotherFamilyIsAnErrorAndNotTheEnd(int applyMode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment context = load(applyMode, arena);
            byte[] without = pixels(context, NONE);
            Result result = generate(context, List.of(PartFiles.loraOfAnotherFamily(Models.fixtures())), ProgressListener.NONE,
                    new CancelToken());
            assertThat(result.status).as(result.error).isNotZero();
            assertThat(result.error).isNotBlank();
            assertThat(pixels(context, NONE)).isEqualTo(without);
        }
    }
}
