package io.github.sdcpp4j.jmh.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The table of short work in C and in Java: of the lines of {@code sdcpp4j-bench time} and of JMH's JSON, both in ns/op,
 * medians are compared. The formats are fixed, so patterns do.
 */
public final class Table {

    /** What a row compares: a name in native/bench/cases.c, a JMH method, the value of its parameter. */
    private record Row(String label, String c, String java, String parameter) {}

    private static final List<Row> ROWS = List.of(
            new Row("empty call", "call", "CallBenchmark.call", ""),
            new Row("progress report", "progress", "CallBenchmark.progress", ""),
            new Row("request, text to image", "request", "RequestBenchmark.textToImage", ""),
            new Row("request, image to image, 512x512", "copy512", "RequestBenchmark.imageToImage", ""),
            new Row("the same with a picture made here", "copy512", "RequestBenchmark.imageToImageAgain", ""),
            new Row("copy of the pixels, 512x512", "copy512", "PixelsBenchmark.copy", "512"),
            new Row("copy of the pixels, 1024x1024", "copy1024", "PixelsBenchmark.copy", "1024"),
            new Row("new BufferedImage, 512x512, against the copy", "copy512", "PixelsBenchmark.image", "512"),
            new Row("new BufferedImage, 1024x1024, against the copy", "copy1024", "PixelsBenchmark.image", "1024"),
            new Row("new BufferedImage, 512x512", "new512", "PixelsBenchmark.image", "512"),
            new Row("new BufferedImage, 1024x1024", "new1024", "PixelsBenchmark.image", "1024"));

    /** Java alone. */
    private static final List<Row> JAVA_ROWS = List.of(
            new Row("an array of 512x512 pixels, not filled", "", "PixelsBenchmark.array", "512"),
            new Row("an array of 1024x1024 pixels, not filled", "", "PixelsBenchmark.array", "1024"),
            new Row("an array that is kept, cloned, 512x512", "", "PixelsBenchmark.cloned", "512"),
            new Row("an array that is kept, cloned, 1024x1024", "", "PixelsBenchmark.cloned", "1024"),
            new Row("`MemorySegment.toArray`, 512x512", "", "PixelsBenchmark.toArray", "512"),
            new Row("`MemorySegment.toArray`, 1024x1024", "", "PixelsBenchmark.toArray", "1024"),
            new Row("flight events of a request of 20 steps, no recording", "", "FlightBenchmark.request", "off"),
            new Row("the same with a recording", "", "FlightBenchmark.request", "on"));

    private static final Pattern C_LINE = Pattern.compile("\"name\": \"(\\w+)\".*?\"score\": ([-+.\\dEe]+)");
    private static final Pattern JMH_NAME = Pattern.compile("\"benchmark\" : \"(?:\\w+\\.)*(\\w+\\.\\w+)\"");
    private static final Pattern JMH_PARAMETER = Pattern.compile("\"params\" : \\{\\s*\"\\w+\" : \"(\\w+)\"");
    private static final Pattern JMH_MEDIAN = Pattern.compile("\"50\\.0\" : ([-+.\\dEe]+)");

    private Table() {}

    /**
     * Compares: {@code --results FOLDER --c FILE --java FILE}.
     *
     * @param args the options
     * @throws IOException when a file cannot be read, or a result not written
     */
    public static void main(String[] args) throws IOException {
        Options options = new Options(args);
        Map<String, Double> c = new HashMap<>();
        C_LINE.matcher(Files.readString(options.path("c"))).results()
                .forEach(line -> c.put(line.group(1), Double.valueOf(line.group(2))));
        Map<String, Double> java = new HashMap<>();
        for (String benchmark : Files.readString(options.path("java")).split("\"jmhVersion\"")) {
            first(JMH_NAME, benchmark).ifPresent(name -> java.put(
                    name + first(JMH_PARAMETER, benchmark).orElse(""),
                    Double.valueOf(first(JMH_MEDIAN, benchmark).orElseThrow())));
        }

        Results results = new Results(options.path("results"), "pieces");
        results.header("work", "C", "Java", "Java / C");
        for (Row row : ROWS) {
            Double inC = c.get(row.c);
            Double inJava = java.get(row.java + row.parameter);
            if (inC != null && inJava != null) {
                results.row(List.of(row.label, Units.time(inC), Units.time(inJava), Units.ratio(inJava / inC)));
                results.ratio(row.label, inJava / inC);
            }
        }
        for (Row row : JAVA_ROWS) {
            Double inJava = java.get(row.java + row.parameter);
            if (inJava != null) {
                results.row(List.of(row.label, "", Units.time(inJava), ""));
            }
        }
        results.line("");
    }

    private static Optional<String> first(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).findFirst();
    }
}
