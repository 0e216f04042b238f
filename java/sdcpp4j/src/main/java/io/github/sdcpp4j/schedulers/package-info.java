/**
 * Schedulers in plain Java, for one's own denoising loop: those that diffusers' tutorials use, under their names and with their
 * numbers, on arrays of floats. Nothing here needs the native library.
 *
 * <p>A whole loop, with classifier-free guidance:
 *
 * {@snippet :
 * NoiseScheduler scheduler = LmsScheduler.stableDiffusion1();
 * scheduler.setTimesteps(50);
 *
 * float[] sample = new TorchCpuNoise(32).next(4 * 64 * 64);        // 512 x 512 pixels
 * for (int i = 0; i < sample.length; i++) {
 *     sample[i] *= (float) scheduler.initNoiseSigma();
 * }
 * for (double t : scheduler.timesteps()) {
 *     float[] input = scheduler.scaleModelInput(sample, t);
 *     float[] unconditional = unet(input, t, emptyPrompt);          // the model is one's own
 *     float[] conditional = unet(input, t, prompt);
 *     float[] noise = new float[sample.length];
 *     for (int i = 0; i < noise.length; i++) {
 *         noise[i] = unconditional[i] + 7.5f * (conditional[i] - unconditional[i]);
 *     }
 *     sample = scheduler.step(noise, t, sample).sample();
 * }                                                                 // decode(sample / 0.18215)
 * }
 *
 * <p>Image to image begins later: {@code addNoise} at one of {@code timesteps()}, and the loop from there on.
 *
 * <p>Sources: the papers that the classes name, and the behaviour of diffusers 0.42.1, whose configurations, timesteps and
 * trajectories the tests compare with; how those were made is in {@code java/verification}.
 */
package io.github.sdcpp4j.schedulers;
