package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.StableDiffusion;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What the commands that make pictures have in common: check everything cheap, load, make, write. */
abstract class PictureCommand implements Callable<Integer> {

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
    private RunOptions run;

    /** Returns the checked request. */
    abstract ImageRequest request(SamplingOptions sampling, SizeOptions size);

    @Override
    public final Integer call() {
        ImageRequest request = request(sampling, size);
        int pictures = request.settings().batchCount();
        List<Path> files = output.files(pictures);
        LoadOptions.Builder options = LoadOptions.builder();
        model.apply(options);
        run.apply(options);

        try (ProgressReport progress = ProgressReport.on(root.screen(), root.verbose(), pictures)) {
            LoadOptions checked = options.progress(progress).build();
            root.configureLogging();
            try (StableDiffusion sd = StableDiffusion.load(checked)) {
                progress.finish();
                List<GeneratedImage> images = sd.generate(request, progress);
                progress.finish();
                Thread.interrupted(); // the pictures are made: a Ctrl-C that comes now is too late to lose them
                write(images, files);
            }
        }
        return ExitCode.OK;
    }

    private void write(List<GeneratedImage> images, List<Path> files) {
        PrintWriter out = spec.commandLine().getOut();
        // a batch is made in one go, so only all of it has a time
        String time = Words.seconds(images.getFirst().timings().total());
        Set<String> notes = new LinkedHashSet<>();
        for (int i = 0; i < images.size(); i++) {
            GeneratedImage image = images.get(i);
            image.save(files.get(i));
            out.println("%s  seed %d  %dx%d%s".formatted(
                    files.get(i), image.seed(), image.image().getWidth(), image.image().getHeight(),
                    images.size() == 1 ? "  " + time : ""));
            notes.addAll(image.notes());
        }
        if (images.size() > 1) {
            out.println("%d pictures  %s".formatted(images.size(), time));
        }
        notes.forEach(note -> out.println("note: " + note));
    }
}
