package io.github.sdcpp4j.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

/** What a user reads when the configuration is wrong. */
@ExtendWith(OutputCaptureExtension.class)
class FailedStartTest {

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(StableDiffusionAutoConfiguration.class)
    static class Application {}

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("model-path=/no/such/model.safetensors", "/no/such/model.safetensors", "the model-path first"),
                mistake("demo=false", "spring.ai.sdcpp4j.model-path is not set", "Update your application's configuration"),
                mistake("modle-path=/models/a.safetensors", "Property: spring.ai.sdcpp4j.modle-path", "Update your application's configuration"),
                mistake("image.options.stepz=3", "Property: spring.ai.sdcpp4j.image.options.stepz", "Update your application's configuration"),
                mistake("image.options.sampler=eulr", "there is no sampler 'eulr': use one of euler, euler_a", "The following values are valid"),
                mistake("image.options.steps=many", "Value: \"many\"", "Update your application's configuration"),
                mistake("threads=0 --spring.ai.sdcpp4j.demo=true", "threads is 0: give a number from 1 to 1024", "Update your application's configuration"),
                mistake("vae=/no/such/vae.safetensors --spring.ai.sdcpp4j.demo=true", "/no/such/vae.safetensors", "Check the files"),
                mistake("image.options.steps=0 --spring.ai.sdcpp4j.demo=true", "steps is 0", "Update your application's configuration"));
    }

    private static Arguments mistake(String property, String description, String action) {
        return Arguments.of(property, description, action);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aWrongConfigurationEndsTheStartWithTheUsualAnalysis(
            String property, String description, String action, CapturedOutput output) {
        String[] arguments = ("--spring.ai.sdcpp4j." + property).split(" ");
        assertThatThrownBy(() -> new SpringApplication(Application.class).run(arguments)).isInstanceOf(RuntimeException.class);
        assertThat(output.getAll())
                .contains("APPLICATION FAILED TO START", "Description:", "Action:")
                .contains(description, action);
    }
}
