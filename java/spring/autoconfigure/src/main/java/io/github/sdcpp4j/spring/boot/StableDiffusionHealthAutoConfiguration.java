package io.github.sdcpp4j.spring.boot;

import io.github.sdcpp4j.StableDiffusion;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Reports the model's health, in applications that have the actuator. */
@AutoConfiguration(after = StableDiffusionAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(StableDiffusion.class)
@ConditionalOnEnabledHealthIndicator("sdcpp4j")
public class StableDiffusionHealthAutoConfiguration {

    /** Made by Spring. */
    public StableDiffusionHealthAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = "sdcpp4jHealthIndicator")
    StableDiffusionHealthIndicator sdcpp4jHealthIndicator(StableDiffusion sd) {
        return new StableDiffusionHealthIndicator(sd);
    }
}
