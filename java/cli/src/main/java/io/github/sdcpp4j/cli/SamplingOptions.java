package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.Infotext;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.VaeTiling;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** What to make, but for the size, whose default differs from command to command. */
final class SamplingOptions implements HelpSection.Member {

    @Option(names = {"-p", "--prompt"}, paramLabel = "TEXT",
            description = "What to paint; (word:1.2) weighs a word. Given several times, one picture or batch for each. Required,"
                    + " but for --from-image.")
    private List<String> prompts;

    @Option(names = {"-n", "--negative-prompt"}, paramLabel = "TEXT", description = "What to keep away from.")
    private String negativePrompt;

    @Option(names = "--steps", paramLabel = "N", description = "Sampling steps. Default: 20.")
    private Integer steps;

    @Option(names = "--cfg-scale", paramLabel = "X",
            description = "Guidance: how closely to follow the prompt; 1 switches it off and halves the work. Default: 7.")
    private Double cfgScale;

    @Option(names = {"-s", "--seed"}, paramLabel = "N", description = "The seed; -1, the default, for a random one.")
    private Long seed;

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
    private Integer clipSkip;

    @Option(names = {"-b", "--batch-count"}, paramLabel = "N",
            description = "Pictures to make; each has the seed of the one before plus 1. Default: 1.")
    private int batchCount = 1;

    @Option(names = "--vae-tiling", paramLabel = "WHEN", arity = "0..1", fallbackValue = "on",
            description = "Let the VAE work in tiles, which needs less memory: on, off, or auto: when it would not fit else."
                    + " Default: off, and on without a value.")
    private VaeTiling vaeTiling;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Give up after so long. No limit by default.")
    private Double timeout;

    /**
     * Returns the prompts.
     *
     * @param repeated the parameters of a picture to repeat, which hold one; may be empty
     * @return one or more
     */
    List<String> prompts(Optional<Infotext> repeated) {
        return prompts != null ? prompts : repeated.map(text -> List.of(text.prompt())).orElseThrow();
    }

    /** Whether a prompt is given. */
    boolean hasPrompt() {
        return prompts != null;
    }

    /** Sets what is given, and else what a picture to repeat says. */
    <B extends GenerationSettings.Builder<B>> B apply(B builder, String prompt, Optional<Infotext> repeated) {
        repeated.ifPresent(text -> {
            text.without(given()).applyTo(builder);
            if (sampler != null && scheduler == null) {
                text.scheduler().ifPresent(builder::scheduler); // it may be part of the sampler's name
            }
        });
        builder.prompt(prompt).batchCount(batchCount);
        set(negativePrompt, builder::negativePrompt);
        set(sampler, builder::sampler);
        set(scheduler, builder::scheduler);
        set(vaeTiling, builder::vaeTiling);
        set(steps, builder::steps);
        set(cfgScale, builder::guidanceScale);
        set(eta, builder::eta);
        if (seed != null && seed != -1) {
            builder.seed(seed);
        }
        if (clipSkip != null && clipSkip != -1) {
            builder.clipSkip(clipSkip);
        }
        if (timeout != null) {
            builder.timeout(Duration.ofMillis(Math.round(timeout * 1000)));
        }
        return builder;
    }

    private static <T> void set(T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }

    /** The fields of a picture's parameters that options take the place of, be it to leave the value to the model. */
    private String[] given() {
        Map<String, Object> options = new HashMap<>();
        options.put("Steps", steps);
        options.put("CFG scale", cfgScale);
        options.put("Seed", seed);
        options.put("Sampler", sampler);
        options.put("Schedule type", scheduler);
        options.put("Eta", eta);
        options.put("Clip skip", clipSkip);
        options.put("VAE tiling", vaeTiling);
        return options.entrySet().stream()
                .filter(option -> option.getValue() != null)
                .map(Map.Entry::getKey)
                .toArray(String[]::new);
    }

    @Override
    public HelpSection section() {
        return HelpSection.PICTURE;
    }
}
