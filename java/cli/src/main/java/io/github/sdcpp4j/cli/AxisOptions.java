package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.Axis;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.XyGrid;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A grid in which one value changes from column to column and another from row to row. */
final class AxisOptions implements HelpSection.Member {

    @Option(names = "--x-axis", paramLabel = "NAME=VALUES",
            description = {
                "Make a grid with a column for each value: steps=10,20,30 or steps=10-30:10. -o is then the file of the grid;"
                        + " with --grid FILE that one is, and -o gets the single pictures.",
                "The names: ${COMPLETION-CANDIDATES}. prompt-sr replaces its first value, a part of the prompt, by each of"
                        + " its values. A value with a comma stands in double quotes."},
            completionCandidates = Names.class)
    private String x;

    @Option(names = "--y-axis", paramLabel = "NAME=VALUES", description = "The same with a row for each value.",
            completionCandidates = Names.class)
    private String y;

    @Option(names = "--grid-title", paramLabel = "TEXT", description = "What stands above a grid that has axes.")
    private String title;

    /** What the axes may be of. */
    static final class Names implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Axis.names().iterator();
        }
    }

    /**
     * The grid, checked, if there are axes.
     *
     * @param requests what the other options ask for
     * @throws InvalidRequestException when they are no grid
     */
    Optional<XyGrid> grid(List<ImageRequest> requests) {
        if (x == null && y == null) {
            if (title != null) {
                throw new InvalidRequestException("--grid-title is for a grid with axes: add --x-axis, --y-axis or both");
            }
            return Optional.empty();
        }
        if (requests.size() > 1) {
            throw new InvalidRequestException(
                    "there are %d prompts and an axis: give one prompt, and the others by --x-axis 'prompt=...'"
                            .formatted(requests.size()));
        }
        return Optional.of(new XyGrid(requests.getFirst(), axis(x), axis(y), title == null ? "" : title));
    }

    private static Axis axis(String definition) {
        return definition == null ? Axis.NONE : Axis.parse(definition);
    }

    @Override
    public HelpSection section() {
        return HelpSection.OUTPUT;
    }
}
