package io.github.sdcpp4j.jmh.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a sampling step leaves to the garbage collector: StepsBenchmark's bytes by {@code -prof gc}, of 12 steps less those of 4. */
public final class Garbage {

    private static final Pattern PARAMETERS = Pattern.compile("\"hears\" : \"(\\w+)\",\\s*\"steps\" : \"(\\d+)\"");
    private static final Pattern BYTES = Pattern.compile(
            "gc\\.alloc\\.rate\\.norm\" : \\{.*?\"50\\.0\" : ([-+.\\dEe]+)", Pattern.DOTALL); // the median: other threads allocate too
    private static final int FEW = 4;
    private static final int MORE = 12;

    private Garbage() {}

    /**
     * Reads: {@code --results FOLDER --java FILE}.
     *
     * @param args the options
     * @throws IOException when the file cannot be read, or a result not written
     */
    public static void main(String[] args) throws IOException {
        Options options = new Options(args);
        Map<String, Double> bytes = new HashMap<>();
        for (String benchmark : Files.readString(options.path("java")).split("\"jmhVersion\"")) {
            Matcher parameters = PARAMETERS.matcher(benchmark);
            Matcher allocated = BYTES.matcher(benchmark);
            if (parameters.find() && allocated.find()) {
                bytes.put(parameters.group(1) + parameters.group(2), Double.valueOf(allocated.group(1)));
            }
        }
        Results results = new Results(options.path("results"), "garbage");
        results.header("allocated in Java's heap by a picture, 64x64", FEW + " steps", MORE + " steps", "by a step");
        row(results, "nobody listens", "nobody", bytes);
        row(results, "a progress listener", "listener", bytes);
        results.line("");
    }

    private static void row(Results results, String label, String key, Map<String, Double> bytes) throws IOException {
        double few = bytes.get(key + FEW);
        double more = bytes.get(key + MORE);
        results.row(List.of(label, Units.bytes(few), Units.bytes(more), Units.bytes((more - few) / (MORE - FEW))));
    }
}
