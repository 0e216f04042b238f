package io.github.sdcpp4j.jmh.figures;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each setting of the runtime does to a picture on the CPU: a step and a decoding by the setting, divided by those of the
 * first one. All settings are run in turns, each in a C process of its own, several times over; a ratio compares runs of the
 * same round. Then the same with a neighbour that keeps one processor busy, for the settings that this concerns.
 */
public final class Settings {

    /** Not measured: reads weights and touches memory. */
    private static final String FIRST = "phases 64 2";

    /** Where upstream's own settings for the CPU make a difference. */
    private static final String[] GGMLS = {"--backend", "cpu"};

    private record Setting(String label, Path bench, Map<String, String> environment, List<String> options) {}

    private record Taken(List<Double> text, List<Double> step, List<Double> decode) {
        Taken() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    private final Results results;
    private final int rounds;
    private final int side;
    private final int steps;
    private final List<String> model;

    private Settings(Options options) throws IOException {
        results = new Results(options.path("results"), "settings");
        rounds = options.number("rounds");
        side = options.number("side");
        steps = options.number("steps");
        model = List.of("--model", options.text("model"));
    }

    /**
     * Measures: {@code --bench FILE --results FOLDER --model FILE --threads N --side PIXELS --steps N --rounds N
     * [--other FILE]}, where other is the sdcpp4j-bench of another build.
     *
     * @param args the options
     * @throws IOException when a result cannot be written
     */
    public static void main(String[] args) throws IOException {
        Options options = new Options(args);
        Path bench = options.path("bench");
        int threads = options.number("threads");
        Settings settings = new Settings(options);

        List<Setting> waiting = new ArrayList<>();
        waiting.add(new Setting("as it is, threads: " + threads, bench, Map.of(), threads(threads)));
        waiting.add(new Setting("`--backend fastcpu-bf16`", bench, Map.of(), with(threads, "--backend", "fastcpu-bf16")));
        if (threads > 1) {
            waiting.add(new Setting("threads: " + threads / 2, bench, Map.of(), threads(threads / 2)));
        }
        waiting.add(new Setting("`--backend cpu`", bench, Map.of(), with(threads, GGMLS)));
        waiting.add(new Setting("the same, OMP_WAIT_POLICY=passive", bench, Map.of("OMP_WAIT_POLICY", "passive"), with(threads, GGMLS)));
        options.given("other").map(Path::of).ifPresent(other -> {
            waiting.add(new Setting("the other build", other, Map.of(), threads(threads)));
            waiting.add(new Setting("the other build, `--backend cpu`", other, Map.of(), with(threads, GGMLS)));
        });

        List<Setting> all = new ArrayList<>(waiting);
        all.add(new Setting("threads: " + 2 * threads, bench, Map.of(), threads(2 * threads)));
        List.of("f32", "bf16", "q8_0", "q4_0")
                .forEach(type -> all.add(new Setting("`--type " + type + "`", bench, Map.of(), with(threads, "--type", type))));
        List.of("--diffusion-flash-attention", "--flash-attention", "--diffusion-conv-direct", "--vae-conv-direct")
                .forEach(flag -> all.add(new Setting("`--backend cpu " + flag + "`", bench, Map.of(), with(threads, "--backend", "cpu", flag))));

        settings.measure("nothing else running", all);
        try (Neighbour neighbour = new Neighbour()) {
            settings.measure("one busy process beside it", waiting);
        }
    }

    private static List<String> threads(int count) {
        return List.of("--threads", Integer.toString(count));
    }

    private static List<String> with(int threads, String... options) {
        List<String> all = new ArrayList<>(threads(threads));
        all.addAll(List.of(options));
        return all;
    }

    private void measure(String condition, List<Setting> settings) throws IOException {
        Map<Setting, Taken> taken = new LinkedHashMap<>();
        settings.forEach(setting -> taken.put(setting, new Taken()));
        Taken again = new Taken(); // the first one once more at a round's end, so that a drift within it shows in neither direction
        for (int round = 0; round < rounds; round++) {
            for (Setting setting : settings) {
                run(setting, taken.get(setting));
            }
            run(settings.getFirst(), again);
        }
        results.header(condition, "a step", "decoding", "step / first row", "decoding / first row", "text encoding / first row");
        Taken base = taken.get(settings.getFirst());
        for (Setting setting : settings) {
            Taken own = taken.get(setting);
            results.row(List.of(setting.label, Units.time(Median.of(own.step).value()), Units.time(Median.of(own.decode).value()),
                    ratio(own.step, base.step, again.step), ratio(own.decode, base.decode, again.decode),
                    ratio(own.text, base.text, again.text)));
            results.samples(condition + ", " + setting.label.replace("`", ""),
                    Map.of("text", own.text, "step", own.step, "decode", own.decode));
        }
        results.line("");
    }

    private void run(Setting setting, Taken taken) {
        List<String> options = new ArrayList<>(model);
        options.addAll(setting.options);
        try (CProcess process = new CProcess(setting.bench, setting.environment, options)) {
            process.run(FIRST);
            Map<String, Double> phases = process.run("phases %d %d".formatted(side, steps));
            taken.text.add(phases.get("text"));
            taken.step.add(phases.get("sample") / steps);
            taken.decode.add(phases.get("decode"));
        }
    }

    /** The middle of the rounds' ratios. */
    private static String ratio(List<Double> own, List<Double> before, List<Double> after) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            ratios.add(2 * own.get(i) / (before.get(i) + after.get(i)));
        }
        return Units.ratio(Median.of(ratios).value());
    }

    /** Keeps one processor busy. */
    private static final class Neighbour implements AutoCloseable {
        private final Process process;

        Neighbour() throws IOException {
            process = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
