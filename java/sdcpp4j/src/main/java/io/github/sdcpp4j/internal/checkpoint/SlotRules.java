package io.github.sdcpp4j.internal.checkpoint;

import static io.github.sdcpp4j.ModelKind.CHECKPOINT;
import static io.github.sdcpp4j.ModelKind.CHECKPOINT_WITHOUT_TEXT_ENCODER;
import static io.github.sdcpp4j.ModelKind.CHECKPOINT_WITHOUT_VAE;
import static io.github.sdcpp4j.ModelKind.DIFFUSION_MODEL;

import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.ModelKind;
import io.github.sdcpp4j.internal.checkpoint.ModelIdentity.Trait;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Says why a file cannot be used in a slot. What is not recognised passes: the runtime may know it. */
final class SlotRules {

    /**
     * What a slot takes.
     *
     * @param noun what it is for
     * @param kinds the kinds it takes
     */
    private record Slot(String noun, Set<ModelKind> kinds) {}

    private static final Map<ModelFile, Slot> SLOTS = new EnumMap<>(ModelFile.class);
    private static final Set<ModelKind> WITH_DIFFUSION = EnumSet.of(
            CHECKPOINT, CHECKPOINT_WITHOUT_VAE, CHECKPOINT_WITHOUT_TEXT_ENCODER, DIFFUSION_MODEL);
    private static final Set<ModelKind> ADDITIONS = EnumSet.of(
            ModelKind.LORA, ModelKind.EMBEDDING, ModelKind.UPSCALER, ModelKind.CONTROL_NET, ModelKind.SAFETY_CHECKER);

    static {
        SLOTS.put(ModelFile.MODEL, new Slot("a checkpoint", WITH_DIFFUSION));
        SLOTS.put(ModelFile.DIFFUSION, new Slot("a diffusion model", WITH_DIFFUSION));
        SLOTS.put(ModelFile.HIGH_NOISE_DIFFUSION, new Slot("a diffusion model", WITH_DIFFUSION));
        SLOTS.put(ModelFile.UNCONDITIONAL_DIFFUSION, new Slot("a diffusion model", WITH_DIFFUSION));
        SLOTS.put(ModelFile.VAE, new Slot("a VAE", EnumSet.of(ModelKind.VAE)));
        SLOTS.put(ModelFile.TAESD, new Slot("a tiny autoencoder", EnumSet.of(ModelKind.TAESD)));
        SLOTS.put(ModelFile.CLIP_L, new Slot("a CLIP-L text encoder", EnumSet.of(ModelKind.CLIP_L, ModelKind.CLIP_H)));
        SLOTS.put(ModelFile.CLIP_G, new Slot("a CLIP-G text encoder", EnumSet.of(ModelKind.CLIP_G)));
        SLOTS.put(ModelFile.CLIP_VISION, new Slot("a CLIP vision encoder", EnumSet.of(ModelKind.CLIP_VISION)));
        SLOTS.put(ModelFile.T5XXL, new Slot("a T5 text encoder", EnumSet.of(ModelKind.T5)));
        SLOTS.put(ModelFile.LLM, new Slot("a language model", EnumSet.of(ModelKind.LLM)));
        SLOTS.put(ModelFile.LLM_VISION, new Slot("the vision part of a language model",
                EnumSet.of(ModelKind.LLM_VISION, ModelKind.LLM)));
        SLOTS.put(ModelFile.CONTROL_NET, new Slot("a ControlNet", EnumSet.of(ModelKind.CONTROL_NET)));
        SLOTS.put(ModelFile.PHOTO_MAKER, new Slot("a PhotoMaker model", EnumSet.of(ModelKind.PHOTO_MAKER)));
        // whole checkpoints of their family are given here as well
        Set<ModelKind> anyModel = EnumSet.complementOf(EnumSet.copyOf(ADDITIONS));
        SLOTS.put(ModelFile.EMBEDDINGS_CONNECTORS, new Slot("a file of connectors", anyModel));
        SLOTS.put(ModelFile.AUDIO_VAE, new Slot("a VAE for sound", anyModel));
    }

    /** The text encoders of a family whose diffusion model is sold alone; all of them decode with a VAE. */
    private static final Map<String, List<ModelFile>> TEXT_ENCODERS = Map.of(
            FamilyRules.SD1, List.of(ModelFile.CLIP_L),
            FamilyRules.SD2, List.of(ModelFile.CLIP_L),
            FamilyRules.SDXL, List.of(ModelFile.CLIP_L, ModelFile.CLIP_G),
            FamilyRules.SD3, List.of(ModelFile.CLIP_L, ModelFile.CLIP_G, ModelFile.T5XXL),
            FamilyRules.FLUX, List.of(ModelFile.CLIP_L, ModelFile.T5XXL));

    /** The runtime tells these two apart by the width of the token embedding, which it looks for in one file with the UNet. */
    private static final Set<String> KNOWN_BY_THEIR_TEXT_ENCODER = Set.of(FamilyRules.SD1, FamilyRules.SD2);

    private static final Set<ModelFile> ANY_TEXT_ENCODER =
            EnumSet.of(ModelFile.CLIP_L, ModelFile.CLIP_G, ModelFile.T5XXL, ModelFile.LLM);

    private SlotRules() {
    }

    /**
     * Why the file cannot be used there, as the rest of a sentence that begins with its path.
     *
     * @param given all slots of the load, since one file may bring what another lacks
     */
    static Optional<String> objection(ModelFile slot, ModelIdentity file, Set<ModelFile> given) {
        if (file.kind() == ModelKind.UNKNOWN || holdsItBesides(slot, file)) {
            return Optional.empty();
        }
        if (!SLOTS.get(slot).kinds().contains(file.kind())) {
            return Optional.of(wrongKind(slot, file));
        }
        if (file.traits().contains(Trait.NOISE_LEVEL_CLASSES)) {
            return Optional.of("is Stable Diffusion's x4 latent upscaler (%d tensors), whose UNet the runtime does not know: make pictures larger with an ESRGAN model, --upscale-model"
                    .formatted(file.tensors()));
        }
        return switch (slot) {
            case MODEL -> file.kind() == DIFFUSION_MODEL ? diffusionAlone(slot, file, given) : checkpoint(file, given);
            case DIFFUSION -> file.kind() == DIFFUSION_MODEL ? diffusionAlone(slot, file, given)
                    : checkpointAsDiffusion(slot, file, given);
            case VAE -> checkpointNames(file, given).or(() -> withoutEncoder("", file, given));
            default -> Optional.empty();
        };
    }

    private static boolean holdsItBesides(ModelFile slot, ModelIdentity file) {
        return slot == ModelFile.CONTROL_NET && file.traits().contains(Trait.CONTROL_NET)
                || slot == ModelFile.CLIP_VISION && file.traits().contains(Trait.CLIP_VISION)
                && file.kind() != ModelKind.SAFETY_CHECKER;
    }

    private static String wrongKind(ModelFile slot, ModelIdentity file) {
        String noun = SLOTS.get(slot).noun();
        return "is %s, not %s: %s".formatted(file.description(), noun, file.kind().slot()
                .map(own -> "give it as " + own.flag())
                .orElse("name " + noun + " with " + slot.flag()));
    }

    private static Optional<String> checkpoint(ModelIdentity file, Set<ModelFile> given) {
        if (file.kind() == CHECKPOINT_WITHOUT_VAE) {
            return plain(file).isEmpty() || hasVae(given) ? Optional.empty()
                    : Optional.of("is %s: add one with --vae or --taesd".formatted(file.description()));
        }
        return given.contains(ModelFile.VAE) ? Optional.empty() : withoutEncoder("is a checkpoint whose VAE ", file, given);
    }

    /** The runtime puts a prefix of its own before these names and then finds none of them: the checkpoint's VAE would be used. */
    private static Optional<String> checkpointNames(ModelIdentity file, Set<ModelFile> given) {
        return !file.traits().contains(Trait.VAE_NAMED_AS_IN_A_CHECKPOINT) || given.contains(ModelFile.TAESD) ? Optional.empty()
                : Optional.of("is a VAE whose tensors are named first_stage_model... as in a checkpoint, which the runtime ignores"
                        + " in --vae: take a file of this VAE with names such as decoder.conv_in.weight");
    }

    private static Optional<String> withoutEncoder(String subject, ModelIdentity file, Set<ModelFile> given) {
        return !file.traits().contains(Trait.VAE_WITHOUT_ENCODER) || given.contains(ModelFile.TAESD) ? Optional.empty()
                : Optional.of(subject + "has no encoder, which the runtime needs: give a whole VAE with --vae, or a tiny"
                        + " autoencoder with --taesd");
    }

    private static Optional<String> checkpointAsDiffusion(ModelFile slot, ModelIdentity file, Set<ModelFile> given) {
        boolean complete = given.contains(ModelFile.MODEL) || given.stream().anyMatch(ANY_TEXT_ENCODER::contains);
        return complete || file.kind() == CHECKPOINT_WITHOUT_TEXT_ENCODER ? Optional.empty() : Optional.of(wrongKind(slot, file));
    }

    /** A diffusion model without the rest, or in the slot where its names are not found. */
    private static Optional<String> diffusionAlone(ModelFile slot, ModelIdentity file, Set<ModelFile> given) {
        if (slot == ModelFile.DIFFUSION && given.contains(ModelFile.MODEL)) {
            return Optional.empty();
        }
        String what = "holds only a diffusion model (" + file.family().map(family -> family + ", ").orElse("")
                + file.tensors() + " tensors)";
        Optional<String> family = plain(file);
        if (family.filter(KNOWN_BY_THEIR_TEXT_ENCODER::contains).isPresent()) {
            return Optional.of(what + ", which the runtime takes for this family in a complete checkpoint only: name one"
                    + " with --model");
        }
        if (slot == ModelFile.MODEL && !(file.traits().contains(Trait.PREFIXED_DIFFUSION) && hasVae(given))) {
            return Optional.of(what + ": give it as --diffusion-model together with " + companions(family));
        }
        return hasVae(given) || family.isEmpty() ? Optional.empty()
                : Optional.of(what + ": it works only together with " + companions(family));
    }

    private static String companions(Optional<String> family) {
        List<String> flags = new ArrayList<>();
        family.ifPresent(name -> TEXT_ENCODERS.get(name).forEach(encoder -> flags.add(encoder.flag())));
        return (flags.isEmpty() ? "its text encoder" : String.join(", ", flags)) + " and --vae";
    }

    private static Optional<String> plain(ModelIdentity file) {
        return file.family().flatMap(FamilyRules::plain);
    }

    private static boolean hasVae(Set<ModelFile> given) {
        return given.contains(ModelFile.VAE) || given.contains(ModelFile.TAESD);
    }
}
