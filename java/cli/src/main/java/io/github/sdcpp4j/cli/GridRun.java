package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.Previews;
import io.github.sdcpp4j.Progress;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.StableDiffusionException;
import io.github.sdcpp4j.XyGrid;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Makes the pictures of a grid with axes. The grid is drawn anew as it grows, so that what is finished is never lost. */
final class GridRun implements XyGrid.Listener {

    /** Of the time, one part in so many goes into drawing what is not the last. */
    private static final int DRAWING_SHARE = 20;

    private final XyGrid grid;
    private final Path file;
    private final List<Path> singles;
    private final GridOptions options;
    private final PictureFiles files;
    private final ProgressReport report;
    private final Function<XyGrid.Cell, Previews> previews;
    private final List<GeneratedImage> pictures = new ArrayList<>();
    private int begun = -1;
    private int drawn;
    private long drawingEnded;
    private long drawingTime;

    /**
     * Prepares the run.
     *
     * @param grid what to make
     * @param file the grid's
     * @param singles one for each picture, or none
     * @param previews what to show of each picture
     */
    GridRun(XyGrid grid, Path file, List<Path> singles, GridOptions options, PictureFiles files, ProgressReport report,
            Function<XyGrid.Cell, Previews> previews) {
        this.grid = grid;
        this.file = file;
        this.singles = singles;
        this.options = options;
        this.files = files;
        this.report = report;
        this.previews = previews;
        options.check(grid);
    }

    /** Makes all. */
    List<GeneratedImage> make(StableDiffusion sd) {
        try {
            grid.generate(sd, this, previews);
        } catch (StableDiffusionException e) {
            keep(e);
            throw e;
        }
        return pictures;
    }

    @Override
    public void onProgress(XyGrid.Cell cell, Progress progress) {
        if (begun != cell.index()) {
            begun = cell.index();
            report.heading("picture %d of %d: %s".formatted(cell.index() + 1, cell.count(), cell.label()));
        }
        report.onProgress(progress);
    }

    @Override
    public void onPicture(XyGrid.Cell cell, GeneratedImage picture) {
        report.finish();
        // a Ctrl-C that comes now is too late to lose this picture; it stops those that follow
        boolean interrupted = Thread.interrupted();
        pictures.add(picture);
        if (!singles.isEmpty()) {
            files.write(List.of(picture), List.of(singles.get(cell.index())));
        }
        boolean last = pictures.size() == cell.count();
        if (last || drawn == 0 || System.nanoTime() - drawingEnded >= DRAWING_SHARE * drawingTime) {
            draw();
        }
        if (interrupted && !last) {
            Thread.currentThread().interrupt();
        }
    }

    private void draw() {
        long start = System.nanoTime();
        List<BufferedImage> images = pictures.stream().map(GeneratedImage::image).toList();
        options.save(file, grid, images);
        if (drawn == 0) {
            files.count();
        }
        drawn = pictures.size();
        drawingEnded = System.nanoTime();
        drawingTime = drawingEnded - start;
    }

    /** What was finished when something went wrong. */
    private void keep(StableDiffusionException failure) {
        boolean interrupted = Thread.interrupted(); // which would close the file
        try {
            if (drawn < pictures.size()) {
                draw();
            }
            if (drawn > 0) {
                files.tell("%s  the grid of the first %d of %d".formatted(file, drawn, grid.cells().size()));
            }
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
