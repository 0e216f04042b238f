package io.github.sdcpp4j;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model file says about itself in words. All of it was written by whoever made the file; nothing is checked.
 *
 * @param title {@code modelspec.title}, {@code general.name} or {@code ss_output_name}
 * @param author {@code modelspec.author} or {@code general.author}
 * @param description {@code modelspec.description} or {@code general.description}
 * @param license {@code modelspec.license} or {@code general.license}
 * @param baseModel the model that it was made from or belongs to, as the file puts it, such as {@code sdxl_base_v1-0}:
 *     {@code ss_base_model_version}, {@code modelspec.architecture}, {@code general.base_model.0.name} or
 *     {@code general.architecture}
 * @param triggerWords what a prompt needs for the file to do its work, of a LoRA or an embedding: the words of
 *     {@code modelspec.trigger_phrase} or, when nothing says them, the tags that every caption of a folder in
 *     {@code ss_tag_frequency} had, the most frequent first, ten at most; often empty
 * @param metadata everything that stands beside the tensors in its own order: {@code __metadata__} of a safetensors file; of
 *     a GGUF file all keys, numbers as text, an array or a text of over 1 MiB only described; of a .ckpt file nothing
 */
public record ModelCard(
        Optional<String> title,
        Optional<String> author,
        Optional<String> description,
        Optional<String> license,
        Optional<String> baseModel,
        List<String> triggerWords,
        Map<String, String> metadata) {

    /** Keeps its own copies of the collections. */
    public ModelCard {
        triggerWords = List.copyOf(triggerWords);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }
}
