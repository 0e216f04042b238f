package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.Additions;
import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.GenerationRequest;
import io.github.sdcpp4j.HiresFix;
import io.github.sdcpp4j.Lora;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_lora_match;
import io.github.sdcpp4j.internal.checkpoint.EsrganRules;
import io.github.sdcpp4j.internal.checkpoint.LoraRules;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the files that a request names beside its pictures: LoRAs, and how much of each the model has a place for, before anything is computed; the
 * runtime itself leaves out what it has no place for and ends in an assertion where shapes differ. And words of embeddings.
 */
final class PromptResolver {

    private final MemorySegment context;
    private final String family;
    private final Optional<Path> folder;
    private final EmbeddingWords words;
    private final Map<Version, Match> known = new HashMap<>();

    private record Version(Path file, long size, FileTime modified) {}

    private record Match(long tensors, long used) {}

    PromptResolver(MemorySegment context, String family, Additions additions) {
        this.context = context;
        this.family = family;
        this.folder = additions.loraFolder();
        this.words = new EmbeddingWords(additions.embeddings().keySet());
    }

    /** A prompt with its words marked. */
    String forRuntime(String prompt) {
        return words.marked(prompt);
    }

    /**
     * Decides the LoRAs and marks the words.
     *
     * @param request what to make
     * @param notes gets a line for each LoRA that fits only partly
     * @return the request with all its LoRAs named by file, and prompts for the runtime
     * @throws CheckpointException when a LoRA, or the upscaler of hires fix, is missing, damaged, another kind of file, or does not fit
     */
    GenerationRequest resolve(GenerationRequest request, List<String> notes) {
        request.settings().hires().flatMap(HiresFix::model).ifPresent(EsrganRules::check);
        RequestedLoras requested = RequestedLoras.of(request.settings(), folder);
        for (Lora lora : requested.loras()) {
            Match match = match(lora.file());
            if (match.used == 0) {
                throw new CheckpointException(
                        "the LoRA %s does not fit: the model has a place for none of its %d tensors. It was made for another model than this %s"
                                .formatted(lora.file(), match.tensors, family));
            }
            if (match.used < match.tensors) {
                notes.add("the LoRA %s fits partly: %d of its %d tensors have a place in this model, the others have no effect"
                        .formatted(lora.file().getFileName(), match.used, match.tensors));
            }
        }
        String prompt = forRuntime(requested.prompt());
        String negative = forRuntime(request.settings().negativePrompt());
        return request.with(builder -> builder.prompt(prompt).negativePrompt(negative).loras(requested.loras()));
    }

    private Match match(Path file) {
        try {
            return known.computeIfAbsent(
                    new Version(file, Files.size(file), Files.getLastModifiedTime(file)), version -> compare(version.file));
        } catch (IOException e) {
            LoraRules.check(file, Optional.of(family)); // tells better what is wrong with it
            throw new CheckpointException("the LoRA %s cannot be read: %s".formatted(file, e), e);
        }
    }

    private Match compare(Path file) {
        LoraRules.check(file, Optional.of(family));
        try (NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            MemorySegment out = sdcpp4j_lora_match.allocate(call.arena());
            int status = sdcpp4j_h.sdcpp4j_match_lora(call.segment(), context, Marshal.path(file, call.arena()), out);
            if (status != sdcpp4j_h.SDCPP4J_OK()) {
                throw new CheckpointException("the LoRA %s does not fit: %s".formatted(file, call.errorText()));
            }
            return new Match(sdcpp4j_lora_match.tensors(out), sdcpp4j_lora_match.used(out));
        }
    }
}
