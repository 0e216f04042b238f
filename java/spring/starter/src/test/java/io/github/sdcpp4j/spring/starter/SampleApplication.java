package io.github.sdcpp4j.spring.starter;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.ai.content.Media;
import org.springframework.ai.image.ImageMessage;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** An application as users write it: it knows Spring AI, and nothing of Stable Diffusion. */
@SpringBootApplication
@RestController
class SampleApplication {

    private final ImageModel images;

    SampleApplication(ImageModel images) {
        this.images = images;
    }

    @GetMapping(path = "/picture", produces = MediaType.IMAGE_PNG_VALUE)
    byte[] picture(@RequestParam String prompt) {
        return png(new ImagePrompt(prompt));
    }

    @PostMapping(path = "/picture", consumes = MediaType.IMAGE_PNG_VALUE, produces = MediaType.IMAGE_PNG_VALUE)
    byte[] edited(@RequestParam String prompt, @RequestBody byte[] png) {
        Media media = new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(png));
        return png(new ImagePrompt(List.of(new ImageMessage(prompt, null, List.of(media), Map.of()))));
    }

    private byte[] png(ImagePrompt prompt) {
        return Base64.getDecoder().decode(Objects.requireNonNull(images.call(prompt).getResult()).getOutput().getB64Json());
    }
}
