package io.github.sdcpp4j.jmh;

import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.components.Components;
import io.github.sdcpp4j.components.Tensor;
import io.github.sdcpp4j.components.TextEmbedding;
import io.github.sdcpp4j.schedulers.EulerScheduler;
import io.github.sdcpp4j.schedulers.NoiseScheduler;
import io.github.sdcpp4j.schedulers.TorchCudaNoise;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The same picture by the runtime's own loop and by one in Java over the model's parts. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class LoopBenchmark {

    private static final int SIDE = 128;
    private static final int STEPS = 10;
    private static final double GUIDANCE = 7;
    private static final long SEED = 42;

    private StableDiffusion model;

    @Setup
    public void setUp() {
        model = StableDiffusion.load(BenchmarkModel.options());
    }

    @TearDown
    public void tearDown() {
        model.close();
    }

    /** The runtime's loop. */
    @Benchmark
    public List<GeneratedImage> generate() {
        return model.generate(TextToImage.builder().prompt(BenchmarkModel.PROMPT).negativePrompt(BenchmarkModel.NEGATIVE_PROMPT)
                .size(SIDE, SIDE).steps(STEPS).guidanceScale(GUIDANCE).sampler(Sampler.EULER).scheduler(Scheduler.DISCRETE).seed(SEED).build());
    }

    /** The loop in Java. */
    @Benchmark
    public List<BufferedImage> loop() {
        Components parts = model.components();
        NoiseScheduler scheduler = EulerScheduler.stableDiffusion1();
        scheduler.setTimesteps(STEPS);
        try (TextEmbedding prompt = parts.encodeText(BenchmarkModel.PROMPT);
                TextEmbedding negative = parts.encodeText(BenchmarkModel.NEGATIVE_PROMPT);
                Tensor latents = Tensor.randn(new TorchCudaNoise(SEED), 1, 4, SIDE / 8, SIDE / 8).scale(scheduler.initNoiseSigma());
                Tensor input = latents.copy()) {
            for (double t : scheduler.timesteps()) {
                float[] sample = latents.toArray();
                input.set(scheduler.scaleModelInput(sample, t));
                try (Tensor noise = parts.predictNoise(input, t, negative); Tensor withPrompt = parts.predictNoise(input, t, prompt)) {
                    noise.lerp(withPrompt, GUIDANCE);
                    latents.set(scheduler.step(noise.toArray(), t, sample).sample());
                }
            }
            return parts.decodeLatents(latents);
        }
    }
}
