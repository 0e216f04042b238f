import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The table of the same work in C and in Java: {@code java Table.java C_RESULTS JMH_RESULTS...}. It reads the lines of
 * {@code sdcpp4j-bench time} and JMH's JSON, both in ns/op, and compares medians. The formats are fixed, so patterns do.
 */
public final class Table {

    /** What a row compares: a name in native/bench/cases.c, a JMH method, the value of its parameter. */
    private record Row(String label, String c, String java, String parameter) {}

    private static final List<Row> ROWS = List.of(
            new Row("empty call", "call", "CallBenchmark.call", ""),
            new Row("progress report", "progress", "CallBenchmark.progress", ""),
            new Row("request, text to image", "request", "RequestBenchmark.textToImage", ""),
            new Row("request, image to image, 512x512", "copy512", "RequestBenchmark.imageToImage", ""),
            new Row("copy of the pixels, 512x512", "copy512", "PixelsBenchmark.copy", "512"),
            new Row("copy of the pixels, 1024x1024", "copy1024", "PixelsBenchmark.copy", "1024"),
            new Row("new BufferedImage, 512x512", "copy512", "PixelsBenchmark.image", "512"),
            new Row("new BufferedImage, 1024x1024", "copy1024", "PixelsBenchmark.image", "1024"),
            new Row("load and close", "load", "LoadBenchmark.loadAndClose", ""),
            new Row("picture, 64x64, 2 steps", "generate64", "GenerateBenchmark.generate64", ""),
            new Row("picture, 256x256, 4 steps", "generate256", "GenerateBenchmark.generate256", ""));

    private static final Pattern C_LINE = Pattern.compile("\"name\": \"(\\w+)\".*?\"score\": ([-+.\\dEe]+)");
    private static final Pattern JMH_NAME = Pattern.compile("\"benchmark\" : \"(?:\\w+\\.)*(\\w+\\.\\w+)\"");
    private static final Pattern JMH_PARAMETER = Pattern.compile("\"params\" : \\{\\s*\"\\w+\" : \"(\\w+)\"");
    private static final Pattern JMH_MEDIAN = Pattern.compile("\"50\\.0\" : ([-+.\\dEe]+)");

    private Table() {}

    public static void main(String[] args) throws IOException {
        Map<String, Double> c = new HashMap<>();
        C_LINE.matcher(Files.readString(Path.of(args[0]))).results()
                .forEach(line -> c.put(line.group(1), Double.valueOf(line.group(2))));
        Map<String, Double> java = new HashMap<>();
        for (String file : List.of(args).subList(1, args.length)) {
            for (String benchmark : Files.readString(Path.of(file)).split("\"jmhVersion\"")) {
                first(JMH_NAME, benchmark).ifPresent(name -> java.put(
                        name + first(JMH_PARAMETER, benchmark).orElse(""),
                        Double.valueOf(first(JMH_MEDIAN, benchmark).orElseThrow())));
            }
        }

        String line = "| %-32s | %8s | %8s | %8s |%n";
        System.out.printf(line, "work", "C", "Java", "Java / C");
        System.out.println("|----------------------------------|---------:|---------:|---------:|");
        for (Row row : ROWS) {
            Double inC = c.get(row.c);
            Double inJava = java.get(row.java + row.parameter);
            System.out.printf(line, row.label, time(inC), time(inJava),
                    inC == null || inJava == null ? "" : String.format(Locale.ROOT, "%.2f", inJava / inC));
        }
    }

    private static Optional<String> first(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).findFirst();
    }

    private static String time(Double nanoseconds) {
        if (nanoseconds == null) {
            return "";
        }
        double value = nanoseconds;
        for (String unit : List.of("ns", "us", "ms")) {
            if (value < 1000) {
                return threeDigits(value) + " " + unit;
            }
            value /= 1000;
        }
        return threeDigits(value) + " s";
    }

    private static String threeDigits(double value) {
        int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
