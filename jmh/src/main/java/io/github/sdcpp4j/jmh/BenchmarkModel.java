package io.github.sdcpp4j.jmh;

import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.testkit.Fixtures;
import java.nio.file.Path;

/** The model and the requests of all benchmarks: the same as in native/bench/cases.c. */
public final class BenchmarkModel {

    static final String PROMPT =
            "a (red:1.2) fox in the snow, [blurry] trees, golden hour, highly detailed, 35mm photograph";
    static final String NEGATIVE_PROMPT =
            "lowres, bad anatomy, extra fingers, cropped, worst quality, jpeg artifacts, watermark";

    private BenchmarkModel() {}

    /** The system property {@code sdcpp4j.jmh.model}, or the small checkpoint in the folder {@code sdcpp4j.fixtures}. */
    public static Path path() {
        String configured = System.getProperty("sdcpp4j.jmh.model");
        return configured != null ? Path.of(configured) : Fixtures.smallSd1(Path.of(System.getProperty("sdcpp4j.fixtures")));
    }

    public static LoadOptions options() {
        LoadOptions.Builder options = StableDiffusion.builder(path());
        Integer threads = Integer.getInteger("sdcpp4j.jmh.threads");
        return (threads == null ? options : options.threads(threads)).build();
    }

    /** A request with a value for everything. */
    public static TextToImage request(int side, int steps) {
        return TextToImage.builder()
                .prompt(PROMPT)
                .negativePrompt(NEGATIVE_PROMPT)
                .size(side, side)
                .steps(steps)
                .guidanceScale(7)
                .sampler(Sampler.EULER_A)
                .scheduler(Scheduler.KARRAS)
                .seed(42)
                .clipSkip(2)
                .eta(1)
                .build();
    }

    /** Prints the model's path; writes the small checkpoint first if need be. */
    public static void main(String[] args) {
        System.out.println(path());
    }
}
