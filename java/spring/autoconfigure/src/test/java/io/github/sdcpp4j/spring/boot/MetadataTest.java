package io.github.sdcpp4j.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What IDEs complete properties by. */
class MetadataTest {

    @Test
    void everyPropertyIsDescribed() throws Exception {
        String metadata;
        try (InputStream in = StableDiffusionProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            metadata = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(metadata)
                .contains("\"name\": \"spring.ai.sdcpp4j.model-path\"", "\"description\": \"The checkpoint: a .safetensors, .ckpt or .gguf file.\"")
                .contains("\"name\": \"spring.ai.sdcpp4j.image.options.sampler\"", "\"type\": \"io.github.sdcpp4j.Sampler\"")
                .contains("\"name\": \"spring.ai.model.image\"");
        Stream.of(metadata.substring(metadata.indexOf("\"properties\"")).split("\\{"))
                .filter(property -> property.contains("\"name\": \"spring.ai.sdcpp4j."))
                .forEach(property -> assertThat(property).contains("\"description\""));
    }
}
