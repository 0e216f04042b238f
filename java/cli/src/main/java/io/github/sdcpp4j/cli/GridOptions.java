package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.PictureGrid;
import io.github.sdcpp4j.XyGrid;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** All pictures in one more. */
final class GridOptions implements HelpSection.Member {

    @Option(names = "--grid", paramLabel = "FILE",
            description = "Write all pictures into this .png too, each with its prompt or seed below it;"
                    + " or beside it what the axes say.")
    private Path grid;

    @Option(names = "--grid-columns", paramLabel = "N",
            description = "Pictures in a row of the grid. Default: about as many as there are rows.")
    private Integer columns;

    @Option(names = "--no-labels", description = "No text in the grid.")
    private boolean noLabels;

    /** The file, checked, if a grid is wanted. */
    Optional<Path> file() {
        return Optional.ofNullable(grid).map(file -> {
            OutputOptions.check(file);
            return file;
        });
    }

    void save(Path file, List<GeneratedImage> images) {
        PictureGrid pictures = PictureGrid.of(images.stream().map(GeneratedImage::image).toList());
        if (columns != null) {
            pictures = pictures.withColumns(columns);
        }
        (noLabels ? pictures : pictures.withLabels(labels(images))).save(file);
    }

    /** Refuses what cannot be drawn in the end. */
    void check(XyGrid plan) {
        if (columns != null) {
            throw new InvalidRequestException(
                    "--grid-columns is for a grid without axes: leave it out, the values of x are the columns");
        }
        if (!noLabels) {
            plan.image(List.of());
        }
    }

    /** Draws a grid with axes; pictures may be missing at its end. */
    void save(Path file, XyGrid plan, List<BufferedImage> pictures) {
        if (noLabels) {
            PictureGrid.of(pictures).withColumns(plan.x().values().size()).save(file);
        } else {
            plan.save(file, pictures);
        }
    }

    /** What tells the pictures apart: the prompt, the seed, or both. */
    private static List<String> labels(List<GeneratedImage> images) {
        boolean prompts = images.stream().map(image -> image.request().settings().prompt()).distinct().count() > 1;
        boolean seeds = images.stream().map(GeneratedImage::seed).distinct().count() > 1;
        List<String> labels = new ArrayList<>();
        for (GeneratedImage image : images) {
            String prompt = image.request().settings().prompt();
            String seed = "seed " + image.seed();
            labels.add(prompts && seeds ? prompt + " (" + seed + ")" : prompts ? prompt : seed);
        }
        return labels;
    }

    @Override
    public HelpSection section() {
        return HelpSection.OUTPUT;
    }
}
