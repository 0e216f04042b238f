package io.github.sdcpp4j.components;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.Rng;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.schedulers.EulerScheduler;
import io.github.sdcpp4j.schedulers.NoiseScheduler;
import io.github.sdcpp4j.schedulers.NoiseSource;
import io.github.sdcpp4j.schedulers.TorchCpuNoise;
import io.github.sdcpp4j.schedulers.TorchCudaNoise;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.FamilyCheckpoints;
import io.github.sdcpp4j.testkit.Psnr;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The proof of the parts: a loop of one's own over them makes the picture that the runtime makes by itself. */
@Timeout(600)
class DenoisingLoopTest {

    private static final String PROMPT = "a (lovely:1.3) cat on a red table";
    private static final String NEGATIVE = "blurry";
    private static final int STEPS = 14;
    private static final double GUIDANCE = 7;
    private static final long SEED = 42;

    private static TextToImage request() {
        return TextToImage.builder().prompt(PROMPT).negativePrompt(NEGATIVE).size(128, 64).steps(STEPS).seed(SEED)
                .guidanceScale(GUIDANCE).sampler(Sampler.EULER).scheduler(Scheduler.DISCRETE).build();
    }

    private static BufferedImage loop(Components parts, NoiseSource source, NoiseScheduler scheduler) {
        try (TextEmbedding prompt = parts.encodeText(PROMPT); TextEmbedding negative = parts.encodeText(NEGATIVE)) {
            return loop(parts, prompt, negative, source, scheduler);
        }
    }

    private static BufferedImage loop(
            Components parts, TextEmbedding prompt, TextEmbedding negative, NoiseSource source, NoiseScheduler scheduler) {
        scheduler.setTimesteps(STEPS);
        try (Tensor latents = Tensor.randn(source, 1, 4, 8, 16).scale(scheduler.initNoiseSigma());
                Tensor input = latents.copy()) {
            for (double t : scheduler.timesteps()) {
                float[] sample = latents.toArray();
                input.set(scheduler.scaleModelInput(sample, t));
                try (Tensor noise = parts.predictNoise(input, t, negative); Tensor withPrompt = parts.predictNoise(input, t, prompt)) {
                    latents.set(scheduler.step(noise.lerp(withPrompt, GUIDANCE).toArray(), t, sample).sample());
                }
            }
            return parts.decodeLatents(latents).getFirst();
        }
    }

    @Test
    void eulerInJavaMakesThePictureOfTheRuntime() {
        StableDiffusion sd = Models.shared();
        BufferedImage runtime = sd.generate(request()).getFirst().image();
        BufferedImage own = loop(sd.components(), new TorchCudaNoise(SEED), EulerScheduler.stableDiffusion1());
        assertThat(Psnr.of(own, runtime)).isGreaterThan(40);
        assertThat(Psnr.of(loop(sd.components(), new TorchCudaNoise(SEED + 1), EulerScheduler.stableDiffusion1()), runtime))
                .as("of another seed").isLessThan(30);
    }

    @Test
    void withTheNoiseOfTheCpuTheSame() {
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).rng(Rng.CPU).load()) {
            BufferedImage runtime = sd.generate(request()).getFirst().image();
            BufferedImage own = loop(sd.components(), new TorchCpuNoise(SEED), EulerScheduler.stableDiffusion1());
            assertThat(Psnr.of(own, runtime)).isGreaterThan(40);
        }
    }

    /** SDXL is told the size, by the pooled embedding, and an empty negative prompt is zeros. */
    @Test
    void sdxlMakesThePictureOfTheRuntimeWhenItIsToldTheSize() {
        TextToImage request = request().toBuilder().negativePrompt("").build();
        try (StableDiffusion sd = StableDiffusion.load(FamilyCheckpoints.sdxl(Models.fixtures()))) {
            BufferedImage runtime = sd.generate(request).getFirst().image();
            Components parts = sd.components();
            assertThat(parts.scalingFactor()).isEqualTo(0.13025);
            assertThat(Psnr.of(sdxlLoop(parts, new Resolution(128, 64)), runtime)).isGreaterThan(40);
            assertThat(Psnr.of(sdxlLoop(parts, new Resolution(1024, 1024)), runtime)).as("of another size").isLessThan(30);
        }
    }

    private static BufferedImage sdxlLoop(Components parts, Resolution size) {
        try (TextEmbedding prompt = parts.encodeText(PROMPT, 2, size); TextEmbedding nothing = parts.encodeText("", 2, size)) {
            assertThat(prompt.context().shape()).containsExactly(1, 77, 2048);
            assertThat(prompt.pooled().orElseThrow().shape()).containsExactly(1, 2816);
            assertThat(nothing.context().toArray()).containsOnly(0);
            return loop(parts, prompt, nothing, new TorchCudaNoise(SEED), EulerScheduler.stableDiffusion1());
        }
    }

    /** The runtime's schedule from the model's own noise: evenly spaced timesteps, and sigmas between the training's by their logarithms. */
    @Test
    void withTheSigmasOfTheRuntimeItIsThePictureToTheByteButForRounding() {
        StableDiffusion sd = Models.shared();
        BufferedImage runtime = sd.generate(request()).getFirst().image();
        Components parts = sd.components();
        double[] logSigmas = new double[1000];
        float[] alphas = parts.alphasCumprod();
        Arrays.setAll(logSigmas, t -> Math.log(Math.sqrt((1 - alphas[t]) / alphas[t])));
        double[] sigmas = new double[STEPS + 1];
        double[] timesteps = new double[STEPS];
        for (int i = 0; i < STEPS; i++) {
            timesteps[i] = 999 - i * 999.0 / (STEPS - 1);
            int below = Math.clamp((int) timesteps[i], 0, 998);
            sigmas[i] = Math.exp(logSigmas[below] + (timesteps[i] - below) * (logSigmas[below + 1] - logSigmas[below]));
        }
        try (TextEmbedding prompt = parts.encodeText(PROMPT);
                TextEmbedding negative = parts.encodeText(NEGATIVE);
                Tensor latents = Tensor.randn(new TorchCudaNoise(SEED), 1, 4, 8, 16).scale(sigmas[0])) {
            for (int i = 0; i < STEPS; i++) {
                try (Tensor input = latents.copy().scale(1 / Math.sqrt(sigmas[i] * sigmas[i] + 1));
                        Tensor noise = parts.predictNoise(input, timesteps[i], negative);
                        Tensor withPrompt = parts.predictNoise(input, timesteps[i], prompt)) {
                    latents.axpy(sigmas[i + 1] - sigmas[i], noise.lerp(withPrompt, GUIDANCE));
                }
            }
            BufferedImage own = parts.decodeLatents(latents).getFirst();
            assertThat(Psnr.of(own, runtime)).isGreaterThan(50);
        }
    }
}
