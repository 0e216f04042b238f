package io.github.sdcpp4j.jmh.figures;

import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.PreviewMode;
import io.github.sdcpp4j.Previews;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.components.Components;
import io.github.sdcpp4j.components.Tensor;
import io.github.sdcpp4j.jmh.BenchmarkModel;
import io.github.sdcpp4j.schedulers.TorchCudaNoise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Long work in this JVM and in a C process, in turns: Java, C, C, Java. A machine's speed drifts by more than the difference
 * that is looked for, so each four give one ratio, in which a drift falls out, and the middle of these ratios is told with
 * the bounds that it lies within.
 */
public final class Pairs {

    private final Results results;
    private final int fours;

    private Pairs(Results results, int fours) {
        this.results = results;
        this.fours = fours;
    }

    /**
     * Measures: {@code --bench FILE --results FOLDER --threads N --fours N [--brief yes]}; the model as in
     * {@link BenchmarkModel}.
     *
     * @param args the options
     * @throws IOException when a result cannot be written
     */
    public static void main(String[] args) throws IOException {
        Options options = new Options(args);
        Pairs pairs = new Pairs(new Results(options.path("results"), "pairs"), options.number("fours"));
        boolean brief = options.given("brief").isPresent();
        LoadOptions load = BenchmarkModel.options();
        List<String> c = List.of("--model", BenchmarkModel.path().toString(), "--threads", options.text("threads"));
        pairs.results.header("work", "C", "Java", "Java / C");
        try (CProcess process = new CProcess(options.path("bench"), Map.of(), c)) {
            pairs.loading(process, load);
            try (StableDiffusion model = StableDiffusion.load(load)) {
                pairs.picture(process, model, 64, 2);
                if (!brief) {
                    pairs.picture(process, model, 128, 4);
                }
            }
        }
        pairs.results.line("");
        if (brief) {
            return;
        }
        try (StableDiffusion model = StableDiffusion.load(load)) {
            pairs.previews(model);
        }
    }

    private static double nanoseconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    private void loading(CProcess c, LoadOptions load) throws IOException {
        compare("load and close", () -> c.nanoseconds("load"), () -> StableDiffusion.load(load).close());
    }

    private void picture(CProcess c, StableDiffusion model, int side, int steps) throws IOException {
        TextToImage request = BenchmarkModel.request(side, steps);
        compare("picture, %dx%d, %d steps".formatted(side, side, steps),
                () -> c.nanoseconds("picture %d %d".formatted(side, steps)), () -> model.generate(request));
    }

    private void compare(String label, DoubleSupplier inC, Runnable inJava) throws IOException {
        nanoseconds(inJava); // touches memory and lets the JVM compile
        inC.getAsDouble();
        List<Double> java = new ArrayList<>();
        List<Double> c = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < fours; i++) {
            double first = nanoseconds(inJava);
            double second = inC.getAsDouble();
            double third = inC.getAsDouble();
            double fourth = nanoseconds(inJava);
            java.addAll(List.of(first, fourth));
            c.addAll(List.of(second, third));
            ratios.add((first + fourth) / (second + third));
        }
        Median ratio = Median.of(ratios);
        results.row(List.of(label, Units.time(Median.of(c).value()), Units.time(Median.of(java).value()), ratio.text()));
        results.samples(label, Map.of("c", c, "java", java, "ratios", ratios));
        results.ratio(label, ratio.value());
    }

    /** A preview against what its decoder takes alone: the VAE's at every step, and the projection, which needs no decoder. */
    private void previews(StableDiffusion model) throws IOException {
        int side = 128;
        int steps = 4;
        TextToImage request = BenchmarkModel.request(side, steps);
        Components parts = model.components();
        List<Double> vae = new ArrayList<>();
        List<Double> projection = new ArrayList<>();
        List<Double> decode = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        try (Tensor latents = Tensor.randn(new TorchCudaNoise(1), 1, 4, side / 8, side / 8)) {
            model.generate(request);
            parts.decodeLatents(latents);
            for (int i = 0; i < Math.ceilDiv(fours, 2); i++) { // each round has four pictures and many decodings
                double before = nanoseconds(() -> model.generate(request));
                double withVae = nanoseconds(() -> shown(model, request, PreviewMode.VAE));
                double alone = nanoseconds(() -> parts.decodeLatents(latents)) + nanoseconds(() -> parts.decodeLatents(latents));
                double withProjection = nanoseconds(() -> shown(model, request, PreviewMode.PROJECTION));
                double after = nanoseconds(() -> model.generate(request));
                double plain = (before + after) / 2;
                vae.add((withVae - plain) / steps);
                projection.add((withProjection - plain) / steps);
                decode.add(alone / 2);
                ratios.add(vae.getLast() / decode.getLast());
            }
        }
        Median ratio = Median.of(ratios);
        results.header("what a preview of 128x128 costs", "decode alone", "by preview", "preview / decode");
        results.row(List.of("VAE, at every step", Units.time(Median.of(decode).value()), Units.time(Median.of(vae).value()), ratio.text()));
        results.row(List.of("projection, at every step", "", Units.time(Median.of(projection).value()), ""));
        results.samples("previews", Map.of("vae", vae, "projection", projection, "decode", decode, "ratios", ratios));
    }

    private static List<GeneratedImage> shown(StableDiffusion model, TextToImage request, PreviewMode mode) {
        return model.generate(request, ProgressListener.NONE, new Previews(mode, 1, preview -> {}));
    }
}
