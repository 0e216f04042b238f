package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.Additions;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.LoraApplyMode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What prompts can name besides the words that the model knows. */
final class AdditionOptions implements HelpSection.Member {

    @Option(names = "--lora-model-dir", paramLabel = "FOLDER",
            description = "Where <lora:name:weight> in a prompt is looked for, and in the folders below.")
    private Path loraFolder;

    @Option(names = "--lora-apply-mode", paramLabel = "MODE", converter = Choice.OfLoraApplyMode.class,
            completionCandidates = Choice.OfLoraApplyMode.class,
            description = "When LoRAs meet the weights: ${COMPLETION-CANDIDATES}. at_runtime needs no reading of the weights when"
                    + " LoRAs change, immediately samples faster. Default: auto.")
    private LoraApplyMode loraApplyMode = LoraApplyMode.AUTO;

    @Option(names = "--embd-dir", paramLabel = "FOLDER",
            description = "Textual inversion embeddings, which prompts name as their files without the ending.")
    private Path embeddingFolder;

    void apply(LoadOptions.Builder builder) {
        builder.additions(new Additions(
                Optional.ofNullable(loraFolder), loraApplyMode, Map.of(), Optional.ofNullable(embeddingFolder)));
    }

    @Override
    public HelpSection section() {
        return HelpSection.MODEL;
    }
}
