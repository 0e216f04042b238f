package io.github.sdcpp4j.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.WeightType;
import io.github.sdcpp4j.spring.ai.StableDiffusionImageGenerationMetadata;
import io.github.sdcpp4j.spring.ai.StableDiffusionImageModel;
import io.github.sdcpp4j.spring.ai.StableDiffusionImageOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.TypeDescriptor;

class StableDiffusionAutoConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(StableDiffusionAutoConfiguration.class, StableDiffusionHealthAutoConfiguration.class))
            .withPropertyValues(
                    "spring.ai.sdcpp4j.demo=true",
                    "spring.ai.sdcpp4j.image.options.steps=2",
                    "spring.ai.sdcpp4j.image.options.width=64",
                    "spring.ai.sdcpp4j.image.options.height=64");

    @Test
    void propertiesMakeAnImageModelWithHealth() {
        runner.withPropertyValues(
                "spring.ai.sdcpp4j.image.options.sampler=dpm++2m",
                "spring.ai.sdcpp4j.image.options.scheduler=KARRAS",
                "spring.ai.sdcpp4j.image.options.seed=7",
                "spring.ai.sdcpp4j.image.options.guidance-scale=3",
                "spring.ai.sdcpp4j.image.options.negative-prompt=blue").run(context -> {
            var result = context.getBean(ImageModel.class).call(new ImagePrompt("a red circle")).getResult();
            assertThat(Objects.requireNonNull(result).getMetadata())
                    .asInstanceOf(InstanceOfAssertFactories.type(StableDiffusionImageGenerationMetadata.class))
                    .satisfies(metadata -> assertThat(metadata.parameters())
                            .startsWith("a red circle\nNegative prompt: blue\n")
                            .contains("Steps: 2", "Sampler: DPM++ 2M", "Schedule type: Karras", "CFG scale: 3", "Seed: 7", "Size: 64x64"));

            StableDiffusionHealthIndicator indicator = context.getBean(StableDiffusionHealthIndicator.class);
            assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
            assertThat(indicator.health().getDetails()).containsEntry("family", "SD 1.x").containsKey("model");
            context.getBean(StableDiffusion.class).close();
            assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
        });
    }

    @Test
    void everyPropertyOfTheLoadingArrives() {
        LoadOptions load = loadOptions(
                "model-path=/models/a.safetensors", "vae=/models/b.safetensors", "lora-folder=/loras", "embedding-folder=/embeddings",
                "taesd=/models/t.safetensors", "threads=3", "weight-type=q8_0", "mmap=true", "flash-attention=true", "backend=cpu",
                "worker=true", "queue-capacity=5", "memory-limit=2GB");
        assertThat(load.mainFile()).isEqualTo(Path.of("/models/a.safetensors"));
        assertThat(load.files()).hasSize(3);
        assertThat(load.additions().loraFolder()).contains(Path.of("/loras"));
        assertThat(load.additions().embeddingFolder()).contains(Path.of("/embeddings"));
        assertThat(load.threads()).isEqualTo(3);
        assertThat(load.weightType()).contains(WeightType.Q8_0);
        assertThat(load.mmap() && load.flashAttention()).isTrue();
        assertThat(load.backend()).isEqualTo("cpu");
        assertThat(load.worker()).isPresent();
        assertThat(load.queueCapacity()).isEqualTo(5);
        assertThat(load.memoryLimit()).hasValue(2L << 30);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(StableDiffusionProperties.class)
    static class PropertiesAlone {
        @Bean
        @ConfigurationPropertiesBinding
        static RuntimeValueConverter converter() {
            return new RuntimeValueConverter();
        }
    }

    private static LoadOptions loadOptions(String... properties) {
        LoadOptions[] made = new LoadOptions[1];
        new ApplicationContextRunner()
                .withUserConfiguration(PropertiesAlone.class)
                .withPropertyValues(Arrays.stream(properties).map(one -> "spring.ai.sdcpp4j." + one).toArray(String[]::new))
                .run(context -> made[0] = context.getBean(StableDiffusionProperties.class).loadOptions());
        return made[0];
    }

    @Test
    void samplersAndSchedulersHaveTheNamesOfTheCommandLineOfWebUisAndOfTheEnums() {
        RuntimeValueConverter converter = new RuntimeValueConverter();
        for (String name : new String[] {"dpm++2m", "DPM++ 2M", "dpmpp_2m", "DPMPP-2M"}) {
            assertThat(converter.convert(name, string(), to(Sampler.class))).isEqualTo(Sampler.DPMPP_2M);
        }
        assertThat(converter.convert("karras", string(), to(Scheduler.class))).isEqualTo(Scheduler.KARRAS);
        assertThat(converter.convert(" ", string(), to(Scheduler.class))).isNull();
    }

    private static TypeDescriptor string() {
        return to(String.class);
    }

    private static TypeDescriptor to(Class<?> type) {
        return TypeDescriptor.valueOf(type);
    }

    @Test
    void anotherProviderOrAnotherBeanGoesFirst() {
        runner.withPropertyValues("spring.ai.model.image=openai").run(context ->
                assertThat(context).doesNotHaveBean(StableDiffusion.class).doesNotHaveBean(StableDiffusionHealthIndicator.class));
        runner.withPropertyValues("spring.ai.model.image=sdcpp4j", "management.health.sdcpp4j.enabled=false").run(context ->
                assertThat(context).hasSingleBean(StableDiffusionImageModel.class).doesNotHaveBean(StableDiffusionHealthIndicator.class));
    }

    @Test
    void anApplicationThatEndsStopsWhatIsBeingPainted() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<CompletableFuture<?>> call = new AtomicReference<>();
        runner.run(context -> {
            ImageModel model = context.getBean(ImageModel.class);
            ImagePrompt endless = new ImagePrompt("a red circle", StableDiffusionImageOptions.builder()
                    .steps(1000).customizer(request -> begun.countDown()).build());
            call.set(CompletableFuture.supplyAsync(() -> model.call(endless), Thread::startVirtualThread));
            begun.await();
        });
        assertThatThrownBy(() -> call.get().join()).cause().isInstanceOfSatisfying(
                CancelledException.class, e -> assertThat(e.reason()).isEqualTo(CancelledException.Reason.CANCELLED));
    }
}
