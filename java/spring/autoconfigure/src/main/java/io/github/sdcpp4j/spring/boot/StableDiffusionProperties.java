package io.github.sdcpp4j.spring.boot;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.WeightType;
import io.github.sdcpp4j.spring.ai.StableDiffusionImageOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is loaded, and how it paints when a prompt does not say. A property that there is not ends the start: a slip of the pen
 * would else be a picture that nobody asked for.
 *
 * @param modelPath The checkpoint: a .safetensors, .ckpt or .gguf file.
 * @param demo Whether to load the small checkpoint of the artifact sdcpp4j-demo, in the place of a model path.
 * @param vae Another VAE than the checkpoint's.
 * @param taesd A tiny autoencoder in the VAE's place.
 * @param loraFolder Where LoRAs that a prompt names are looked for.
 * @param embeddingFolder A folder of textual inversion embeddings, named as their files.
 * @param threads CPU threads for one picture. By default the processors, halved when there are more than four.
 * @param weightType What the weights are converted to while loading, such as f16 or q8_0. By default they stay as they are.
 * @param mmap Whether to map the file instead of reading it.
 * @param flashAttention Whether to compute attention without the full score matrix.
 * @param backend Where to compute, such as cpu or cuda0. By default the first GPU, or the CPU without one.
 * @param worker Whether to run the model in a process of its own, whose death ends one picture and not the application.
 * @param queueCapacity How many pictures may wait or be in work before the next is refused.
 * @param memoryLimit What one picture may need beside the weights. By default what is free.
 * @param image How pictures are made.
 */
@ConfigurationProperties(prefix = StableDiffusionProperties.PREFIX, ignoreUnknownFields = false)
public record StableDiffusionProperties(
        @Nullable Path modelPath,
        @DefaultValue("false") boolean demo,
        @Nullable Path vae,
        @Nullable Path taesd,
        @Nullable Path loraFolder,
        @Nullable Path embeddingFolder,
        @Nullable Integer threads,
        @Nullable WeightType weightType,
        @DefaultValue("false") boolean mmap,
        @DefaultValue("false") boolean flashAttention,
        @DefaultValue("") String backend,
        @DefaultValue("false") boolean worker,
        @DefaultValue("64") int queueCapacity,
        @Nullable DataSize memoryLimit,
        @DefaultValue Image image) {

    /** What all properties begin with. */
    public static final String PREFIX = "spring.ai.sdcpp4j";

    /**
     * How pictures are made.
     *
     * @param options What a prompt's own options leave open.
     */
    public record Image(@DefaultValue Options options) {}

    /**
     * What a prompt's own options leave open.
     *
     * @param n Pictures to make.
     * @param width Pixels, a multiple of 8. By default what the model's file says, else 512.
     * @param height Pixels, a multiple of 8. By default what the model's file says, else 512.
     * @param negativePrompt What to keep away from.
     * @param steps Sampling steps, 1 to 1000. 20 by default.
     * @param guidanceScale Classifier-free guidance, 0 to 100. 7 by default; 1 switches it off and halves the work.
     * @param seed 0 or more. Random for each picture by default.
     * @param sampler The sampling method, such as euler_a or dpm++2m. The model family's own by default.
     * @param scheduler The noise schedule, such as karras. The model family's own by default.
     * @param strength How much a picture in a message is changed, 0 to 1. 0.75 by default.
     * @param maskFeather Width in pixels of the soft edge of what a mask repaints, 0 to 512. 0 by default.
     * @param timeout How long a call may take, the wait for earlier ones included. No limit by default.
     */
    public record Options(
            @Nullable Integer n,
            @Nullable Integer width,
            @Nullable Integer height,
            @Nullable String negativePrompt,
            @Nullable Integer steps,
            @Nullable Double guidanceScale,
            @Nullable Long seed,
            @Nullable Sampler sampler,
            @Nullable Scheduler scheduler,
            @Nullable Double strength,
            @Nullable Integer maskFeather,
            @Nullable Duration timeout) {

        StableDiffusionImageOptions imageOptions() {
            return StableDiffusionImageOptions.builder()
                    .n(n).width(width).height(height).negativePrompt(negativePrompt).steps(steps).guidanceScale(guidanceScale).seed(seed)
                    .sampler(sampler).scheduler(scheduler).strength(strength).maskFeather(maskFeather).timeout(timeout)
                    .build();
        }
    }

    LoadOptions loadOptions() {
        LoadOptions.Builder load = LoadOptions.builder();
        if (modelPath != null) {
            if (demo) {
                throw new InvalidRequestException("%1$s.model-path is %2$s and %1$s.demo is true: set one of them".formatted(PREFIX, modelPath));
            }
            load.model(modelPath);
        } else if (demo) {
            load.demo();
        } else {
            throw new InvalidRequestException(("%1$s.model-path is not set: name a checkpoint there, set %1$s.demo=true to try the small one of"
                    + " the artifact sdcpp4j-demo, or set spring.ai.model.image to another provider, or to none").formatted(PREFIX));
        }
        load.vae(vae).taesd(taesd).loraFolder(loraFolder).embeddingFolder(embeddingFolder).weightType(weightType).mmap(mmap)
                .flashAttention(flashAttention).backend(backend).queueCapacity(queueCapacity);
        if (threads != null) {
            load.threads(threads);
        }
        if (worker) {
            load.worker();
        }
        if (memoryLimit != null) {
            load.memoryLimit(memoryLimit.toBytes());
        }
        return load.build();
    }
}
