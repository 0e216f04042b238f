package io.github.sdcpp4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.internal.bindings.sd_guidance_params_t;
import io.github.sdcpp4j.internal.bindings.sd_hires_params_t;
import io.github.sdcpp4j.internal.bindings.sd_image_t;
import io.github.sdcpp4j.internal.bindings.sd_img_gen_params_t;
import io.github.sdcpp4j.internal.bindings.sd_lora_t;
import io.github.sdcpp4j.internal.bindings.sd_sample_params_t;
import io.github.sdcpp4j.internal.bindings.sd_tiling_params_t;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.library.NativeLibrary;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that Java's own checks would never let through, given to native code directly: it must refuse them, or do its
 * work, and make the right picture afterwards. Whatever ends the process ends this test run.
 */
@Timeout(120)
class HostileRequestTest {

    private static MemorySegment context;
    private static Arena contextArena;
    private static byte[] expected;

    private interface Change {
        void apply(MemorySegment params, Arena arena);
    }

    private record Hostile(String what, List<Integer> statuses, Change change) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static final List<Integer> REFUSED = List.of(1);
    private static final List<Integer> FAILS = List.of(2, 3, 4);
    private static final List<Integer> WORKS = List.of(0);
    private static final List<Integer> ANY = List.of(0, 1, 2, 3, 4, 7);

    @BeforeAll
    static void load() {
        NativeLibrary.ensureLoaded();
        contextArena = Arena.ofShared();
        context = load(Models.smallSd1(), contextArena);
        expected = good();
    }

    private static MemorySegment load(Path model, Arena arena) {
        try (NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            MemorySegment params = Marshal.contextParams(
                    LoadOptions.builder().model(model).threads(2).build(), call.arena());
            MemorySegment out = call.arena().allocate(sdcpp4j_h.C_POINTER);
            assertThat(sdcpp4j_h.sdcpp4j_load(call.segment(), params, out)).as(call.errorText()).isZero();
            return out.get(sdcpp4j_h.C_POINTER, 0).reinterpret(0, arena, sdcpp4j_h::sdcpp4j_free_context);
        }
    }

    @AfterAll
    static void free() {
        contextArena.close();
    }

    private static Hostile of(String what, List<Integer> statuses, Change change) {
        return new Hostile(what, statuses, change);
    }

    private static Hostile sampling(String what, List<Integer> statuses, Change change) {
        return of(what, statuses, (params, arena) -> change.apply(sd_img_gen_params_t.sample_params(params), arena));
    }

    private static MemorySegment image(MemorySegment at, Arena arena, int width, int height, int channels) {
        sd_image_t.width(at, width);
        sd_image_t.height(at, height);
        sd_image_t.channel(at, channels);
        sd_image_t.data(at, arena.allocate(Math.max(1L, (long) Math.max(width, 1) * Math.max(height, 1) * Math.max(channels, 1)), 16));
        return at;
    }

    static Stream<Hostile> sizesAndCounts() {
        List<Hostile> all = new ArrayList<>();
        for (int side : new int[] {0, -1, -64, Integer.MIN_VALUE, Integer.MAX_VALUE, 16385}) {
            all.add(of("width " + side, REFUSED, (p, a) -> sd_img_gen_params_t.width(p, side)));
            all.add(of("height " + side, REFUSED, (p, a) -> sd_img_gen_params_t.height(p, side)));
        }
        for (int side : new int[] {1, 63, 65}) {
            all.add(of("width " + side, WORKS, (p, a) -> sd_img_gen_params_t.width(p, side)));
        }
        for (int count : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            all.add(of("batch " + count, REFUSED, (p, a) -> sd_img_gen_params_t.batch_count(p, count)));
            all.add(sampling("steps " + count, REFUSED, (s, a) -> sd_sample_params_t.sample_steps(s, count)));
        }
        for (int skip : new int[] {13, 1000, Integer.MIN_VALUE}) {
            all.add(of("clip skip " + skip, REFUSED, (p, a) -> sd_img_gen_params_t.clip_skip(p, skip)));
        }
        all.add(of("clip skip 12", WORKS, (p, a) -> sd_img_gen_params_t.clip_skip(p, 12)));
        for (float strength : new float[] {-0.1f, 1.1f, Float.NaN, Float.POSITIVE_INFINITY}) {
            all.add(of("strength " + strength, REFUSED, (p, a) -> sd_img_gen_params_t.strength(p, strength)));
        }
        all.add(of("negative seed", WORKS, (p, a) -> sd_img_gen_params_t.seed(p, -5)));
        all.add(of("largest seed", WORKS, (p, a) -> sd_img_gen_params_t.seed(p, Long.MAX_VALUE)));
        return all.stream();
    }

    static Stream<Hostile> samplers() {
        List<Hostile> all = new ArrayList<>();
        for (int value : new int[] {-1, 99, Integer.MAX_VALUE}) {
            all.add(sampling("sampler " + value, REFUSED, (s, a) -> sd_sample_params_t.sample_method(s, value)));
            all.add(sampling("scheduler " + value, REFUSED, (s, a) -> sd_sample_params_t.scheduler(s, value)));
        }
        for (int scheduler : new int[] {sdcpp4j_h.KARRAS_SCHEDULER(), sdcpp4j_h.EXPONENTIAL_SCHEDULER(), sdcpp4j_h.GITS_SCHEDULER()}) {
            all.add(sampling("one step of scheduler " + scheduler, REFUSED, (s, a) -> sd_sample_params_t.scheduler(s, scheduler)));
        }
        all.add(sampling("guidance NaN", REFUSED,
                (s, a) -> sd_guidance_params_t.txt_cfg(sd_sample_params_t.guidance(s), Float.NaN)));
        all.add(sampling("guidance infinite", REFUSED,
                (s, a) -> sd_guidance_params_t.txt_cfg(sd_sample_params_t.guidance(s), Float.NEGATIVE_INFINITY)));
        all.add(sampling("guidance huge", ANY,
                (s, a) -> sd_guidance_params_t.txt_cfg(sd_sample_params_t.guidance(s), 1e38f)));
        all.add(sampling("eta NaN", REFUSED, (s, a) -> sd_sample_params_t.eta(s, Float.NaN)));
        all.add(sampling("one custom sigma", REFUSED, (s, a) -> {
            sd_sample_params_t.custom_sigmas(s, a.allocateFrom(ValueLayout.JAVA_FLOAT, 1f));
            sd_sample_params_t.custom_sigmas_count(s, 1);
        }));
        all.add(sampling("custom sigmas without an array", REFUSED, (s, a) -> sd_sample_params_t.custom_sigmas_count(s, 4)));
        all.add(sampling("a negative count of custom sigmas", REFUSED, (s, a) -> sd_sample_params_t.custom_sigmas_count(s, -4)));
        all.add(sampling("custom sigmas NaN", REFUSED, (s, a) -> {
            sd_sample_params_t.custom_sigmas(s, a.allocateFrom(ValueLayout.JAVA_FLOAT, 14f, Float.NaN, 0f));
            sd_sample_params_t.custom_sigmas_count(s, 3);
        }));
        all.add(sampling("custom sigmas", WORKS, (s, a) -> {
            sd_sample_params_t.custom_sigmas(s, a.allocateFrom(ValueLayout.JAVA_FLOAT, 14f, 3f, 0f));
            sd_sample_params_t.custom_sigmas_count(s, 3);
        }));
        return all.stream();
    }

    static Stream<Hostile> pictures() {
        List<Hostile> all = new ArrayList<>();
        for (int channels : new int[] {0, 1, 2, 4, -1}) {
            all.add(of("an initial image of " + channels + " channels", REFUSED,
                    (p, a) -> image(sd_img_gen_params_t.init_image(p), a, 64, 64, channels)));
        }
        all.add(of("an initial image of another size", WORKS,
                (p, a) -> image(sd_img_gen_params_t.init_image(p), a, 17, 33, 3)));
        all.add(of("an initial image of no width", REFUSED,
                (p, a) -> image(sd_img_gen_params_t.init_image(p), a, 0, 64, 3)));
        all.add(of("strength 0", WORKS, (p, a) -> {
            image(sd_img_gen_params_t.init_image(p), a, 64, 64, 3);
            sd_img_gen_params_t.strength(p, 0f);
        }));
        all.add(of("a mask of 3 channels", REFUSED, (p, a) -> {
            image(sd_img_gen_params_t.init_image(p), a, 64, 64, 3);
            image(sd_img_gen_params_t.mask_image(p), a, 64, 64, 3);
        }));
        all.add(of("a mask of another size", WORKS, (p, a) -> {
            image(sd_img_gen_params_t.init_image(p), a, 64, 64, 3);
            image(sd_img_gen_params_t.mask_image(p), a, 7, 200, 1);
        }));
        all.add(of("a control image without a ControlNet", WORKS,
                (p, a) -> image(sd_img_gen_params_t.control_image(p), a, 64, 64, 3)));
        all.add(of("a control image of 1 channel", REFUSED,
                (p, a) -> image(sd_img_gen_params_t.control_image(p), a, 64, 64, 1)));
        all.add(of("reference images without an array", REFUSED, (p, a) -> sd_img_gen_params_t.ref_images_count(p, 3)));
        all.add(of("a negative count of reference images", REFUSED, (p, a) -> sd_img_gen_params_t.ref_images_count(p, -3)));
        all.add(of("a reference image without pixels", REFUSED, (p, a) -> {
            sd_img_gen_params_t.ref_images(p, sd_image_t.allocate(a));
            sd_img_gen_params_t.ref_images_count(p, 1);
        }));
        all.add(of("tiles of nonsense sizes", ANY, (p, a) -> {
            MemorySegment tiling = sd_img_gen_params_t.vae_tiling_params(p);
            sd_tiling_params_t.enabled(tiling, true);
            sd_tiling_params_t.tile_size_x(tiling, -5);
            sd_tiling_params_t.target_overlap(tiling, 7f);
        }));
        return all.stream();
    }

    static Stream<Hostile> textsAndFiles() {
        List<Hostile> all = new ArrayList<>();
        for (String prompt : List.of("(a:.)", "(a:1e999)", "((((((((((", "))))))", "[[[a:]:b]", "(a:-)", "\\", "\\(", "BREAK", "BREAK BREAK",
                "<lora:missing:1>", "\u0001\u0002", "😀".repeat(50), "(" + "a".repeat(5000) + ":1.5)")) {
            all.add(of("prompt " + (prompt.length() > 20 ? prompt.substring(0, 20) + "..." : prompt), ANY,
                    (p, a) -> sd_img_gen_params_t.prompt(p, a.allocateFrom(prompt))));
        }
        all.add(of("a weight that is no number", FAILS, (p, a) -> sd_img_gen_params_t.prompt(p, a.allocateFrom("(a:.)"))));
        all.add(of("nested brackets, thousandfold", ANY,
                (p, a) -> sd_img_gen_params_t.prompt(p, a.allocateFrom("(".repeat(5000) + "a" + ")".repeat(5000)))));
        all.add(of("bytes that are no UTF-8", ANY, (p, a) -> {
            byte[] bytes = {'a', (byte) 0xff, (byte) 0xc0, (byte) 0x80, (byte) 0xf5, ' ', (byte) 0xe2, (byte) 0x82, 0};
            sd_img_gen_params_t.prompt(p, a.allocateFrom(ValueLayout.JAVA_BYTE, bytes));
        }));
        all.add(of("a prompt of 600 words", WORKS,
                (p, a) -> sd_img_gen_params_t.prompt(p, a.allocateFrom("word ".repeat(600)))));
        all.add(of("a prompt that would overflow the stack", REFUSED,
                (p, a) -> sd_img_gen_params_t.prompt(p, a.allocateFrom("a".repeat(500_000)))));
        all.add(of("a negative prompt that would overflow the stack", REFUSED,
                (p, a) -> sd_img_gen_params_t.negative_prompt(p, a.allocateFrom("a".repeat(500_000)))));
        all.add(of("no prompt", WORKS, (p, a) -> sd_img_gen_params_t.prompt(p, MemorySegment.NULL)));
        all.add(of("a LoRA that is missing", REFUSED, (p, a) -> lora(p, a, "/no/such/lora.safetensors", 1f)));
        all.add(of("a LoRA without a path", REFUSED, (p, a) -> lora(p, a, null, 1f)));
        all.add(of("a LoRA of weight NaN", REFUSED, (p, a) -> lora(p, a, Models.smallSd1().toString(), Float.NaN)));
        all.add(of("a checkpoint as a LoRA", ANY, (p, a) -> lora(p, a, Models.smallSd1().toString(), 1f)));
        all.add(of("LoRAs without an array", REFUSED, (p, a) -> sd_img_gen_params_t.lora_count(p, 2)));
        all.add(of("hires fix with a missing model", REFUSED, (p, a) -> {
            MemorySegment hires = sd_img_gen_params_t.hires(p);
            sd_hires_params_t.enabled(hires, true);
            sd_hires_params_t.upscaler(hires, sdcpp4j_h.SD_HIRES_UPSCALER_MODEL());
            sd_hires_params_t.model_path(hires, a.allocateFrom("/no/such/upscaler.pth"));
        }));
        all.add(of("hires fix with a checkpoint for a model", FAILS, (p, a) -> {
            MemorySegment hires = sd_img_gen_params_t.hires(p);
            sd_hires_params_t.enabled(hires, true);
            sd_hires_params_t.upscaler(hires, sdcpp4j_h.SD_HIRES_UPSCALER_MODEL());
            sd_hires_params_t.model_path(hires, a.allocateFrom(Models.smallSd1().toString()));
        }));
        all.add(of("hires fix a thousandfold", REFUSED, (p, a) -> {
            MemorySegment hires = sd_img_gen_params_t.hires(p);
            sd_hires_params_t.enabled(hires, true);
            sd_hires_params_t.scale(hires, 1000f);
        }));
        return all.stream();
    }

    private static void lora(MemorySegment params, Arena arena, String path, float weight) {
        MemorySegment lora = sd_lora_t.allocate(arena);
        sd_lora_t.path(lora, path == null ? MemorySegment.NULL : arena.allocateFrom(path));
        sd_lora_t.multiplier(lora, weight);
        sd_img_gen_params_t.loras(params, lora);
        sd_img_gen_params_t.lora_count(params, 1);
    }

    @ParameterizedTest
    @MethodSource({"sizesAndCounts", "samplers", "pictures", "textsAndFiles"})
    void isRefusedOrDoneAndTheNextPictureIsRight(Hostile hostile) {
        assertThat(run(hostile.change)).as(hostile.what).satisfies(result -> {
            assertThat(result.status).as(result.error).isIn(hostile.statuses);
            if (result.status != 0) {
                assertThat(result.error).isNotBlank();
            }
        });
        // the refused ones never came near the model; a picture after each of them would only take time
        if (hostile.statuses != REFUSED) {
            assertThat(good()).isEqualTo(expected);
        }
    }

    @Test
    void thereAreSixtyOfThemAndMore() {
        assertThat(Stream.of(sizesAndCounts(), samplers(), pictures(), textsAndFiles()).flatMap(s -> s).count())
                .isGreaterThanOrEqualTo(60);
    }

    @Test
    void hiresFixOnAnInpaintModelIsRefused() {
        try (Arena arena = Arena.ofConfined();
                NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            MemorySegment inpaint = load(PartFiles.inpaint(Models.fixtures()), arena);
            assertThat(sdcpp4j_h.sdcpp4j_context_family(inpaint).getString(0)).isEqualTo("SD 1.x Inpaint");
            MemorySegment params = params(call.arena());
            MemorySegment hires = sd_img_gen_params_t.hires(params);
            sd_hires_params_t.enabled(hires, true);
            sd_hires_params_t.upscaler(hires, sdcpp4j_h.SD_HIRES_UPSCALER_LATENT());
            int status = sdcpp4j_h.sdcpp4j_generate_image(
                    call.segment(), inpaint, params, call.arena().allocate(sdcpp4j_h.C_POINTER));
            assertThat(status).isEqualTo(sdcpp4j_h.SDCPP4J_INVALID_ARGUMENT());
            assertThat(call.errorText()).contains("hires fix does not work with inpaint");
        }
    }

    @Test
    void missingArgumentsAreRefused() {
        try (NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            MemorySegment nothing = MemorySegment.NULL;
            MemorySegment out = call.arena().allocate(sdcpp4j_h.C_POINTER);
            assertThat(sdcpp4j_h.sdcpp4j_load(nothing, nothing, nothing)).isOne();
            assertThat(sdcpp4j_h.sdcpp4j_load(call.segment(), nothing, out)).isOne();
            assertThat(sdcpp4j_h.sdcpp4j_generate_image(call.segment(), nothing, nothing, out)).isOne();
            assertThat(sdcpp4j_h.sdcpp4j_estimate_memory(call.segment(), context, nothing, nothing)).isOne();
            assertThat(sdcpp4j_h.sdcpp4j_inspect(call.segment(), nothing, nothing)).isOne();
            sdcpp4j_h.sdcpp4j_free_context(nothing);
            sdcpp4j_h.sdcpp4j_free_images(nothing, 5);
        }
    }

    @Test
    void aCallThatIsCancelledBeforehandDoesNothing() {
        CancelToken token = new CancelToken();
        token.cancel(CancelledException.Reason.CANCELLED);
        try (NativeCall call = new NativeCall(ProgressListener.NONE, token)) {
            MemorySegment out = call.arena().allocate(sdcpp4j_h.C_POINTER);
            int status = sdcpp4j_h.sdcpp4j_generate_image(call.segment(), context, params(call.arena()), out);
            assertThat(status).isEqualTo(sdcpp4j_h.SDCPP4J_CANCELLED());
        }
        assertThat(good()).isEqualTo(expected);
    }

    private record Result(int status, String error, byte[] pixels) {}

    private static byte[] good() {
        Result result = run((params, arena) -> {});
        assertThat(result.status).as(result.error).isZero();
        return result.pixels;
    }

    private static MemorySegment params(Arena arena) {
        MemorySegment params = sd_img_gen_params_t.allocate(arena);
        sdcpp4j_h.sd_img_gen_params_init(params);
        sd_img_gen_params_t.prompt(params, arena.allocateFrom("a lovely cat"));
        sd_img_gen_params_t.width(params, 64);
        sd_img_gen_params_t.height(params, 64);
        sd_img_gen_params_t.seed(params, 3);
        MemorySegment sampling = sd_img_gen_params_t.sample_params(params);
        sd_sample_params_t.sample_steps(sampling, 1);
        sd_guidance_params_t.txt_cfg(sd_sample_params_t.guidance(sampling), 1f); // half the work
        return params;
    }

    /** On a thread as large as the library's own. */
    private static Result run(Change change) {
        AtomicReference<Result> result = new AtomicReference<>();
        Thread thread = new Thread(null, () -> result.set(runHere(change)), "hostile", 64L << 20);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(result.get()).as("the call threw, see the log").isNotNull();
        return result.get();
    }

    private static Result runHere(Change change) {
        try (NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            MemorySegment params = params(call.arena());
            change.apply(params, call.arena());
            MemorySegment out = call.arena().allocate(sdcpp4j_h.C_POINTER);
            int status = sdcpp4j_h.sdcpp4j_generate_image(call.segment(), context, params, out);
            MemorySegment images = out.get(sdcpp4j_h.C_POINTER, 0);
            if (status != 0) {
                assertThat(images.equals(MemorySegment.NULL)).isTrue();
                return new Result(status, call.errorText(), null);
            }
            int count = sd_img_gen_params_t.batch_count(params);
            MemorySegment first = images.reinterpret(count * sd_image_t.sizeof());
            MemorySegment data = sd_image_t.data(first).reinterpret(
                    (long) sd_image_t.width(first) * sd_image_t.height(first) * sd_image_t.channel(first));
            byte[] pixels = data.toArray(ValueLayout.JAVA_BYTE);
            sdcpp4j_h.sdcpp4j_free_images(images, count);
            return new Result(status, "", pixels);
        }
    }
}
