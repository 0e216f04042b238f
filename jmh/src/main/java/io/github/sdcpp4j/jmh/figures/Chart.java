package io.github.sdcpp4j.jmh.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;

/** Draws {@code ratios.tsv}: a bar for each piece of work, how many times as long it takes in Java, on a logarithmic scale. */
public final class Chart {

    private static final int LEFT = 330;
    private static final int WIDTH = 520;
    private static final int ROW = 24;
    private static final int TOP = 56;
    private static final double LOWEST = 0.5;

    private record Bar(String label, double ratio) {}

    private Chart() {}

    /**
     * Draws: {@code --results FOLDER --out FILE}.
     *
     * @param args the options
     * @throws IOException when the ratios cannot be read, or the chart not written
     */
    public static void main(String[] args) throws IOException {
        Options options = new Options(args);
        List<Bar> bars = Files.readAllLines(options.path("results").resolve("ratios.tsv")).stream()
                .map(line -> line.split("\t"))
                .map(cells -> new Bar(cells[0], Double.parseDouble(cells[1])))
                .toList();
        Files.writeString(options.path("out"), svg(bars));
    }

    private static String svg(List<Bar> bars) {
        double highest = 2;
        for (Bar bar : bars) {
            while (bar.ratio > highest) {
                highest *= highest < 10 ? 5 : 2; // 2, 10, 20, 40 ...
            }
        }
        int height = TOP + bars.size() * ROW + 16;
        StringBuilder svg = new StringBuilder();
        add(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">",
                LEFT + WIDTH + 70, height);
        add(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
        add(svg, "<text x=\"12\" y=\"24\" font-size=\"15\">Time in Java / time in C, logarithmic; 1 is as fast as C</text>");
        for (double mark : new double[] {0.5, 1, 2, 5, 10, 20, 50, 100}) {
            if (mark <= highest) {
                double x = x(mark, highest);
                add(svg, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>", x, TOP - 8, x, height - 12,
                        mark == 1 ? "black" : "#cccccc");
                add(svg, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", x, TOP - 12,
                        mark < 1 ? "0.5" : Integer.toString((int) mark));
            }
        }
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            int y = TOP + i * ROW;
            double end = x(Math.max(LOWEST, bar.ratio), highest);
            double from = Math.min(x(1, highest), end);
            add(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", LEFT - 8, y + 15, escaped(bar.label));
            add(svg, "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>", from, y + 4,
                    Math.max(1.5, Math.abs(end - x(1, highest))), ROW - 9, bar.ratio > 1.05 ? "#d08a3c" : "#3c7ad0");
            add(svg, "<text x=\"%.1f\" y=\"%d\">%s</text>", Math.max(end, x(1, highest)) + 6, y + 15, Units.ratio(bar.ratio));
        }
        return svg.append("</svg>\n").toString();
    }

    private static double x(double ratio, double highest) {
        return LEFT + WIDTH * Math.log(ratio / LOWEST) / Math.log(highest / LOWEST);
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
