package io.github.sdcpp4j;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What prompts can name besides the words that the model knows: LoRAs and textual inversion embeddings.
 *
 * @param loraFolder where {@code <lora:name:weight>} in a prompt is looked for: {@code name.safetensors} (or .ckpt, .pt, .gguf)
 *     there or in a folder below; by default a prompt can name none
 * @param loraApplyMode when LoRAs are brought together with the weights; {@link LoraApplyMode#AUTO} by default
 * @param embeddings embeddings by the word that stands for them in prompts, in any case; none by default. SD 1.x and SD 2.x
 *     only, as far as the runtime goes
 * @param embeddingFolder a folder of embeddings, each named as its file without the ending; files that are none, or for another
 *     family, are left out with a line in the log; none by default
 */
public record Additions(
        Optional<Path> loraFolder, LoraApplyMode loraApplyMode, Map<String, Path> embeddings, Optional<Path> embeddingFolder) {

    /** No folder, no word. */
    public static final Additions NONE = new Additions(Optional.empty(), LoraApplyMode.AUTO, Map.of(), Optional.empty());

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when a word is empty or has spaces
     */
    public Additions {
        Objects.requireNonNull(loraFolder, "loraFolder");
        Objects.requireNonNull(loraApplyMode, "loraApplyMode");
        Objects.requireNonNull(embeddingFolder, "embeddingFolder");
        embeddings = Collections.unmodifiableMap(new LinkedHashMap<>(embeddings));
        embeddings.forEach((word, file) -> Check.that(
                !word.isEmpty() && word.chars().noneMatch(Character::isWhitespace),
                "the word '%s' for the embedding %s cannot stand in a prompt: give one without spaces".formatted(word, file)));
    }

    /**
     * Returns the same with another folder of LoRAs.
     *
     * @param folder the folder; null for none
     * @return the additions
     */
    public Additions withLoraFolder(Path folder) {
        return new Additions(Optional.ofNullable(folder), loraApplyMode, embeddings, embeddingFolder);
    }

    /**
     * Returns the same with another way of applying LoRAs.
     *
     * @param mode the way
     * @return the additions
     */
    public Additions withLoraApplyMode(LoraApplyMode mode) {
        return new Additions(loraFolder, mode, embeddings, embeddingFolder);
    }

    /**
     * Returns the same with one embedding more.
     *
     * @param word what stands for it in prompts
     * @param file a .safetensors or .pt file
     * @return the additions
     * @throws InvalidRequestException when the word is empty or has spaces
     */
    public Additions withEmbedding(String word, Path file) {
        Map<String, Path> more = new LinkedHashMap<>(embeddings);
        more.put(word, file);
        return new Additions(loraFolder, loraApplyMode, more, embeddingFolder);
    }

    /**
     * Returns the same with another folder of embeddings.
     *
     * @param folder the folder; null for none
     * @return the additions
     */
    public Additions withEmbeddingFolder(Path folder) {
        return new Additions(loraFolder, loraApplyMode, embeddings, Optional.ofNullable(folder));
    }
}
