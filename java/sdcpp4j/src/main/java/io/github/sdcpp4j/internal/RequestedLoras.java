package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.Lora;
import io.github.sdcpp4j.internal.checkpoint.FileNames;
import io.github.sdcpp4j.internal.checkpoint.LoraRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A request's LoRAs: those it names by file and those its prompt names, as web UIs write them.
 *
 * @param prompt the prompt without the names
 * @param loras each file once, with the sum of its weights; none of the weight 0
 */
public record RequestedLoras(String prompt, List<Lora> loras) {

    private static final Pattern TAG = Pattern.compile("<lora:([^<>]*)>");
    private static final List<String> ENDINGS = List.of(".safetensors", ".ckpt", ".pt", ".gguf");
    private static final int MOST_NAMES = 12;

    /**
     * Finds the LoRAs' files.
     *
     * @param settings a request's
     * @param folder where those of the prompt are looked for
     * @return the LoRAs; their files were not opened
     * @throws InvalidRequestException when the prompt names one that is not there, or writes it wrongly
     */
    public static RequestedLoras of(GenerationSettings settings, Optional<Path> folder) {
        Map<Path, Double> weights = new LinkedHashMap<>();
        settings.loras().forEach(lora -> add(weights, lora));
        StringBuilder prompt = new StringBuilder();
        Matcher tag = TAG.matcher(settings.prompt());
        while (tag.find()) {
            tag.appendReplacement(prompt, "");
            add(weights, named(tag.group(), tag.group(1), folder));
        }
        tag.appendTail(prompt);
        if (settings.negativePrompt().contains("<lora:")) {
            throw new InvalidRequestException(
                    "the negative prompt names a LoRA, which would have no effect there: name it in the prompt, with a weight below 0 to keep away from it");
        }
        if (prompt.indexOf("<lora:") >= 0) {
            throw new InvalidRequestException("a '<lora:' in the prompt has no end: write <lora:name:0.8>");
        }
        return new RequestedLoras(prompt.toString(), weights.entrySet().stream()
                .filter(weight -> weight.getValue() != 0)
                .map(weight -> new Lora(weight.getKey(), weight.getValue())).toList());
    }

    /**
     * The prompt without the LoRAs that it names.
     *
     * @param prompt as it was written
     * @return what the text encoder gets
     */
    static String plain(String prompt) {
        return TAG.matcher(prompt).replaceAll("");
    }

    private static void add(Map<Path, Double> weights, Lora lora) {
        weights.merge(lora.file().toAbsolutePath().normalize(), lora.weight(), Double::sum);
    }

    /**
     * Looks into the files.
     *
     * @param family the model's, as far as it is known
     * @throws CheckpointException when one is missing, damaged, no LoRA, or made for another family
     */
    public void check(Optional<String> family) {
        loras.forEach(lora -> LoraRules.check(lora.file(), family));
    }

    private static Lora named(String tag, String inside, Optional<Path> folder) {
        String[] parts = inside.split(":", -1);
        if (parts.length > 2 || parts[0].isBlank()) {
            throw new InvalidRequestException("'%s' in the prompt names no LoRA: write <lora:name:0.8>, with one weight".formatted(tag));
        }
        Path from = folder.orElseThrow(() -> new InvalidRequestException(
                "the prompt names the LoRA '%s', and no folder of LoRAs is given: name it with loraFolder (--lora-model-dir)"
                        .formatted(parts[0])));
        return new Lora(find(parts[0].strip(), from), parts.length == 1 ? 1 : weight(tag, parts[1]));
    }

    private static double weight(String tag, String text) {
        try {
            return Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
            throw new InvalidRequestException("the weight '%s' of '%s' in the prompt is no number: write <lora:name:0.8>".formatted(text, tag));
        }
    }

    /** In the folder itself, else in one below it. */
    private static Path find(String name, Path folder) {
        try {
            for (String ending : ENDINGS) {
                Path file = folder.resolve(name + ending).normalize();
                if (file.startsWith(folder.normalize()) && Files.isRegularFile(file)) {
                    return file;
                }
            }
            List<Path> all = files(folder);
            List<Path> found = all.stream().filter(file -> FileNames.stem(file).equals(name)).toList();
            if (found.size() == 1) {
                return found.getFirst();
            }
            throw new InvalidRequestException(found.isEmpty() ? missing(name, folder, all)
                    : "the prompt names the LoRA '%s', and there are several: %s. Name its folder too, as in <lora:folder/%s:1>"
                            .formatted(name, found, name));
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            throw new InvalidRequestException("the LoRA '%s' cannot be looked for in %s: %s".formatted(name, folder, e.getMessage()), e);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(file -> ENDINGS.stream().anyMatch(file.toString()::endsWith)).sorted().toList();
        }
    }

    private static String missing(String name, Path folder, List<Path> all) {
        List<String> names = all.stream().map(FileNames::stem).distinct().limit(MOST_NAMES).toList();
        return "the prompt names the LoRA '%s', and there is none of that name in %s: %s".formatted(name, folder,
                names.isEmpty() ? "there is no LoRA at all" : "there are " + String.join(", ", names));
    }
}
