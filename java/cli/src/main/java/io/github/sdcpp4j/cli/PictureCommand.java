package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.CheckpointInfo;
import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What the commands that make pictures have in common: check everything cheap, load, make, write. */
abstract class PictureCommand implements Callable<Integer> {

    private static final Resolution USUAL = new Resolution(512, 512);

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private SizeOptions size;

    @Mixin
    private OutputOptions output;

    @Mixin
    private GridOptions grid;

    @Mixin
    private RunOptions run;

    /** Returns the checked request; {@code ofModel} is the size for a picture that starts from nothing. */
    abstract ImageRequest request(SamplingOptions sampling, String prompt, SizeOptions size, Resolution ofModel);

    @Override
    public final Integer call() {
        List<ImageRequest> checkedRequests = requests(USUAL);
        int batch = checkedRequests.getFirst().settings().batchCount();
        List<Path> files = output.files(batch * checkedRequests.size());
        Optional<Path> gridFile = grid.file();
        model.check();
        if (model.noneGiven()) {
            root.screen().err().println("no model is given, so this is the demo's: simple shapes in eight colours."
                    + " -m FILE takes any Stable Diffusion checkpoint, such as CIVITAI and Hugging Face offer");
        }
        LoadOptions.Builder options = LoadOptions.builder();
        model.apply(options);
        run.apply(options);

        try (ProgressReport progress = ProgressReport.on(root.screen(), root.verbose(), batch)) {
            LoadOptions checked = options.progress(progress).build();
            root.configureLogging();
            // what starts from a picture has that one's size: neither it nor the model file need be read again
            boolean asksModel = size.isOpen() && checkedRequests.getFirst() instanceof TextToImage;
            List<ImageRequest> requests = asksModel ? requests(sizeOf(checked)) : checkedRequests;
            List<GeneratedImage> all = new ArrayList<>();
            Duration time = Duration.ZERO;
            try (StableDiffusion sd = StableDiffusion.load(checked)) {
                progress.finish();
                for (ImageRequest request : requests) {
                    List<GeneratedImage> images = sd.generate(request, progress);
                    progress.finish();
                    // a Ctrl-C that comes now is too late to lose these pictures; it stops those that follow
                    boolean interrupted = Thread.interrupted();
                    write(images, files.subList(all.size(), all.size() + images.size()));
                    all.addAll(images);
                    time = time.plus(images.getFirst().timings().total());
                    if (interrupted && all.size() < files.size()) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
            if (all.size() > 1) {
                out().println("%d pictures  %s".formatted(all.size(), Words.seconds(time)));
            }
            gridFile.ifPresent(file -> {
                grid.save(file, all);
                out().println(file + "  the grid of all");
            });
            all.stream().flatMap(image -> image.notes().stream()).distinct().forEach(note -> out().println("note: " + note));
        }
        return ExitCode.OK;
    }

    private List<ImageRequest> requests(Resolution ofModel) {
        return sampling.prompts().stream().map(prompt -> request(sampling, prompt, size, ofModel)).toList();
    }

    private static Resolution sizeOf(LoadOptions options) {
        return CheckpointInfo.read(options.mainFile()).resolution().orElse(USUAL);
    }

    private void write(List<GeneratedImage> images, List<Path> files) {
        for (int i = 0; i < images.size(); i++) {
            GeneratedImage image = images.get(i);
            image.save(files.get(i));
            root.countFile();
            // a batch is made in one go, so only all of it has a time
            out().println("%s  seed %d  %dx%d%s".formatted(
                    files.get(i), image.seed(), image.image().getWidth(), image.image().getHeight(),
                    images.size() == 1 ? "  " + Words.seconds(image.timings().total()) : ""));
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
