package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.CheckpointInfo;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.ModelConversion;
import io.github.sdcpp4j.WeightType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code convert}. */
@Command(
        name = "convert",
        description = "Writes a model file in another format or with other weight types.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true)
final class ConvertCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Option(names = {"-m", "--model"}, paramLabel = "FILE",
            description = "A .safetensors, .ckpt or .gguf file: a checkpoint, VAE, LoRA, ControlNet ...")
    private Path model;

    @Option(names = "--demo", description = "The model that comes with this program, instead of -m.")
    private boolean demo;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE",
            description = "The .gguf or .safetensors file to write; one that exists is replaced. Default: output.gguf.")
    private Path output = Path.of("output.gguf");

    @Option(names = "--type", paramLabel = "TYPE", converter = Choice.OfWeightType.class,
            completionCandidates = Choice.OfWeightType.class,
            description = "What weights become: ${COMPLETION-CANDIDATES}. As in the file by default; .safetensors takes"
                    + " f32, f16 and bf16.")
    private WeightType type;

    @Option(names = "--tensor-type-rules", paramLabel = "RULES",
            description = "Other types by name pattern, such as \"^first_stage_model\\.=f16,attn=q4_0\".")
    private String tensorTypeRules = "";

    @Option(names = "--vae", paramLabel = "FILE", description = "A VAE to put in, in place of the checkpoint's.")
    private Path vae;

    @Override
    public Integer call() {
        if (demo == (model != null)) {
            throw new InvalidRequestException("give one model to convert: a file with -m, or --demo");
        }
        Path input = demo ? LoadOptions.builder().demo().build().mainFile() : model;
        root.configureLogging();
        long start = System.nanoTime();
        CheckpointInfo result;
        try (ProgressReport progress = ProgressReport.on(root.screen(), root.verbose(), 1)) {
            result = ModelConversion.builder(input, output)
                    .vae(vae).weightType(type).tensorTypeRules(tensorTypeRules).progress(progress).run();
            progress.finish();
        }
        root.countFile();
        spec.commandLine().getOut().println("%s  %s%s -> %s  %s".formatted(
                output, result.weightType().map(made -> made.flag() + "  ").orElse(""), Words.bytes(size(input)),
                Words.bytes(result.fileSize()), Words.seconds(Duration.ofNanos(System.nanoTime() - start))));
        return ExitCode.OK;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
