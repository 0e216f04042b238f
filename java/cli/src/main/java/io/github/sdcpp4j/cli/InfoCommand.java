package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.CheckpointInfo;
import io.github.sdcpp4j.Device;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.MemoryEstimate;
import io.github.sdcpp4j.ModelHash;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.TextToImage;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code info}. */
@Command(
        name = "info",
        description = "Shows what a model file holds, without loading it, or what there is to compute on.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class InfoCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Option(names = {"-m", "--model"}, paramLabel = "FILE",
            description = "A .safetensors, .ckpt or .gguf file.")
    private Path model;

    @Option(names = "--devices",
            description = "List what --backend can name: the CPU and GPUs, with their memory. No file is needed for it.")
    private boolean devices;

    @Option(names = "--hash",
            description = "Compute the SHA-256 too, and AutoV2, which CIVITAI finds a file by. All of the file is read for it.")
    private boolean hash;

    @Option(names = "--json",
            description = "One JSON object: file, kind, family, prediction, resolution, format, size, tensors, parameters,"
                    + " weight_type, weights, parts, tensor_types, title, author, description, license, base_model,"
                    + " trigger_words, metadata, with --hash sha256 and autov2, with --memory memory:"
                    + " weights, sampling, vae, tiled_vae, peak. Sizes are in bytes; what is not known is null.")
    private boolean json;

    @Option(names = "--memory", paramLabel = "WxH",
            description = "Measure the memory that a picture of this size takes, such as 512x768: for complete checkpoints.")
    private String memory;

    @Override
    public Integer call() {
        Optional<TextToImage> request = Optional.ofNullable(memory).map(InfoCommand::request);
        root.configureLogging();
        if (devices) {
            DeviceReport.lines(Device.list()).forEach(spec.commandLine().getOut()::println);
        }
        if (model == null && devices) {
            return ExitCode.OK;
        }
        if (model == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--model=FILE', or '--devices'");
        }
        CheckpointInfo info = CheckpointInfo.read(model);
        Optional<ModelHash> digest = hash ? Optional.of(ModelHash.of(model)) : Optional.empty();
        Optional<MemoryEstimate> estimate = request.map(LoadOptions.builder().model(model).mmap(true).build()::estimateMemory);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(InfoReport.json(info, digest, estimate));
        } else {
            InfoReport.lines(info, digest, estimate).forEach(out::println);
        }
        return ExitCode.OK;
    }

    private static TextToImage request(String size) {
        Resolution resolution = Resolution.parse(size).orElseThrow(
                () -> new InvalidRequestException("--memory is '%s': give a size, such as 512x768".formatted(size)));
        return TextToImage.builder().size(resolution.width(), resolution.height()).build();
    }
}
