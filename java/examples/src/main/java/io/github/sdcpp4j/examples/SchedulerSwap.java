package io.github.sdcpp4j.examples;

import io.github.sdcpp4j.PictureGrid;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.components.Components;
import io.github.sdcpp4j.components.Tensor;
import io.github.sdcpp4j.components.TextEmbedding;
import io.github.sdcpp4j.schedulers.DdimScheduler;
import io.github.sdcpp4j.schedulers.DpmSolverMultistepScheduler;
import io.github.sdcpp4j.schedulers.EulerAncestralScheduler;
import io.github.sdcpp4j.schedulers.EulerScheduler;
import io.github.sdcpp4j.schedulers.LmsScheduler;
import io.github.sdcpp4j.schedulers.NoiseScheduler;
import io.github.sdcpp4j.schedulers.PndmScheduler;
import io.github.sdcpp4j.schedulers.TorchCpuNoise;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same loop, prompt and seed with one scheduler after the other, all pictures in one grid with their names. */
final class SchedulerSwap {

    private SchedulerSwap() {}

    public static void main(String[] args) {
        Example example = Example.of(args, 40);
        Map<String, NoiseScheduler> schedulers = new LinkedHashMap<>();
        schedulers.put("DDIM", DdimScheduler.stableDiffusion1());
        schedulers.put("PNDM", PndmScheduler.stableDiffusion1());
        schedulers.put("LMS", LmsScheduler.stableDiffusion1());
        schedulers.put("Euler", EulerScheduler.stableDiffusion1());
        schedulers.put("Euler a", EulerAncestralScheduler.stableDiffusion1(new TorchCpuNoise(77)));
        schedulers.put("DPM++ 2M", DpmSolverMultistepScheduler.stableDiffusion1());
        try (StableDiffusion sd = example.load()) {
            Components parts = sd.components();
            List<BufferedImage> pictures = new ArrayList<>();
            schedulers.forEach((name, scheduler) -> example.timed(name, () -> pictures.add(loop(example, parts, scheduler))));
            example.save("schedulers", PictureGrid.of(pictures).withColumns(3).withLabels(List.copyOf(schedulers.keySet())).image());
        }
    }

    private static BufferedImage loop(Example example, Components parts, NoiseScheduler scheduler) {
        scheduler.setTimesteps(example.steps());
        double[] timesteps = scheduler.timesteps();
        try (TextEmbedding text = parts.encodeText("an orange square on a black background");
                TextEmbedding empty = parts.encodeText("");
                Tensor latents = example.noise(parts, scheduler, 1, 42)) {
            for (double timestep : timesteps) {
                Example.step(parts, scheduler, timestep, latents, text, empty, 7.5);
            }
            return parts.decodeLatents(latents).getFirst();
        }
    }
}
