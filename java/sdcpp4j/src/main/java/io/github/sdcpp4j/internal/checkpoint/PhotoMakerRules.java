package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.ModelKind;
import io.github.sdcpp4j.internal.checkpoint.ModelIdentity.Trait;
import java.nio.file.Path;
import java.util.Optional;

/** Which PhotoMaker files can be loaded with a model. */
public final class PhotoMakerRules {

    /** What the runtime looks for in the whole path, folders included, to tell the two versions apart. */
    private static final String VERSION_2 = "v2";

    private PhotoMakerRules() {}

    /** Whether a model of this family, in the runtime's words, takes a PhotoMaker. */
    public static boolean isSdxl(String family) {
        return family.startsWith(FamilyRules.SDXL);
    }

    /**
     * Why the file cannot be used, as the rest of a sentence that begins with its path.
     *
     * @param file where it is
     * @param identity what it is
     * @param family the model's in the runtime's words, if it is known
     */
    static Optional<String> objection(Path file, ModelIdentity identity, Optional<String> family) {
        if (identity.kind() != ModelKind.PHOTO_MAKER) {
            return Optional.empty(); // what is not recognised passes, as in other places
        }
        if (identity.traits().contains(Trait.PHOTO_MAKER_2)) {
            return Optional.of("is a PhotoMaker of version 2, which needs embeddings of the faces besides: take one of version 1");
        }
        if (file.toAbsolutePath().toString().contains(VERSION_2)) {
            return Optional.of("is a PhotoMaker of version 1, which the runtime takes for version 2 since its path has '" + VERSION_2
                    + "' in it: rename the file, or move it to another folder");
        }
        return family.filter(known -> !isSdxl(known))
                .map(known -> "is a PhotoMaker, which works with SDXL only, and the model is " + known + ": load an SDXL model");
    }
}
