package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.images.XyDrawing;
import java.awt.image.BufferedImage;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A grid of pictures in which one field of a request changes from column to column and another from row to row: what web UIs
 * call an X/Y plot.
 *
 * <pre>{@code
 * XyGrid grid = XyGrid.of(TextToImage.of("a lovely cat"), Axis.steps(10, 20, 30), Axis.guidanceScale(1, 4, 7));
 * List<GeneratedImage> pictures = grid.generate(sd);
 * grid.save(Path.of("grid.png"), pictures.stream().map(GeneratedImage::image).toList());
 * }</pre>
 *
 * @param request what all cells share. A random seed is drawn once, when the grid is made, so that only the axes tell the
 *     pictures apart; its batch count is 1
 * @param x from left to right, changes the request first; {@link Axis#NONE} for one column
 * @param y from top to bottom, changes the request that x has made; {@link Axis#NONE} for one row
 * @param title stands above the grid; empty, for none, by default
 */
public record XyGrid(ImageRequest request, Axis x, Axis y, String title) {

    /** The most pictures of a grid. */
    public static final int MAX_CELLS = 10_000;

    /**
     * One picture of the grid.
     *
     * @param index its place in the order in which they are made: row by row, each from left to right; from 0
     * @param count pictures in all
     * @param label what tells it from the others, such as {@code Steps 20, CFG scale 4}
     * @param request what to make
     */
    public record Cell(int index, int count, String label, ImageRequest request) {}

    /** Hears how far a grid is. What it throws ends the work. */
    public interface Listener {

        /** Hears nothing. */
        Listener NONE = new Listener() {};

        /**
         * One report, on the thread and with the duties of a {@link ProgressListener}.
         *
         * @param cell the picture in work
         * @param progress how far it is
         */
        default void onProgress(Cell cell, Progress progress) {}

        /**
         * A picture is made. Called on the thread that waits for the grid.
         *
         * @param cell which
         * @param picture the picture
         */
        default void onPicture(Cell cell, GeneratedImage picture) {}
    }

    /**
     * Makes and checks the requests of all cells.
     *
     * @throws InvalidRequestException when a value is out of its range or does not fit the request, with its axis; when two
     *     cells would be the same picture; when the batch count is not 1, or there are too many cells
     */
    public XyGrid {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(x, "x");
        Objects.requireNonNull(y, "y");
        Check.text("title", title);
        int count = x.values().size() * y.values().size();
        Check.that(count <= MAX_CELLS, "the grid has %d pictures: give it %d or fewer".formatted(count, MAX_CELLS));
        if (request.settings().seed().isEmpty()) {
            request = request.with(builder -> builder.seed(StableDiffusion.randomSeed()));
        }
        Map<ImageRequest, Cell> seen = new HashMap<>();
        for (Cell cell : cells(request, x, y)) {
            int batch = cell.request().settings().batchCount();
            Check.that(batch == 1,
                    "batch count is %d, and a cell of a grid has one picture: ask for 1, and let an axis change the seed"
                            .formatted(batch));
            Cell same = seen.putIfAbsent(cell.request(), cell);
            if (same != null) {
                throw new InvalidRequestException(
                        "'%s' and '%s' would be the same picture: give values that differ, and each axis a field of its own"
                                .formatted(same.label(), cell.label()));
            }
        }
    }

    /**
     * Makes a grid without a title.
     *
     * @param request what all cells share
     * @param x from left to right
     * @param y from top to bottom
     * @return the grid
     * @throws InvalidRequestException when a value is out of its range or does not fit the request
     */
    public static XyGrid of(ImageRequest request, Axis x, Axis y) {
        return new XyGrid(request, x, y, "");
    }

    /**
     * Returns the grid with a title.
     *
     * @param text the title; empty for none
     * @return the grid
     */
    public XyGrid withTitle(String text) {
        return new XyGrid(request, x, y, text);
    }

    /**
     * Returns the cells.
     *
     * @return in the order in which they are made: row by row, each from left to right
     */
    public List<Cell> cells() {
        return cells(request, x, y);
    }

    /**
     * Makes the pictures.
     *
     * @param sd the model
     * @return one picture for each cell, in the order of the cells
     * @throws InvalidRequestException when the model cannot do what a value asks for; nothing is made then
     * @throws StableDiffusionException as {@link StableDiffusion#generate(ImageRequest)} does; the pictures made by then are
     *     known to a listener alone
     */
    public List<GeneratedImage> generate(StableDiffusion sd) {
        return generate(sd, Listener.NONE);
    }

    /**
     * Makes the pictures and reports progress.
     *
     * @param sd the model
     * @param listener hears how far the work is, and of each picture when it is made
     * @return one picture for each cell, in the order of the cells
     * @throws InvalidRequestException when the model cannot do what a value asks for; nothing is made then
     * @throws StableDiffusionException as {@link StableDiffusion#generate(ImageRequest, ProgressListener)} does; the pictures
     *     made by then have been given to the listener
     */
    public List<GeneratedImage> generate(StableDiffusion sd, Listener listener) {
        return generate(sd, listener, cell -> Previews.NONE);
    }

    /**
     * Makes the pictures, reports progress and shows them meanwhile.
     *
     * @param sd the model
     * @param listener hears how far the work is, and of each picture when it is made
     * @param previews how to show what is being made, and to whom; asked before each picture is begun
     * @return one picture for each cell, in the order of the cells
     * @throws InvalidRequestException when the model cannot do what a value asks for, nothing is made then; or when it cannot
     *     make such previews
     * @throws StableDiffusionException as {@link StableDiffusion#generate(ImageRequest, ProgressListener, Previews)} does; the
     *     pictures made by then have been given to the listener
     */
    public List<GeneratedImage> generate(StableDiffusion sd, Listener listener, Function<? super Cell, Previews> previews) {
        List<Cell> cells = cells();
        for (Cell cell : cells) {
            try {
                sd.check(cell.request());
            } catch (InvalidRequestException e) {
                throw new InvalidRequestException(cell.label() + ": " + e.getMessage(), e);
            }
        }
        List<GeneratedImage> pictures = new ArrayList<>();
        for (Cell cell : cells) {
            GeneratedImage picture = sd.generate(
                    cell.request(), progress -> listener.onProgress(cell, progress), previews.apply(cell)).getFirst();
            pictures.add(picture);
            listener.onPicture(cell, picture);
        }
        return List.copyOf(pictures);
    }

    /**
     * Draws the grid: the pictures on white, the values of x above the columns and those of y beside the rows, the axes' names
     * and the title outside of them. Without pictures it tells whether the grid can be drawn.
     *
     * @param pictures in the order of the cells, of the sizes that the requests ask for; the cells of missing ones at the end
     *     stay white
     * @return the picture of all
     * @throws InvalidRequestException when there are more pictures than cells, one is larger than its cell, the whole would
     *     have more than 2^31 bytes, or the machine has no fonts
     */
    public BufferedImage image(List<BufferedImage> pictures) {
        return XyDrawing.of(this).image(pictures);
    }

    /**
     * Draws the grid into a PNG file.
     *
     * @param png the file; it appears whole or not at all
     * @param pictures in the order of the cells, as for {@link #image}
     * @throws UncheckedIOException when it cannot be written
     * @throws InvalidRequestException as {@link #image} does
     */
    public void save(Path png, List<BufferedImage> pictures) {
        PictureGrid.write(png, image(pictures));
    }

    private static List<Cell> cells(ImageRequest request, Axis x, Axis y) {
        int columns = x.values().size();
        int count = columns * y.values().size();
        List<ImageRequest> row = x.values().stream().map(value -> change(request, x, value)).toList();
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Axis.Value across = x.values().get(i % columns);
            Axis.Value down = y.values().get(i / columns);
            cells.add(new Cell(i, count, label(x, across, y, down), change(row.get(i % columns), y, down)));
        }
        return List.copyOf(cells);
    }

    private static ImageRequest change(ImageRequest request, Axis axis, Axis.Value value) {
        try {
            return value.change().apply(request);
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException("axis %s, value %s: %s".formatted(axis.name(), value.label(), e.getMessage()), e);
        }
    }

    private static String label(Axis x, Axis.Value across, Axis y, Axis.Value down) {
        return String.join(", ", Stream.of(x.name() + " " + across.label(), y.name() + " " + down.label())
                .map(String::strip).filter(part -> !part.isEmpty()).toList());
    }
}
