package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.Infotext;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Prediction;
import io.github.sdcpp4j.Rng;
import io.github.sdcpp4j.WeightType;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How the model is loaded and run. */
final class RunOptions implements HelpSection.Member {

    @Option(names = "--type", paramLabel = "TYPE", converter = Choice.OfWeightType.class,
            completionCandidates = Choice.OfWeightType.class,
            description = "Convert the weights while loading: ${COMPLETION-CANDIDATES}. As in the file by default.")
    private WeightType type;

    @Option(names = "--tensor-type-rules", paramLabel = "RULES",
            description = "Weight types by name pattern, such as \"^vae\\.=f16,model\\.=q8_0\".")
    private String tensorTypeRules = "";

    @Option(names = "--rng", paramLabel = "RNG", converter = Choice.OfRng.class,
            completionCandidates = Choice.OfRng.class,
            description = "What makes the noise of a seed: ${COMPLETION-CANDIDATES}. Default: cuda.")
    private Rng rng;

    @Option(names = "--sampler-rng", paramLabel = "RNG", converter = Choice.OfRng.class,
            completionCandidates = Choice.OfRng.class,
            description = "What makes the noise that samplers add: ${COMPLETION-CANDIDATES}. As --rng by default.")
    private Rng samplerRng;

    @Option(names = "--prediction", paramLabel = "PREDICTION", converter = Choice.OfPrediction.class,
            completionCandidates = Choice.OfPrediction.class,
            description = "What the model predicts: ${COMPLETION-CANDIDATES}. Found out from the file by default.")
    private Prediction prediction;

    @Option(names = "--mmap", description = "Map the model file instead of reading it.")
    private boolean mmap;

    @Option(names = "--fa", description = "Flash attention in all models.")
    private boolean flashAttention;

    @Option(names = "--diffusion-fa", description = "Flash attention in the diffusion model.")
    private boolean diffusionFlashAttention;

    @Option(names = "--vae-conv-direct", description = "Convolve without im2col in the VAE: less memory.")
    private boolean vaeConvDirect;

    @Option(names = "--circular", description = "Make pictures that tile in both directions.")
    private boolean circular;

    @Option(names = "--params-backend", paramLabel = "NAMES",
            description = "Where to keep the weights, such as cpu or disk. Where they are computed by default.")
    private String paramsBackend = "";

    @Option(names = "--max-vram", paramLabel = "GIB",
            description = "Memory on the GPU for the weights; 0, the default, for no limit, -1 for what is free.")
    private double maxVram;

    @Option(names = "--worker",
            description = "Run the model in a process of its own: should native code crash, that ends with an error.")
    private boolean worker;

    /** Sets what is given, and else what a picture to repeat says. */
    void apply(LoadOptions.Builder builder, Optional<Infotext> repeated) {
        repeated.map(text -> text.without(given())).ifPresent(text -> text.applyTo(builder));
        if (rng != null) {
            builder.rng(rng);
        }
        if (samplerRng != null) {
            builder.samplerRng(samplerRng);
        }
        if (circular) {
            builder.circular(true, true);
        }
        if (worker) {
            builder.worker();
        }
        builder.weightType(type)
                .tensorTypeRules(tensorTypeRules)
                .prediction(prediction)
                .mmap(mmap)
                .flashAttention(flashAttention)
                .diffusionFlashAttention(diffusionFlashAttention)
                .vaeConvDirect(vaeConvDirect)
                .paramsBackend(paramsBackend)
                .maxVram(maxVram);
    }

    /** The fields of a picture's parameters that options take the place of. */
    private String[] given() {
        return Stream.of(rng == null ? "" : "RNG", samplerRng == null ? "" : "Sampler RNG", circular ? "Tiling" : "")
                .toArray(String[]::new);
    }

    @Override
    public HelpSection section() {
        return HelpSection.RUN;
    }
}
