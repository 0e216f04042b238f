package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.internal.checkpoint.ModelIdentity.Trait;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Text encoders of SD3 and Flux without which the runtime ends the process at the first picture, or fails at each. */
final class TextEncoderRules {

    private static final Map<Trait, ModelFile> SLOTS =
            Map.of(Trait.CLIP_L, ModelFile.CLIP_L, Trait.CLIP_G, ModelFile.CLIP_G, Trait.T5XXL, ModelFile.T5XXL);

    private TextEncoderRules() {
    }

    /**
     * Why the text encoders of a load do not do, as the rest of a sentence that begins with the diffusion model's path.
     *
     * @param main the file of the diffusion model
     * @param files all files of the load
     */
    static Optional<String> objection(ModelIdentity main, Map<ModelFile, ModelIdentity> files) {
        if (!main.traits().contains(Trait.READS_POOLED_PROMPT)) {
            return Optional.empty();
        }
        Set<ModelFile> encoders = EnumSet.noneOf(ModelFile.class);
        SLOTS.forEach((trait, slot) -> {
            if (files.containsKey(slot) || files.values().stream().anyMatch(file -> file.traits().contains(trait))) {
                encoders.add(slot);
            }
        });
        boolean sd3 = main.family().filter(FamilyRules.SD3::equals).isPresent();
        if (encoders.isEmpty()) {
            return Optional.of("is %s, and there is no text encoder, without which the runtime cannot make pictures of this family:"
                    .formatted(main.description()) + " add " + (sd3 ? "--clip_l and --clip_g, --t5xxl, or all three"
                    : "--clip_l, --t5xxl, or better both"));
        }
        boolean clipL = encoders.contains(ModelFile.CLIP_L);
        return !sd3 || clipL == encoders.contains(ModelFile.CLIP_G) ? Optional.empty()
                : Optional.of("is %s, which the runtime runs with both of its CLIP text encoders or with neither, and there is one:"
                        .formatted(main.description()) + " add " + (clipL ? "--clip_g" : "--clip_l"));
    }
}
