package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.Images;
import io.github.sdcpp4j.Infotext;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.UpscalerOptions;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code upscale}. */
@Command(
        name = "upscale",
        description = "Makes pictures larger.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true)
final class UpscaleCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Pictures pictures;

    @Mixin
    private UpscaleOptions upscale;

    @Mixin
    private OutputOptions output;

    @Mixin
    private ComputeOptions compute;

    /** What to make larger. */
    static final class Pictures implements HelpSection.Member {

        @Option(names = {"-i", "--init-img"}, paramLabel = "FILE", required = true,
                description = "The picture: PNG, JPEG, BMP, GIF or TIFF. Given several times, each is made larger.")
        private List<Path> files;

        @Override
        public HelpSection section() {
            return HelpSection.START;
        }
    }

    @Override
    public Integer call() {
        if (!upscale.isWanted()) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '%s=FILE'".formatted(UpscaleOptions.MODEL));
        }
        Optional<UpscalerOptions> checked = upscale.check(compute);
        List<Path> files = output.files(pictures.files.size());
        // each is read again at its turn: all of them might not fit into memory at once
        pictures.files.forEach(Images::read);

        root.configureLogging();
        try (ProgressReport progress = ProgressReport.on(root.screen(), root.verbose(), 1);
                Upscaling upscaling = upscale.open(checked)) {
            for (int i = 0; i < files.size(); i++) {
                Path from = pictures.files.get(i);
                Path to = files.get(i);
                long start = System.nanoTime();
                BufferedImage larger = upscaling.enlarge(Images.read(from), progress);
                Duration time = Duration.ofNanos(System.nanoTime() - start);
                Infotext infotext = upscaling.describe(infotext(from));
                Interruption.withhold(() -> infotext.save(larger, to));
                root.countFile();
                spec.commandLine().getOut().println("%s  %dx%d  %s".formatted(
                        to, larger.getWidth(), larger.getHeight(), Words.seconds(time)));
            }
        }
        return ExitCode.OK;
    }

    /** What the picture's file says of how it was made; a picture from elsewhere says nothing. */
    private static Infotext infotext(Path picture) {
        try {
            return Infotext.read(picture).orElse(new Infotext("", "", Map.of()));
        } catch (InvalidRequestException e) {
            return new Infotext("", "", Map.of()); // no PNG
        }
    }
}
