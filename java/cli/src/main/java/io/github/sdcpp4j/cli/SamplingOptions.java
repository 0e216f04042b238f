package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.VaeTiling;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** What to make, but for the size, whose default differs from command to command. */
final class SamplingOptions implements HelpSection.Member {

    @Option(names = {"-p", "--prompt"}, paramLabel = "TEXT", required = true,
            description = "What to paint; (word:1.2) weighs a word. Given several times, one picture or batch for each.")
    private List<String> prompts;

    @Option(names = {"-n", "--negative-prompt"}, paramLabel = "TEXT", description = "What to keep away from.")
    private String negativePrompt = "";

    @Option(names = "--steps", paramLabel = "N", description = "Sampling steps. Default: 20.")
    private Integer steps;

    @Option(names = "--cfg-scale", paramLabel = "X",
            description = "Guidance: how closely to follow the prompt; 1 switches it off and halves the work. Default: 7.")
    private Double cfgScale;

    @Option(names = {"-s", "--seed"}, paramLabel = "N", description = "The seed; -1, the default, for a random one.")
    private long seed = -1;

    @Option(names = "--sampling-method", paramLabel = "SAMPLER", converter = Choice.OfSampler.class,
            completionCandidates = Choice.OfSampler.class,
            description = "The sampler: ${COMPLETION-CANDIDATES}. The model's usual one by default.")
    private Sampler sampler;

    @Option(names = "--scheduler", paramLabel = "SCHEDULER", converter = Choice.OfScheduler.class,
            completionCandidates = Choice.OfScheduler.class,
            description = "The noise schedule: ${COMPLETION-CANDIDATES}. The model's usual one by default.")
    private Scheduler scheduler;

    @Option(names = "--eta", paramLabel = "X",
            description = "Noise that ancestral samplers and DDIM add. The sampler's own by default.")
    private Double eta;

    @Option(names = "--clip-skip", paramLabel = "N",
            description = "The CLIP layer to read, counted from the last; -1, the default, for the model's own.")
    private int clipSkip = -1;

    @Option(names = {"-b", "--batch-count"}, paramLabel = "N",
            description = "Pictures to make; each has the seed of the one before plus 1. Default: 1.")
    private int batchCount = 1;

    @Option(names = "--vae-tiling", paramLabel = "WHEN", arity = "0..1", fallbackValue = "on",
            description = "Let the VAE work in tiles, which needs less memory: on, off, or auto: when it would not fit else."
                    + " Default: off, and on without a value.")
    private VaeTiling vaeTiling = VaeTiling.OFF;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Give up after so long. No limit by default.")
    private Double timeout;

    List<String> prompts() {
        return prompts;
    }

    <B extends GenerationSettings.Builder<B>> B apply(B builder, String prompt) {
        builder.prompt(prompt).negativePrompt(negativePrompt).sampler(sampler).scheduler(scheduler).batchCount(batchCount);
        builder.vaeTiling(vaeTiling);
        if (timeout != null) {
            builder.timeout(Duration.ofMillis(Math.round(timeout * 1000)));
        }
        if (steps != null) {
            builder.steps(steps);
        }
        if (cfgScale != null) {
            builder.guidanceScale(cfgScale);
        }
        if (seed != -1) {
            builder.seed(seed);
        }
        if (eta != null) {
            builder.eta(eta);
        }
        if (clipSkip != -1) {
            builder.clipSkip(clipSkip);
        }
        return builder;
    }

    @Override
    public HelpSection section() {
        return HelpSection.PICTURE;
    }
}
