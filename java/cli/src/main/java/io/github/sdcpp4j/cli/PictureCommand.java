package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.CheckpointInfo;
import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.Infotext;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.SafetyCheckerOptions;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.UpscalerOptions;
import io.github.sdcpp4j.XyGrid;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
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
    private AdditionOptions additions;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private RepeatOptions repeat;

    @Mixin
    private SizeOptions size;

    @Mixin
    private GuideOptions guides;

    @Mixin
    private HiresOptions hires;

    @Mixin
    private ExtrasOptions extras;

    @Mixin
    private UpscaleOptions upscale;

    @Mixin
    private OutputOptions output;

    @Mixin
    private GridOptions grid;

    @Mixin
    private AxisOptions axes;

    @Mixin
    private PreviewOptions preview;

    @Mixin
    private SafetyOptions safety;

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private RunOptions run;

    /** Returns the checked request; {@code ofModel} is the size for a picture that starts from nothing. */
    abstract ImageRequest request(
            SamplingOptions sampling, String prompt, Optional<Infotext> repeated, SizeOptions size, Resolution ofModel);

    @Override
    public final Integer call() {
        Optional<Infotext> repeated = repeat.read();
        if (repeated.isEmpty() && !sampling.hasPrompt()) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--prompt=TEXT'");
        }
        List<ImageRequest> checkedRequests = requests(repeated, USUAL);
        Plan plan = plan(checkedRequests);
        model.check();
        if (model.noneGiven()) {
            root.screen().err().println("no model is given, so this is the demo's: simple shapes in eight colours."
                    + " -m FILE takes any Stable Diffusion checkpoint, such as CIVITAI and Hugging Face offer");
        }
        LoadOptions.Builder options = LoadOptions.builder();
        model.apply(options);
        additions.apply(options);
        compute.apply(options);
        run.apply(options, repeated);
        preview.apply(options);
        Optional<UpscalerOptions> upscaler = upscale.check(compute);
        Optional<SafetyCheckerOptions> checker = safety.check(compute, preview);

        try (ProgressReport progress = ProgressReport.on(root.screen(), root.verbose(), plan.batch)) {
            LoadOptions checked = options.progress(progress).build();
            preview.check(checked, plan.count, Stream.concat(plan.names.stream(), plan.grid.stream()).toList());
            root.configureLogging();
            // a LoRA that is not there is known before gigabytes are read
            checked.check(checkedRequests);
            // what starts from a picture has that one's size: neither it nor the model file need be read again
            boolean asksModel = size.isOpen() && SizeOptions.of(repeated).isEmpty()
                    && checkedRequests.getFirst() instanceof TextToImage;
            List<ImageRequest> requests = asksModel ? requests(repeated, sizeOf(checked)) : checkedRequests;
            List<GeneratedImage> all;
            try (SafetyOptions.Opened opened = SafetyOptions.open(checker)) {
                all = make(requests, plan, opened.over(options), upscaler, progress);
            }
            Stream<String> notes = repeated.stream().flatMap(text -> text.notes(requests.getFirst(), checked).stream());
            Stream.concat(notes, all.stream().flatMap(image -> image.notes().stream()))
                    .distinct()
                    .forEach(note -> out().println("note: " + note));
        }
        return ExitCode.OK;
    }

    /**
     * Which files will be written.
     *
     * @param count pictures in all
     * @param batch pictures of one request
     * @param names one for each picture, or none
     * @param grid the grid's, if there is one
     */
    private record Plan(int count, int batch, List<Path> names, Optional<Path> grid) {}

    private Plan plan(List<ImageRequest> requests) {
        int batch = requests.getFirst().settings().batchCount();
        Optional<XyGrid> axesGrid = axes.grid(requests);
        axesGrid.ifPresent(grid::check);
        int count = axesGrid.map(cells -> cells.cells().size()).orElse(batch * requests.size());
        if (axesGrid.isPresent() && grid.file().isEmpty()) {
            // who asks for axes and names one file means the grid
            if (upscale.isWanted()) {
                throw new InvalidRequestException(
                        "--upscale-model makes single pictures larger, and only a grid is asked for: name it with --grid, the pictures with -o");
            }
            return new Plan(count, batch, List.of(), Optional.of(output.files(1).getFirst()));
        }
        return new Plan(count, batch, output.files(count), grid.file());
    }

    private List<GeneratedImage> make(
            List<ImageRequest> requests, Plan plan, LoadOptions.Builder options, Optional<UpscalerOptions> upscaler, ProgressReport progress) {
        try (Upscaling upscaling = upscale.open(upscaler)) {
            PictureFiles files = new PictureFiles(root, out(), upscaling, progress);
            Optional<GridRun> gridRun = axes.grid(requests)
                    .map(cells -> new GridRun(cells, plan.grid.orElseThrow(), plan.names, grid, files, progress,
                            cell -> preview.previews(cell.index(), cell.count(), root::countPreview)));
            List<GeneratedImage> all;
            try (StableDiffusion sd = options.load()) {
                progress.finish();
                all = gridRun.isPresent() ? gridRun.get().make(sd) : each(requests, plan.names, sd, files, progress);
            }
            if (all.size() > 1) {
                // each picture of a batch has the time of the whole
                Duration time = all.stream().map(image -> image.timings().total()).reduce(Duration.ZERO, Duration::plus);
                out().println("%d pictures  %s".formatted(
                        all.size(), Words.seconds(time.dividedBy(plan.batch).plus(files.upscalingTime()))));
            }
            plan.grid.ifPresent(file -> {
                if (gridRun.isEmpty()) {
                    grid.save(file, all);
                }
                out().println(file + "  the grid of all");
            });
            return all;
        }
    }

    private List<GeneratedImage> each(
            List<ImageRequest> requests, List<Path> names, StableDiffusion sd, PictureFiles files, ProgressReport progress) {
        List<GeneratedImage> all = new ArrayList<>();
        for (ImageRequest request : requests) {
            List<GeneratedImage> images =
                    sd.generate(request, progress, preview.previews(all.size(), names.size(), root::countPreview));
            progress.finish();
            files.write(images, names.subList(all.size(), all.size() + images.size()));
            all.addAll(images);
            // a Ctrl-C that came late stops the pictures that follow, if any do
            if (Thread.interrupted() && all.size() < names.size()) {
                Thread.currentThread().interrupt();
            }
        }
        return all;
    }

    private List<ImageRequest> requests(Optional<Infotext> repeated, Resolution ofModel) {
        return sampling.prompts(repeated).stream()
                .map(prompt -> refined(request(sampling, prompt, repeated, size, ofModel)))
                .toList();
    }

    private ImageRequest refined(ImageRequest request) {
        GenerationSettings settings = request.settings();
        return request.with(builder -> {
            guides.apply(builder);
            hires.of(settings).ifPresent(builder::hires);
            builder.extras(extras.over(settings.extras()));
        });
    }

    private static Resolution sizeOf(LoadOptions options) {
        return CheckpointInfo.read(options.mainFile()).resolution().orElse(USUAL);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
