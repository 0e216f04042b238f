package io.github.sdcpp4j.internal.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Prediction;
import io.github.sdcpp4j.Rng;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.WeightType;
import io.github.sdcpp4j.internal.bindings.sd_ctx_params_t;
import io.github.sdcpp4j.internal.bindings.sd_guidance_params_t;
import io.github.sdcpp4j.internal.bindings.sd_img_gen_params_t;
import io.github.sdcpp4j.internal.bindings.sd_sample_params_t;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import java.awt.image.BufferedImage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the committed bindings and the library that was built agree. */
class LibraryIdentityTest {

    @BeforeAll
    static void load() {
        NativeLibrary.ensureLoaded();
    }

    @Test
    void everyStructAndFieldHasTheOffsetOfTheCCompiler() {
        LibraryIdentity library = LibraryIdentity.ofLibrary();
        assertThat(library.layout()).hasSizeGreaterThan(190).isEqualTo(LibraryIdentity.ofBindings().layout());
        assertThat(library.abi()).isEqualTo(LibraryIdentity.ofBindings().abi());
        assertThat(LibraryIdentity.mismatch(LibraryIdentity.ofBindings(), library)).isEmpty();
    }

    @Test
    void aForeignLibraryIsRefusedWithBothValues() {
        LibraryIdentity ours = LibraryIdentity.ofBindings();
        assertThat(LibraryIdentity.mismatch(ours, new LibraryIdentity(ours.abi() + 1, ours.upstream(), ours.layout())))
                .contains("its ABI is %d, expected %d".formatted(ours.abi() + 1, ours.abi()));
        assertThat(LibraryIdentity.mismatch(ours, new LibraryIdentity(ours.abi(), "other 1.0", ours.layout())))
                .contains("it was built from other 1.0, expected diffusion-rs-sys 0.1.20");

        Map<String, Long> moved = new TreeMap<>(ours.layout());
        moved.merge("sd_img_gen_params_t.seed", 8L, Long::sum);
        assertThat(LibraryIdentity.mismatch(ours, new LibraryIdentity(ours.abi(), ours.upstream(), moved)))
                .contains("the offset of sd_img_gen_params_t.seed is %d, expected %d".formatted(
                        moved.get("sd_img_gen_params_t.seed"), ours.layout().get("sd_img_gen_params_t.seed")));

        Map<String, Long> grown = new TreeMap<>(ours.layout());
        grown.merge("sd_ctx_params_t", 8L, Long::sum);
        assertThat(LibraryIdentity.mismatch(ours, new LibraryIdentity(ours.abi(), ours.upstream(), grown)).orElseThrow())
                .startsWith("the size of sd_ctx_params_t is");
        Map<String, Long> added = new TreeMap<>(ours.layout());
        added.put("sd_ctx_params_t.zz_new", 8L);
        assertThat(LibraryIdentity.mismatch(ours, new LibraryIdentity(ours.abi(), ours.upstream(), added)).orElseThrow())
                .contains("sd_ctx_params_t.zz_new is 8, expected -1");
    }

    @Test
    void aBuildFromALocalTreeIsTrustedWhenItsLayoutIsTheSame() {
        LibraryIdentity ours = LibraryIdentity.ofBindings();
        assertThat(LibraryIdentity.mismatch(ours, new LibraryIdentity(ours.abi(), "local", ours.layout()))).isEmpty();
    }

    @Test
    void theDefaultsOfTheRecordsAreTheRuntimes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params = sd_img_gen_params_t.allocate(arena);
            sdcpp4j_h.sd_img_gen_params_init(params);
            MemorySegment sampling = sd_img_gen_params_t.sample_params(params);
            GenerationSettings defaults = TextToImage.of("").settings();
            assertThat(defaults.width()).isEqualTo(sd_img_gen_params_t.width(params));
            assertThat(defaults.height()).isEqualTo(sd_img_gen_params_t.height(params));
            assertThat(defaults.steps()).isEqualTo(sd_sample_params_t.sample_steps(sampling));
            assertThat((float) defaults.guidanceScale())
                    .isEqualTo(sd_guidance_params_t.txt_cfg(sd_sample_params_t.guidance(sampling)));
            assertThat(defaults.batchCount()).isEqualTo(sd_img_gen_params_t.batch_count(params));
            BufferedImage picture = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
            assertThat((float) ImageToImage.builder(picture).build().strength())
                    .isEqualTo(sd_img_gen_params_t.strength(params));

            MemorySegment context = sd_ctx_params_t.allocate(arena);
            sdcpp4j_h.sd_ctx_params_init(context);
            LoadOptions options = LoadOptions.builder().model(Path.of("m")).build();
            assertThat(options.rng().nativeValue()).isEqualTo(sd_ctx_params_t.rng_type(context));
            assertThat(options.mmap()).isEqualTo(sd_ctx_params_t.enable_mmap(context));
            assertThat(options.flashAttention()).isEqualTo(sd_ctx_params_t.flash_attn(context));
            assertThat(options.maxVram()).isEqualTo(sd_ctx_params_t.max_vram(context));
        }
    }

    @ParameterizedTest
    @EnumSource(Sampler.class)
    void samplersAreTheRuntimes(Sampler sampler) {
        assertThat(sdcpp4j_h.sd_sample_method_name(sampler.nativeValue()).getString(0)).isEqualTo(sampler.flag());
        assertThat(Sampler.values()).hasSize(sdcpp4j_h.SAMPLE_METHOD_COUNT());
    }

    @ParameterizedTest
    @EnumSource(Scheduler.class)
    void schedulersAreTheRuntimes(Scheduler scheduler) {
        assertThat(sdcpp4j_h.sd_scheduler_name(scheduler.nativeValue()).getString(0)).isEqualTo(scheduler.flag());
        assertThat(Scheduler.values()).hasSize(sdcpp4j_h.SCHEDULER_COUNT());
    }

    @ParameterizedTest
    @EnumSource(Rng.class)
    void generatorsAreTheRuntimes(Rng rng) {
        assertThat(sdcpp4j_h.sd_rng_type_name(rng.nativeValue()).getString(0)).isEqualTo(rng.flag());
        assertThat(Rng.values()).hasSize(sdcpp4j_h.RNG_TYPE_COUNT());
    }

    @ParameterizedTest
    @EnumSource(Prediction.class)
    void predictionsAreTheRuntimes(Prediction prediction) {
        assertThat(sdcpp4j_h.sd_prediction_name(prediction.nativeValue()).getString(0)).isEqualTo(prediction.flag());
        assertThat(Prediction.values()).hasSize(sdcpp4j_h.PREDICTION_COUNT());
    }

    @ParameterizedTest
    @EnumSource(WeightType.class)
    void weightTypesAreTheRuntimes(WeightType type) {
        assertThat(sdcpp4j_h.sd_type_name(type.nativeValue()).getString(0)).isEqualTo(type.flag());
    }
}
