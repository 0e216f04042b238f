package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.Additions;
import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.ModelKind;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which files can be a model's textual inversion embeddings, by their headers. */
final class EmbeddingRules {

    private static final System.Logger LOG = System.getLogger("io.github.sdcpp4j");
    private static final List<String> ENDINGS = List.of(".safetensors", ".pt", ".bin", ".ckpt", ".gguf");
    private static final Set<String> FAMILIES = Set.of(FamilyRules.SD1, FamilyRules.SD2);

    private EmbeddingRules() {
    }

    /**
     * Puts the folder's embeddings among the others.
     *
     * @param additions what was asked for
     * @param model the model's family, if it is known
     * @return the additions, all embeddings named one by one
     * @throws CheckpointException when one that was named cannot be used, or the folder cannot be read
     */
    static Additions resolve(Additions additions, Optional<String> model) {
        Map<String, Path> all = new LinkedHashMap<>();
        additions.embeddingFolder().ifPresent(folder -> files(folder).forEach(file -> {
            Optional<String> objection = objection(file, model);
            if (objection.isEmpty()) {
                all.put(wordOf(file), file);
            } else {
                LOG.log(Level.WARNING, "left out of the embeddings: {0} {1}", file, objection.get());
            }
        }));
        additions.embeddings().forEach((word, file) -> {
            objection(file, model).ifPresent(objection -> {
                throw new CheckpointException(file + " " + objection);
            });
            all.put(word, file);
        });
        if (!all.isEmpty() && model.flatMap(FamilyRules::plain).filter(family -> !FAMILIES.contains(family)).isPresent()) {
            throw new CheckpointException(
                    "the runtime takes textual inversion embeddings for SD 1.x and SD 2.x only, and the model is %s: load it without"
                            .formatted(model.get()));
        }
        return new Additions(additions.loraFolder(), additions.loraApplyMode(), all, Optional.empty());
    }

    private static Optional<String> objection(Path file, Optional<String> model) {
        ModelIdentity identity;
        try {
            identity = ModelIdentity.of(CheckpointHeader.read(file));
        } catch (CheckpointException e) {
            return Optional.of("cannot be read: " + e.getMessage());
        }
        if (identity.kind() != ModelKind.EMBEDDING) {
            return Optional.of("is %s, not a textual inversion embedding".formatted(identity.description()));
        }
        Optional<String> own = identity.family().flatMap(FamilyRules::plain);
        Optional<String> models = model.flatMap(FamilyRules::plain);
        return own.isEmpty() || models.isEmpty() || own.equals(models) ? Optional.empty()
                : Optional.of("is %s, and the model is %s".formatted(identity.description(), model.get()));
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(file -> ENDINGS.stream().anyMatch(file.toString()::endsWith)).sorted().toList();
        } catch (IOException e) {
            throw new CheckpointException("the folder of embeddings %s cannot be read: %s".formatted(folder, e), e);
        }
    }

    private static String wordOf(Path file) {
        return FileNames.stem(file).strip().replaceAll("\\s+", "_");
    }
}
