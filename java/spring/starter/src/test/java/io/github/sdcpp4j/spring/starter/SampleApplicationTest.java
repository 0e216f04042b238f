package io.github.sdcpp4j.spring.starter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.Images;
import java.awt.image.BufferedImage;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole application over HTTP, on a free port of this machine. */
class SampleApplicationTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static ConfigurableApplicationContext application;

    @BeforeAll
    static void start() {
        application = SpringApplication.run(
                SampleApplication.class,
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.ai.sdcpp4j.demo=true",
                "--spring.ai.sdcpp4j.image.options.steps=4",
                "--spring.ai.sdcpp4j.image.options.seed=42",
                "--management.endpoint.health.show-details=always",
                "--management.endpoints.web.exposure.include=health,metrics");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static URI address(String path) {
        return URI.create("http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port") + path);
    }

    private static String picture(String prompt) {
        return "/picture?prompt=" + URLEncoder.encode(prompt, StandardCharsets.UTF_8);
    }

    private static HttpResponse<byte[]> get(String path) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(address(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String text(String path) throws Exception {
        HttpResponse<byte[]> response = get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void itPaintsAndChangesPicturesAndTellsHowItIs() throws Exception {
        HttpResponse<byte[]> red = get(picture("a large red circle on a white background"));
        assertThat(red.statusCode()).isEqualTo(200);
        assertThat(red.headers().firstValue("Content-Type")).contains("image/png");
        BufferedImage painted = Images.decode(red.body());
        assertThat(List.of(painted.getWidth(), painted.getHeight())).containsExactly(128, 128);
        assertThat(redness(painted)).isGreaterThan(40);

        HttpResponse<byte[]> blue = CLIENT.send(
                HttpRequest.newBuilder(address(picture("a large blue circle on a white background")))
                        .header("Content-Type", "image/png")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(red.body()))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(blue.statusCode()).isEqualTo(200);
        assertThat(redness(Images.decode(blue.body()))).isLessThan(0);

        assertThat(text("/actuator/health")).contains("\"sdcpp4j\":{", "\"family\":\"SD 1.x\"", "\"status\":\"UP\"");
        assertThat(text("/actuator/metrics/gen_ai.client.operation")).contains("\"COUNT\",\"value\":2.0");
        assertThat(text("/actuator/metrics/sdcpp4j.image.phase?tag=phase:sample")).contains("\"COUNT\",\"value\":2.0");
    }

    /** How much more red than blue there is in the middle, at most 255. */
    private static int redness(BufferedImage picture) {
        int sum = 0;
        for (int y = 60; y < 68; y++) {
            for (int x = 60; x < 68; x++) {
                int rgb = picture.getRGB(x, y);
                sum += (rgb >> 16 & 255) - (rgb & 255);
            }
        }
        return sum / 64;
    }
}
