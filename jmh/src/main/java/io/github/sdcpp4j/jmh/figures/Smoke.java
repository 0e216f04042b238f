package io.github.sdcpp4j.jmh.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at the ratios of a short run and fails when one is clearly off. Times depend on the machine and on its neighbours, so
 * only ratios of the same run are looked at. The limits of short work are far from what is measured on a quiet machine: there
 * the JVM must find time to compile. A limit that is passed means that something is done which was not done before.
 */
public final class Smoke {

    private static final Map<String, Double> LIMITS = new LinkedHashMap<>();

    static {
        LIMITS.put("empty call", 100.0);
        LIMITS.put("progress report", 1000.0);
        LIMITS.put("request, text to image", 1000.0);
        LIMITS.put("request, image to image, 512x512", 500.0);
        LIMITS.put("new BufferedImage, 512x512", 80.0);
        LIMITS.put("load and close", 3.0);
        LIMITS.put("picture, 64x64, 2 steps", 1.5);
    }

    private Smoke() {}

    /**
     * Looks: {@code --results FOLDER}. Ends with status 1 and a sentence for each ratio that is off or was not measured.
     *
     * @param args the options
     * @throws IOException when the ratios cannot be read
     */
    public static void main(String[] args) throws IOException {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (String line : Files.readAllLines(new Options(args).path("results").resolve("ratios.tsv"))) {
            String[] cells = line.split("\t");
            ratios.put(cells[0], Double.valueOf(cells[1]));
        }
        List<String> complaints = new ArrayList<>();
        LIMITS.forEach((label, limit) -> {
            Double ratio = ratios.get(label);
            if (ratio == null) {
                complaints.add("\"" + label + "\" was not measured: the run before this has failed, or the row has another name now");
            } else if (ratio > limit) {
                complaints.add("\"%s\" takes %.2f times as long in Java as in C, and %.1f is the most that is sound: see jmh/README.md"
                        .formatted(label, ratio, limit));
            }
        });
        complaints.forEach(System.err::println);
        if (!complaints.isEmpty()) {
            System.exit(1);
        }
        System.out.println(LIMITS.size() + " ratios are sound");
    }
}
