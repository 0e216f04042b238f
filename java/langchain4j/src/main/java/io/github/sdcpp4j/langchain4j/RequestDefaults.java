package io.github.sdcpp4j.langchain4j;

import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.Mask;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.TextToImage;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.function.Consumer;

/** What every request gets; null leaves what the library has. {@code modelSize} is for pictures that start from no other. */
record RequestDefaults(
        Resolution size, Resolution modelSize, String negativePrompt, Integer steps, Double guidanceScale, Long seed, Sampler sampler,
        Scheduler scheduler, Double strength, int maskFeather, boolean transparentMasks, Duration timeout,
        Consumer<GenerationSettings.Builder<?>> customizer) {

    /** Refuses values out of their range. */
    void check() {
        BufferedImage any = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        textToImage("", 1);
        imageToImage(any, new Mask(any, maskFeather), "");
    }

    ImageRequest textToImage(String prompt, int count) {
        TextToImage.Builder request = TextToImage.builder();
        ifGiven(modelSize, value -> request.size(value.width(), value.height()));
        applyTo(request, prompt, count);
        return request.build();
    }

    ImageRequest imageToImage(BufferedImage image, Mask mask, String prompt) {
        ImageToImage.Builder request = ImageToImage.builder(image).mask(mask);
        ifGiven(strength, request::strength);
        applyTo(request, prompt, 1);
        return request.build();
    }

    private void applyTo(GenerationSettings.Builder<?> request, String prompt, int count) {
        request.prompt(prompt).batchCount(count).timeout(timeout).sampler(sampler).scheduler(scheduler);
        ifGiven(size, value -> request.size(value.width(), value.height()));
        ifGiven(negativePrompt, request::negativePrompt);
        ifGiven(steps, request::steps);
        ifGiven(guidanceScale, request::guidanceScale);
        ifGiven(seed, request::seed);
        customizer.accept(request);
    }

    private static <T> void ifGiven(T value, Consumer<? super T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }
}
