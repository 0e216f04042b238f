package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.CheckpointInfo;
import io.github.sdcpp4j.CheckpointInfo.TensorType;
import io.github.sdcpp4j.MemoryEstimate;
import io.github.sdcpp4j.ModelCard;
import io.github.sdcpp4j.ModelHash;
import io.github.sdcpp4j.Prediction;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.WeightType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What {@code info} tells of a file, as lines for people or as JSON for programs. */
final class InfoReport {

    /** Characters of a text that somebody put into the file: training metadata can be a megabyte. */
    private static final int SHOWN = 100;

    private InfoReport() {}

    /** What the file is first, then what it says about itself where it says something, and its metadata last. */
    static List<String> lines(CheckpointInfo info, Optional<ModelHash> hash, Optional<MemoryEstimate> memory) {
        List<String> lines = new ArrayList<>();
        line(lines, "file", info.path().toString());
        line(lines, "kind", info.kind().label());
        line(lines, "family", info.family().orElse("none that is known"));
        line(lines, "prediction", info.prediction().map(Prediction::flag).orElse("not said"));
        line(lines, "resolution", info.resolution().map(Resolution::toString).orElse("not said"));
        line(lines, "format", info.format());
        line(lines, "size", Words.bytes(info.fileSize()));
        line(lines, "tensors", Words.count(info.tensors()));
        line(lines, "parameters", Words.count(info.parameters()));
        line(lines, "weight type", info.weightType().map(WeightType::flag).orElse("none: no diffusion model"));
        line(lines, "weights", Words.bytes(info.weightBytes()));
        info.tensorTypes().forEach(type -> line(lines, "type " + type.name(),
                Words.count(type.tensors()) + (type.tensors() == 1 ? " tensor, " : " tensors, ") + Words.bytes(type.bytes())));
        List<String> parts = parts(info);
        line(lines, "parts", parts.isEmpty() ? "none that is known" : String.join(", ", parts));
        memory.ifPresent(needed -> line(lines, "memory", "%s: weights %s, sampling %s, VAE %s; with --vae-tiling %s".formatted(
                Words.roughly(needed.peak(false)), Words.roughly(needed.weights()),
                needed.sampling().isPresent() ? Words.roughly(needed.sampling().getAsLong()) : "not known", Words.roughly(needed.vae()),
                Words.roughly(needed.peak(true)))));
        hash.ifPresent(known -> {
            line(lines, "SHA-256", known.sha256());
            line(lines, "AutoV2", known.autoV2().toUpperCase(Locale.ROOT)); // as CIVITAI shows it
        });
        ModelCard card = info.card();
        card.title().ifPresent(title -> line(lines, "title", shown(title)));
        card.author().ifPresent(author -> line(lines, "author", shown(author)));
        card.description().ifPresent(description -> line(lines, "description", shown(description)));
        card.license().ifPresent(license -> line(lines, "license", shown(license)));
        card.baseModel().ifPresent(base -> line(lines, "base model", shown(base)));
        if (!card.triggerWords().isEmpty()) {
            line(lines, "triggers", card.triggerWords().stream().map(InfoReport::shown).collect(Collectors.joining(", ")));
        }
        if (!card.metadata().isEmpty()) {
            lines.add("metadata");
            card.metadata().forEach((key, value) -> lines.add("  " + shown(key) + " = " + shown(value)));
        }
        return lines;
    }

    private static void line(List<String> lines, String name, String value) {
        lines.add("%-11s  %s".formatted(name, value));
    }

    /** On one line, without what a terminal would obey, and not too long. */
    private static String shown(String text) {
        String line = text.strip().replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "");
        return line.codePointCount(0, line.length()) <= SHOWN
                ? line
                : line.substring(0, line.offsetByCodePoints(0, SHOWN)) + "... (" + Words.count(text.length()) + " characters)";
    }

    static String json(CheckpointInfo info, Optional<ModelHash> hash, Optional<MemoryEstimate> memory) {
        ModelCard card = info.card();
        JsonObject json = new JsonObject()
                .put("file", info.path())
                .put("kind", info.kind().name().toLowerCase(Locale.ROOT))
                .put("family", info.family())
                .put("prediction", info.prediction().map(Prediction::flag))
                .put("resolution", info.resolution().map(size -> List.of(size.width(), size.height())))
                .put("format", info.format())
                .put("size", info.fileSize())
                .put("tensors", info.tensors())
                .put("parameters", info.parameters())
                .put("weight_type", info.weightType().map(WeightType::flag))
                .put("weights", info.weightBytes())
                .put("parts", parts(info))
                .put("tensor_types", types(info.tensorTypes()))
                .put("title", card.title())
                .put("author", card.author())
                .put("description", card.description())
                .put("license", card.license())
                .put("base_model", card.baseModel())
                .put("trigger_words", card.triggerWords())
                .put("metadata", card.metadata());
        hash.ifPresent(known -> json.put("sha256", known.sha256()).put("autov2", known.autoV2()));
        memory.ifPresent(needed -> json.put("memory", new JsonObject()
                .put("weights", needed.weights())
                .put("sampling", needed.sampling().isPresent() ? Optional.of(needed.sampling().getAsLong()) : Optional.empty())
                .put("vae", needed.vae())
                .put("tiled_vae", needed.tiledVae())
                .put("peak", needed.peak(false))));
        return json.toString();
    }

    private static Map<String, JsonObject> types(List<TensorType> types) {
        Map<String, JsonObject> named = new LinkedHashMap<>();
        types.forEach(type -> named.put(type.name(), new JsonObject().put("tensors", type.tensors()).put("bytes", type.bytes())));
        return named;
    }

    private static List<String> parts(CheckpointInfo info) {
        List<String> parts = new ArrayList<>();
        if (info.hasDiffusion()) {
            parts.add("diffusion model");
        }
        if (info.hasTextEncoder()) {
            parts.add("text encoder");
        }
        if (info.hasVae()) {
            parts.add("VAE");
        }
        return parts;
    }
}
