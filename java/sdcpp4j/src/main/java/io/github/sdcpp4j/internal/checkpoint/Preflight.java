package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.Additions;
import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.Prediction;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The checks before a load: every file is readable and whole, and of a kind that its slot takes.
 *
 * @param options those that were given, with the prediction that the diffusion model's file names where they name none, and the
 *     folder's embeddings named one by one
 * @param family the model's in the runtime's words, if it is known
 */
public record Preflight(LoadOptions options, Optional<String> family) {

    /**
     * What is passed on. The runtime finds out by itself for SD 2.x, and for SDXL checkpoints by a marker tensor; it reads
     * no metadata, and takes the rest of the UNets for noise predictions.
     */
    private static final Set<Prediction> VELOCITY = EnumSet.of(Prediction.V, Prediction.EDM_V);

    /**
     * Checks the files of a load.
     *
     * @param options the files and how to run them
     * @return what the files say
     * @throws CheckpointException if a file cannot be used, or not in this place; the message names the file and the
     *     option it belongs to
     */
    public static Preflight of(LoadOptions options) {
        Map<ModelFile, ModelIdentity> identities = new EnumMap<>(ModelFile.class);
        options.files().forEach((slot, path) ->
                identities.put(slot, ModelIdentity.of(CheckpointHeader.read(path))));
        Set<ModelFile> given = EnumSet.copyOf(identities.keySet());
        if (options.taesdForPreviewsOnly()) {
            given.remove(ModelFile.TAESD); // it brings nothing that a VAE is needed for
        }
        identities.forEach((slot, identity) ->
                SlotRules.objection(slot, identity, given).ifPresent(objection -> {
                    throw new CheckpointException(options.files().get(slot) + " " + objection);
                }));
        // the diffusion model given by itself takes the place of the checkpoint's
        ModelFile diffusion = identities.containsKey(ModelFile.DIFFUSION) ? ModelFile.DIFFUSION : ModelFile.MODEL;
        ModelIdentity main = identities.get(diffusion);
        TextEncoderRules.objection(main, identities).ifPresent(objection -> {
            throw new CheckpointException(options.files().get(diffusion) + " " + objection);
        });
        Optional.ofNullable(identities.get(ModelFile.PHOTO_MAKER)).flatMap(identity ->
                PhotoMakerRules.objection(options.files().get(ModelFile.PHOTO_MAKER), identity, main.family())).ifPresent(objection -> {
                    throw new CheckpointException(options.files().get(ModelFile.PHOTO_MAKER) + " " + objection);
                });
        return new Preflight(
                with(options, EmbeddingRules.resolve(options.additions(), main.family()),
                        options.prediction().or(() -> main.prediction().filter(VELOCITY::contains))),
                main.family());
    }

    private static LoadOptions with(LoadOptions o, Additions additions, Optional<Prediction> prediction) {
        return new LoadOptions(
                o.files(), additions, o.threads(), o.weightType(), o.tensorTypeRules(), o.rng(), o.samplerRng(),
                prediction, o.mmap(), o.flashAttention(), o.diffusionFlashAttention(), o.diffusionConvDirect(),
                o.vaeConvDirect(), o.circularX(), o.circularY(), o.vaeConvScale(), o.taesdForPreviewsOnly(), o.backend(),
                o.paramsBackend(), o.maxVram(), o.worker(), o.queueCapacity(), o.memoryLimit(), o.progress(), o.pictureCheck());
    }
}
