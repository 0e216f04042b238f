package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.SafetyCheckerOptions;
import io.github.sdcpp4j.SamplingExtras;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.Video;
import io.github.sdcpp4j.VideoRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code vid_gen}. */
@Command(
        name = "vid_gen",
        description = "Makes a video, with models made for that, such as Wan.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true)
final class VideoCommand implements Callable<Integer> {

    /** Wan 1.3B's own. */
    private static final Resolution USUAL = new Resolution(832, 480);

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Mixin
    private AdditionOptions additions;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private SizeOptions size;

    @Mixin
    private VideoOptions video;

    @Mixin
    private ExtrasOptions extras;

    @Mixin
    private VideoOutputOptions output;

    @Mixin
    private PreviewOptions preview;

    @Mixin
    private SafetyOptions safety;

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private RunOptions run;

    @Override
    public Integer call() {
        if (!sampling.hasPrompt()) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--prompt=TEXT'");
        }
        VideoRequest request = request();
        output.check();
        if (model.noneGiven()) {
            throw new InvalidRequestException(
                    "no model is given, and the demo's makes pictures: name a video model, such as Wan, with --diffusion-model,"
                            + " --t5xxl and --vae");
        }
        model.check();
        LoadOptions.Builder options = LoadOptions.builder();
        model.apply(options);
        additions.apply(options);
        compute.apply(options);
        run.apply(options, Optional.empty());
        preview.apply(options);
        Optional<SafetyCheckerOptions> checker = safety.check(compute, preview);

        try (ProgressReport progress = ProgressReport.on(root.screen(), root.verbose(), 1)) {
            LoadOptions checked = options.progress(progress).build();
            preview.check(checked, 1, List.of(output.file()));
            root.configureLogging();
            checked.check(request);
            Video made;
            try (SafetyOptions.Opened opened = SafetyOptions.open(checker);
                    StableDiffusion sd = opened.over(options).load()) {
                progress.finish();
                made = sd.generate(request, progress, preview.previews(0, 1, root::countPreview));
                progress.finish();
            }
            // a Ctrl-C that comes now is too late to lose this video
            Interruption.withhold(() -> {
                for (int file = output.save(made); file > 0; file--) {
                    root.countFile();
                }
            });
            Resolution frame = request.settings().pictureSize();
            spec.commandLine().getOut().println("%s  seed %d  %s  %d frames  %s".formatted(
                    output.file(), made.seed(), frame, made.frames().size(), Words.seconds(made.timings().total())));
            made.notes().forEach(note -> spec.commandLine().getOut().println("note: " + note));
        }
        return ExitCode.OK;
    }

    private VideoRequest request() {
        List<String> prompts = sampling.prompts(Optional.empty());
        if (prompts.size() > 1) {
            throw new InvalidRequestException("--prompt is given %d times: a video has one".formatted(prompts.size()));
        }
        VideoRequest.Builder builder = sampling.apply(VideoRequest.builder(), prompts.getFirst(), Optional.empty());
        return video.apply(size.apply(builder, USUAL)).extras(extras.over(SamplingExtras.NONE)).build();
    }
}
