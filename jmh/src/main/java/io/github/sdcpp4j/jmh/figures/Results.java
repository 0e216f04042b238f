package io.github.sdcpp4j.jmh.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The folder that the figures go to: {@code NAME.md} with a table, {@code NAME.json} with a line for each figure, and
 * {@code ratios.tsv}, which the chart is drawn from.
 */
final class Results {

    private final Path folder;
    private final String name;

    /** Begins the results of a kind anew. */
    Results(Path folder, String name) throws IOException {
        this.folder = folder;
        this.name = name;
        Files.createDirectories(folder);
        Files.deleteIfExists(folder.resolve(name + ".md"));
        Files.deleteIfExists(folder.resolve(name + ".json"));
    }

    /** A line of the table, or of text beside it; shown on the terminal too. */
    void line(String line) throws IOException {
        System.out.println(line);
        append(folder.resolve(name + ".md"), line);
    }

    void header(String... cells) throws IOException {
        row(List.of(cells));
        line("|---|" + "---:|".repeat(cells.length - 1));
    }

    void row(List<String> cells) throws IOException {
        line("| " + String.join(" | ", cells) + " |");
    }

    /** All samples of a figure. */
    void samples(String figure, Map<String, List<Double>> samples) throws IOException {
        String fields = samples.entrySet().stream()
                .map(entry -> "\"%s\": %s".formatted(entry.getKey(), numbers(entry.getValue())))
                .collect(Collectors.joining(", "));
        append(folder.resolve(name + ".json"), "{\"figure\": \"%s\", %s}".formatted(figure, fields));
    }

    private static String numbers(List<Double> values) {
        return values.stream().map(value -> String.format(Locale.ROOT, "%.6g", value)).collect(Collectors.joining(", ", "[", "]"));
    }

    /** A bar of the chart: Java's time by C's. */
    void ratio(String label, double value) throws IOException {
        append(folder.resolve("ratios.tsv"), label + "\t" + String.format(Locale.ROOT, "%.4f", value));
    }

    private static void append(Path file, String line) throws IOException {
        Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
