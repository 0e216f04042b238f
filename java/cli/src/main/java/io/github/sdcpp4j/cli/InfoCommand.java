package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.CheckpointInfo;
import io.github.sdcpp4j.Prediction;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.WeightType;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code info}. */
@Command(
        name = "info",
        description = "Shows what a model file holds, without loading it.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class InfoCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Option(names = {"-m", "--model"}, paramLabel = "FILE", required = true,
            description = "A .safetensors, .ckpt or .gguf file.")
    private Path model;

    @Override
    public Integer call() {
        root.configureLogging();
        CheckpointInfo info = CheckpointInfo.read(model);
        PrintWriter out = spec.commandLine().getOut();
        line(out, "file", info.path().toString());
        line(out, "kind", info.kind().label());
        line(out, "family", info.family().orElse("none that is known"));
        line(out, "prediction", info.prediction().map(Prediction::flag).orElse("not said"));
        line(out, "resolution", info.resolution().map(Resolution::toString).orElse("not said"));
        line(out, "format", info.format());
        line(out, "size", Words.bytes(info.fileSize()));
        line(out, "tensors", Words.count(info.tensors()));
        line(out, "parameters", Words.count(info.parameters()));
        line(out, "weight type", info.weightType().map(WeightType::flag).orElse("none: no diffusion model"));
        line(out, "weights", Words.bytes(info.weightBytes()));
        line(out, "parts", parts(info));
        return ExitCode.OK;
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println("%-11s  %s".formatted(name, value));
    }

    private static String parts(CheckpointInfo info) {
        List<String> parts = new ArrayList<>();
        if (info.hasDiffusion()) {
            parts.add("diffusion model");
        }
        if (info.hasTextEncoder()) {
            parts.add("text encoder");
        }
        if (info.hasVae()) {
            parts.add("VAE");
        }
        return parts.isEmpty() ? "none that is known" : String.join(", ", parts);
    }
}
