package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.ModelCard;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the keys of a file's metadata mean to people. {@code modelspec.*} is Stability AI's ModelSpec, {@code ss_*} is what
 * kohya's sd-scripts writes, {@code general.*} is GGUF's.
 */
public final class CardRules {

    private static final int MOST_TRIGGER_WORDS = 10;

    private static final List<String> TRIGGERS =
            List.of("modelspec.trigger_phrase", "ss_trigger_words", "ss_trained_words", "trigger_words");

    private CardRules() {
    }

    /**
     * Reads the card.
     *
     * @param metadata the texts beside the tensors
     * @return what they say
     */
    public static ModelCard of(Map<String, String> metadata) {
        return new ModelCard(
                first(metadata, "modelspec.title", "general.name", "ss_output_name"),
                first(metadata, "modelspec.author", "general.author"),
                first(metadata, "modelspec.description", "general.description"),
                first(metadata, "modelspec.license", "general.license"),
                // sd-scripts writes Stable Diffusion 1 as the architecture of what it has no name for: its own key is better
                first(metadata, "ss_base_model_version", "modelspec.architecture", "general.base_model.0.name",
                        "general.architecture"),
                triggerWords(metadata),
                metadata);
    }

    private static Optional<String> first(Map<String, String> metadata, String... keys) {
        return Stream.of(keys)
                .map(key -> metadata.getOrDefault(key, "").strip())
                .filter(text -> !text.isEmpty() && !text.equals("None")) // as Python writes what is not there
                .findFirst();
    }

    private static List<String> triggerWords(Map<String, String> metadata) {
        List<String> said = first(metadata, TRIGGERS.toArray(String[]::new))
                .map(phrase -> List.of(phrase.split(",")))
                .orElse(List.of()).stream()
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .distinct()
                .toList();
        return said.isEmpty() ? sharedTags(metadata) : said;
    }

    /** The tags of {@code {"folder": {"tag": captions}}} that no caption of their folder lacks. */
    private static List<String> sharedTags(Map<String, String> metadata) {
        Map<String, Long> shared = new HashMap<>();
        object(metadata.get("ss_tag_frequency")).forEach((folder, tags) -> {
            Map<String, Json> counts = tags instanceof Json.Obj object ? object.members() : Map.of();
            long most = counts.values().stream().mapToLong(CardRules::number).max().orElse(0);
            // without the number of pictures the most frequent tag stands for it; of captions that share nothing, all have 1
            long captions = pictures(metadata, folder).orElse(Math.max(2, most));
            counts.forEach((tag, count) -> {
                if (number(count) >= captions && !tag.isBlank()) {
                    shared.merge(tag.strip(), number(count), Long::sum);
                }
            });
        });
        return shared.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_TRIGGER_WORDS)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** How many pictures a folder has, by {@code {"folder": {"n_repeats": 10, "img_count": 20}}}. */
    private static Optional<Long> pictures(Map<String, String> metadata, String folder) {
        return Optional.of(object(metadata.get("ss_dataset_dirs")))
                .map(folders -> folders.get(folder))
                .map(Json.Obj.class::cast)
                .map(entry -> number(entry.members().get("img_count")))
                .filter(count -> count > 0);
    }

    /** A text that is a JSON object of objects; anything else is as good as nothing. */
    private static Map<String, Json> object(String text) {
        if (text == null) {
            return Map.of();
        }
        try {
            return Json.parse(text) instanceof Json.Obj object
                            && object.members().values().stream().allMatch(member -> member instanceof Json.Obj)
                    ? object.members() : Map.of();
        } catch (JsonException e) {
            return Map.of(); // it is no reason to refuse the model
        }
    }

    private static long number(Json value) {
        return value instanceof Json.Num number ? number.asLong().orElse(0) : 0;
    }
}
