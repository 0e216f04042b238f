package io.github.sdcpp4j.spring.boot;

import io.github.sdcpp4j.CheckpointInfo;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.spring.ai.StableDiffusionImageModel;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.observation.ImageModelObservationConvention;
import org.springframework.ai.model.SpringAIModelProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Loads the model when the application starts, and makes it Spring AI's {@link ImageModel}, unless {@code spring.ai.model.image} names
 * another provider. An application that ends lets its web server finish what runs as long as it is told to, and then stops the
 * rest.
 */
@AutoConfiguration(afterName = {
    "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
    "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
})
@ConditionalOnProperty(
        name = SpringAIModelProperties.IMAGE_MODEL, havingValue = StableDiffusionImageModel.PROVIDER, matchIfMissing = true)
@EnableConfigurationProperties(StableDiffusionProperties.class)
public class StableDiffusionAutoConfiguration {

    /** Made by Spring. */
    public StableDiffusionAutoConfiguration() {}

    @Bean
    @ConfigurationPropertiesBinding
    static RuntimeValueConverter stableDiffusionRuntimeValueConverter() {
        return new RuntimeValueConverter();
    }

    @Bean
    @ConditionalOnMissingBean({LoadOptions.class, StableDiffusion.class})
    LoadOptions stableDiffusionLoadOptions(StableDiffusionProperties properties) {
        return properties.loadOptions();
    }

    @Bean
    @ConditionalOnMissingBean
    StableDiffusion stableDiffusion(LoadOptions options) {
        return StableDiffusion.load(options);
    }

    @Bean
    @ConditionalOnMissingBean
    StableDiffusionImageModel stableDiffusionImageModel(
            StableDiffusion sd,
            ObjectProvider<LoadOptions> load,
            StableDiffusionProperties properties,
            ObjectProvider<ObservationRegistry> observations,
            ObjectProvider<ImageModelObservationConvention> convention,
            ObjectProvider<MeterRegistry> meters) {
        return StableDiffusionImageModel.builder(sd)
                .defaultOptions(properties.image().options().imageOptions())
                .modelSize(modelSize(load.getIfUnique()))
                .observationRegistry(observations.getIfUnique(() -> ObservationRegistry.NOOP))
                .observationConvention(convention.getIfAvailable())
                .meterRegistry(meters.getIfAvailable())
                .build();
    }

    private static Resolution modelSize(@Nullable LoadOptions load) {
        return Optional.ofNullable(load)
                .flatMap(options -> CheckpointInfo.read(options.mainFile()).resolution())
                .orElse(new Resolution(512, 512));
    }
}
