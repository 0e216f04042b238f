/**
 * The parts of a loaded model, for people who learn and build: tokenizer, text encoder, VAE and UNet, and the
 * {@linkplain io.github.sdcpp4j.components.Tensor tensors} that go between them. Start at
 * {@link io.github.sdcpp4j.StableDiffusion#components()}.
 *
 * <p>With {@link io.github.sdcpp4j.schedulers} they make a whole pipeline in Java:
 *
 * {@snippet :
 * try (StableDiffusion sd = StableDiffusion.load(Path.of("v1-5-pruned-emaonly.safetensors"))) {
 *     Components parts = sd.components();
 *     NoiseScheduler scheduler = LmsScheduler.stableDiffusion1();
 *     scheduler.setTimesteps(50);
 *
 *     try (TextEmbedding prompt = parts.encodeText("a photograph of an astronaut riding a horse");
 *             TextEmbedding nothing = parts.encodeText("");
 *             Tensor latents = Tensor.randn(new TorchCpuNoise(32), 1, 4, 64, 64).scale(scheduler.initNoiseSigma());
 *             Tensor input = latents.copy()) {
 *         for (double t : scheduler.timesteps()) {
 *             float[] sample = latents.toArray();
 *             input.set(scheduler.scaleModelInput(sample, t));
 *             try (Tensor noise = parts.predictNoise(input, t, nothing);
 *                     Tensor withPrompt = parts.predictNoise(input, t, prompt)) {
 *                 noise.lerp(withPrompt, 7.5); // classifier-free guidance
 *                 latents.set(scheduler.step(noise.toArray(), t, sample).sample());
 *             }
 *         }
 *         BufferedImage picture = parts.decodeLatents(latents).getFirst();
 *     }
 * }
 * }
 */
package io.github.sdcpp4j.components;
