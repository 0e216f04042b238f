package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.ModelKind;
import java.nio.file.Path;
import java.util.Optional;

/** Which files can be LoRAs of a model, by their headers. */
public final class LoraRules {

    private LoraRules() {
    }

    /**
     * Looks into a file.
     *
     * @param file the file
     * @param family the model's family in the runtime's words, if it is known
     * @throws CheckpointException when it is missing, damaged, no LoRA, or made for another family
     */
    public static void check(Path file, Optional<String> family) {
        ModelIdentity identity = ModelIdentity.of(CheckpointHeader.read(file));
        if (identity.kind() != ModelKind.LORA && identity.kind() != ModelKind.UNKNOWN) {
            throw new CheckpointException("%s is %s, not a LoRA".formatted(file, identity.description()));
        }
        Optional<String> own = identity.family().flatMap(FamilyRules::plain);
        Optional<String> models = family.flatMap(FamilyRules::plain);
        if (own.isPresent() && models.isPresent() && !own.equals(models)) {
            throw new CheckpointException("%s is %s, and the model is %s: take one that was made for it"
                    .formatted(file, identity.description(), family.get()));
        }
    }
}
