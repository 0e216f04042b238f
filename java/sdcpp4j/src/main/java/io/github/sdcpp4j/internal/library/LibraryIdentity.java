package io.github.sdcpp4j.internal.library;

import io.github.sdcpp4j.internal.bindings.sd_audio_t;
import io.github.sdcpp4j.internal.bindings.sd_cache_params_t;
import io.github.sdcpp4j.internal.bindings.sd_ctx_params_t;
import io.github.sdcpp4j.internal.bindings.sd_embedding_t;
import io.github.sdcpp4j.internal.bindings.sd_guidance_params_t;
import io.github.sdcpp4j.internal.bindings.sd_hires_params_t;
import io.github.sdcpp4j.internal.bindings.sd_image_t;
import io.github.sdcpp4j.internal.bindings.sd_img_gen_params_t;
import io.github.sdcpp4j.internal.bindings.sd_lora_t;
import io.github.sdcpp4j.internal.bindings.sd_pm_params_t;
import io.github.sdcpp4j.internal.bindings.sd_sample_params_t;
import io.github.sdcpp4j.internal.bindings.sd_slg_params_t;
import io.github.sdcpp4j.internal.bindings.sd_tiling_params_t;
import io.github.sdcpp4j.internal.bindings.sd_vid_gen_params_t;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_call;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_device;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_inspection;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_layout_entry;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_lora_match;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_memory;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_noise_shapes;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_parts;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_tokens;
import java.lang.foreign.Arena;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a library is, as far as calling it safely goes.
 *
 * @param abi the number in native/include/sdcpp4j.h
 * @param upstream where stable-diffusion.cpp came from; {@code local} for a build from a given source tree
 * @param layout a struct's name to its size, {@code struct.field} to its offset
 */
record LibraryIdentity(int abi, String upstream, Map<String, Long> layout) {

    static final String UPSTREAM = "diffusion-rs-sys 0.1.20";

    /** A build from the user's own source tree: its layouts are what counts. */
    static final String LOCAL = "local";

    static final List<GroupLayout> STRUCTS = List.of(
            layoutOf(sd_tiling_params_t.layout()), layoutOf(sd_embedding_t.layout()), layoutOf(sd_ctx_params_t.layout()),
            layoutOf(sd_audio_t.layout()), layoutOf(sd_image_t.layout()), layoutOf(sd_slg_params_t.layout()),
            layoutOf(sd_guidance_params_t.layout()), layoutOf(sd_sample_params_t.layout()), layoutOf(sd_pm_params_t.layout()),
            layoutOf(sd_cache_params_t.layout()), layoutOf(sd_lora_t.layout()), layoutOf(sd_hires_params_t.layout()),
            layoutOf(sd_img_gen_params_t.layout()), layoutOf(sd_vid_gen_params_t.layout()), layoutOf(sdcpp4j_call.layout()),
            layoutOf(sdcpp4j_layout_entry.layout()), layoutOf(sdcpp4j_inspection.layout()), layoutOf(sdcpp4j_memory.layout()),
            layoutOf(sdcpp4j_lora_match.layout()), layoutOf(sdcpp4j_tokens.layout()), layoutOf(sdcpp4j_parts.layout()),
            layoutOf(sdcpp4j_noise_shapes.layout()), layoutOf(sdcpp4j_device.layout()));

    private static GroupLayout layoutOf(MemoryLayout layout) {
        return (GroupLayout) layout;
    }

    /** What the committed bindings expect. */
    static LibraryIdentity ofBindings() {
        Map<String, Long> layout = new TreeMap<>();
        for (GroupLayout struct : STRUCTS) {
            String name = struct.name().orElseThrow();
            layout.put(name, struct.byteSize());
            for (MemoryLayout member : struct.memberLayouts()) {
                member.name().ifPresent(field -> layout.put(
                        name + "." + field, struct.byteOffset(PathElement.groupElement(field))));
            }
        }
        return new LibraryIdentity(sdcpp4j_h.SDCPP4J_ABI_VERSION(), UPSTREAM, layout);
    }

    /** What the loaded library says of itself. */
    static LibraryIdentity ofLibrary() {
        int abi = sdcpp4j_h.sdcpp4j_abi_version();
        if (abi != sdcpp4j_h.SDCPP4J_ABI_VERSION()) {
            return new LibraryIdentity(abi, UPSTREAM, Map.of()); // the other functions may not mean what they meant
        }
        Map<String, Long> layout = new TreeMap<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(sdcpp4j_h.C_POINTER);
            int count = sdcpp4j_h.sdcpp4j_layout(pointer);
            MemorySegment entries = sdcpp4j_layout_entry.reinterpret(pointer.get(sdcpp4j_h.C_POINTER, 0), count, arena, null);
            for (int i = 0; i < count; i++) {
                MemorySegment entry = sdcpp4j_layout_entry.asSlice(entries, i);
                String type = sdcpp4j_layout_entry.type(entry).getString(0);
                MemorySegment field = sdcpp4j_layout_entry.field(entry);
                if (field.equals(MemorySegment.NULL)) {
                    layout.put(type, sdcpp4j_layout_entry.size(entry));
                } else {
                    layout.put(type + "." + field.getString(0), sdcpp4j_layout_entry.offset(entry));
                }
            }
        }
        return new LibraryIdentity(abi, sdcpp4j_h.sdcpp4j_upstream_version().getString(0), layout);
    }

    /** The first difference that matters, with both values; empty when the library can be trusted. */
    static Optional<String> mismatch(LibraryIdentity expected, LibraryIdentity found) {
        if (expected.abi != found.abi) {
            return Optional.of("its ABI is %d, expected %d".formatted(found.abi, expected.abi));
        }
        if (!expected.upstream.equals(found.upstream) && !found.upstream.equals(LOCAL)) {
            return Optional.of("it was built from %s, expected %s".formatted(found.upstream, expected.upstream));
        }
        Map<String, Long> all = new TreeMap<>(expected.layout);
        found.layout.forEach(all::putIfAbsent);
        return all.keySet().stream()
                .filter(key -> !Objects.equals(expected.layout.get(key), found.layout.get(key)))
                .findFirst()
                .map(key -> "%s %s is %s, expected %s".formatted(
                        key.contains(".") ? "the offset of" : "the size of", key,
                        found.layout.getOrDefault(key, -1L), expected.layout.getOrDefault(key, -1L)));
    }
}
