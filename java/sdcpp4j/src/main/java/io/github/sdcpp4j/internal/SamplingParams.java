package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.HighNoise;
import io.github.sdcpp4j.HiresFix;
import io.github.sdcpp4j.SamplingExtras;
import io.github.sdcpp4j.SamplingExtras.SkipLayers;
import io.github.sdcpp4j.internal.bindings.sd_cache_params_t;
import io.github.sdcpp4j.internal.bindings.sd_guidance_params_t;
import io.github.sdcpp4j.internal.bindings.sd_hires_params_t;
import io.github.sdcpp4j.internal.bindings.sd_sample_params_t;
import io.github.sdcpp4j.internal.bindings.sd_slg_params_t;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** The parts of a request's structs that most requests leave as the runtime initialises them. */
final class SamplingParams {

    private SamplingParams() {}

    static void put(MemorySegment sampling, GenerationSettings settings) {
        sd_sample_params_t.sample_steps(sampling, settings.steps());
        sd_sample_params_t.sample_method(sampling, settings.sampler().orElseThrow().nativeValue());
        sd_sample_params_t.scheduler(sampling, settings.scheduler().orElseThrow().nativeValue());
        settings.eta().ifPresent(eta -> sd_sample_params_t.eta(sampling, (float) eta));
        sd_guidance_params_t.txt_cfg(sd_sample_params_t.guidance(sampling), (float) settings.guidanceScale());
    }

    /** What a video's noisy steps have of their own; without steps the boundary shares the request's. */
    static void put(MemorySegment sampling, GenerationSettings settings, HighNoise highNoise) {
        put(sampling, settings);
        sd_sample_params_t.sample_steps(sampling, highNoise.steps().orElse(-1));
        highNoise.sampler().ifPresent(sampler -> sd_sample_params_t.sample_method(sampling, sampler.nativeValue()));
        highNoise.guidanceScale().ifPresent(
                scale -> sd_guidance_params_t.txt_cfg(sd_sample_params_t.guidance(sampling), (float) scale));
    }

    static void put(MemorySegment sampling, MemorySegment cache, SamplingExtras extras, Arena arena) {
        if (!extras.sigmas().isEmpty()) {
            sd_sample_params_t.custom_sigmas(sampling, floats(extras.sigmas(), arena));
            sd_sample_params_t.custom_sigmas_count(sampling, extras.sigmas().size());
            sd_sample_params_t.sample_steps(sampling, extras.sigmas().size() - 1);
        }
        extras.flowShift().ifPresent(shift -> sd_sample_params_t.flow_shift(sampling, (float) shift));
        MemorySegment guidance = sd_sample_params_t.guidance(sampling);
        extras.distilledGuidance().ifPresent(value -> sd_guidance_params_t.distilled_guidance(guidance, (float) value));
        extras.imageGuidance().ifPresent(value -> sd_guidance_params_t.img_cfg(guidance, (float) value));
        extras.skipLayers().ifPresent(skip -> put(sd_guidance_params_t.slg(guidance), skip, arena));
        extras.cache().ifPresent(value -> {
            sd_cache_params_t.mode(cache, value.mode().nativeValue());
            value.threshold().ifPresent(threshold -> sd_cache_params_t.reuse_threshold(cache, (float) threshold));
        });
    }

    private static void put(MemorySegment target, SkipLayers skip, Arena arena) {
        sd_slg_params_t.layers(target, arena.allocateFrom(
                ValueLayout.JAVA_INT, skip.layers().stream().mapToInt(Integer::intValue).toArray()));
        sd_slg_params_t.layer_count(target, skip.layers().size());
        sd_slg_params_t.scale(target, (float) skip.scale());
        sd_slg_params_t.layer_start(target, (float) skip.start());
        sd_slg_params_t.layer_end(target, (float) skip.end());
    }

    static void put(MemorySegment target, HiresFix hires, int sizeMultiple, Arena arena) {
        sd_hires_params_t.enabled(target, true);
        sd_hires_params_t.upscaler(target, hires.upscaler().nativeValue());
        hires.model().ifPresent(file -> sd_hires_params_t.model_path(target, Marshal.path(file, arena)));
        sd_hires_params_t.target_width(target, Marshal.roundUp(hires.size().width(), sizeMultiple));
        sd_hires_params_t.target_height(target, Marshal.roundUp(hires.size().height(), sizeMultiple));
        hires.steps().ifPresent(steps -> sd_hires_params_t.steps(target, steps));
        sd_hires_params_t.denoising_strength(target, (float) hires.denoisingStrength());
    }

    private static MemorySegment floats(List<Double> values, Arena arena) {
        MemorySegment floats = arena.allocate(ValueLayout.JAVA_FLOAT, values.size());
        for (int i = 0; i < values.size(); i++) {
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, values.get(i).floatValue());
        }
        return floats;
    }
}
