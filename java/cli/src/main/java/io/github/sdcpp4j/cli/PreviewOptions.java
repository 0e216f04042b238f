package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.Preview;
import io.github.sdcpp4j.PreviewMode;
import io.github.sdcpp4j.Previews;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** Pictures to look at while they are made. */
final class PreviewOptions implements HelpSection.Member {

    private static final Path USUAL = Path.of("preview.png");

    @Option(names = "--preview", paramLabel = "MODE", converter = Choice.OfPreviewMode.class,
            completionCandidates = Choice.OfPreviewMode.class,
            description = "Show what is being made: ${COMPLETION-CANDIDATES}. proj is small, rough and free; tae needs --taesd;"
                    + " vae takes a decoding for each. Default: none.")
    private PreviewMode mode;

    @Option(names = "--preview-path", paramLabel = "FILE",
            description = "The .png file of the preview, overwritten by each, or one file for each step with %%d or %%03d in"
                    + " its name; several pictures are numbered as with -o. Default: preview.png.")
    private Path path;

    @Option(names = "--preview-interval", paramLabel = "N",
            description = "Steps from one preview to the next; there is always one of the last. Default: 1.")
    private Integer interval;

    @Option(names = "--taesd-preview-only", description = "Decode previews by --taesd, and the pictures by the VAE.")
    private boolean taesdPreviewOnly;

    void apply(LoadOptions.Builder builder) {
        builder.taesdForPreviewsOnly(taesdPreviewOnly);
    }

    /**
     * Complains before anything is loaded.
     *
     * @param options how the model will be loaded
     * @param count pictures in all
     * @param outputs where they, and the grid of them, will go
     * @throws InvalidRequestException when there can be no such previews
     */
    void check(LoadOptions options, int count, List<Path> outputs) {
        if (mode == null && (path != null || interval != null)) {
            throw new InvalidRequestException("%s says something of previews, and --preview asks for none: give it a mode, such as proj"
                    .formatted(path != null ? "--preview-path" : "--preview-interval"));
        }
        previews(preview -> {}); // checks the interval
        if (!isWanted()) {
            return;
        }
        if (mode == PreviewMode.TAESD && !options.files().containsKey(ModelFile.TAESD)) {
            throw new InvalidRequestException(
                    "--preview tae decodes by a TAESD: name its file with --taesd, or take another mode, such as proj");
        }
        OutputOptions.check(path());
        List<Path> pictures = outputs.stream().map(file -> file.toAbsolutePath().normalize()).toList();
        IntStream.rangeClosed(1, count).mapToObj(picture -> file(0, picture, count)).forEach(file -> {
            if (pictures.contains(file.toAbsolutePath().normalize())) {
                throw new InvalidRequestException("the preview %s is also an output: give one of them another name".formatted(file));
            }
        });
    }

    /**
     * The wish for previews of some of the pictures.
     *
     * @param before pictures made before these
     * @param count pictures in all
     * @param written runs after each file
     */
    Previews previews(int before, int count, Runnable written) {
        return previews(preview -> {
            preview.save(file(preview.step(), before + preview.index() + 1, count));
            written.run();
        });
    }

    private Previews previews(Consumer<Preview> consumer) {
        return new Previews(mode == null ? PreviewMode.NONE : mode, interval == null ? 1 : interval, consumer);
    }

    boolean isWanted() {
        return mode != null && mode != PreviewMode.NONE;
    }

    private Path path() {
        return path == null ? USUAL : path;
    }

    private Path file(int step, int picture, int count) {
        String name = NumberedName.of(path(), step);
        int ending = name.lastIndexOf('.');
        return path().resolveSibling(
                count == 1 ? name : name.substring(0, ending) + "_" + picture + name.substring(ending));
    }

    @Override
    public HelpSection section() {
        return HelpSection.OUTPUT;
    }
}
