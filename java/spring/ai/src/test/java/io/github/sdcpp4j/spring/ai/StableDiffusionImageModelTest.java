package io.github.sdcpp4j.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.Images;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.Timings;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.ai.content.Media;
import org.springframework.ai.image.ImageGeneration;
import org.springframework.ai.image.ImageMessage;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImageOptionsBuilder;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.image.ImageResponse;
import org.springframework.util.MimeTypeUtils;

class StableDiffusionImageModelTest {

    private static final String PROMPT = "a red circle on a yellow background";
    private static final int SIDE = 64;

    private static StableDiffusion sd;
    private static ImageModel model;
    private static String unchanged;

    @BeforeAll
    static void load() {
        sd = StableDiffusion.demo();
        model = builder().build();
        unchanged = parameters(call(PROMPT, options()));
    }

    @AfterAll
    static void close() {
        sd.close();
    }

    private static StableDiffusionImageModel.Builder builder() {
        return StableDiffusionImageModel.builder(sd)
                .defaultOptions(StableDiffusionImageOptions.builder().steps(3).seed(42L).build())
                .modelSize(new Resolution(SIDE, SIDE));
    }

    private static StableDiffusionImageOptions.Builder options() {
        return StableDiffusionImageOptions.builder();
    }

    private static ImageResponse call(String prompt, StableDiffusionImageOptions.Builder options) {
        return model.call(new ImagePrompt(prompt, options.build()));
    }

    private static ImageResponse call(List<ImageMessage> messages, StableDiffusionImageOptions.Builder options) {
        return model.call(new ImagePrompt(messages, options.build()));
    }

    private static BufferedImage picture(ImageResponse response) {
        return picture(response.getResult());
    }

    private static BufferedImage picture(ImageGeneration generation) {
        return Images.decode(generation.getOutput().getB64Json());
    }

    private static StableDiffusionImageGenerationMetadata metadata(ImageGeneration generation) {
        return (StableDiffusionImageGenerationMetadata) generation.getMetadata();
    }

    private static String parameters(ImageResponse response) {
        return metadata(response.getResult()).parameters();
    }

    private static Media media(BufferedImage picture, String name) throws Exception {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", png);
        return Media.builder().mimeType(MimeTypeUtils.IMAGE_PNG).data(png.toByteArray()).name(name).build();
    }

    private static ImageMessage message(String text, Media... media) {
        return new ImageMessage(text, null, List.of(media), Map.of());
    }

    private static BufferedImage halves(Color left, Color right) {
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(left);
        graphics.fillRect(0, 0, SIDE / 2, SIDE);
        graphics.setColor(right);
        graphics.fillRect(SIDE / 2, 0, SIDE / 2, SIDE);
        graphics.dispose();
        return picture;
    }

    /** The mean distance of a channel, between columns. */
    private static double difference(BufferedImage a, BufferedImage b, int from, int to) {
        long sum = 0;
        for (int y = 0; y < SIDE; y++) {
            for (int x = from; x < to; x++) {
                Color one = new Color(a.getRGB(x, y));
                Color other = new Color(b.getRGB(x, y));
                sum += Math.abs(one.getRed() - other.getRed()) + Math.abs(one.getGreen() - other.getGreen())
                        + Math.abs(one.getBlue() - other.getBlue());
            }
        }
        return sum / (3.0 * SIDE * (to - from));
    }

    @Test
    void aPromptGivesAPngWithSeedTimingsAndParameters() {
        ImageResponse response = model.call(new ImagePrompt(PROMPT));
        assertThat(response.getResult().getOutput().getUrl()).isNull();
        BufferedImage picture = picture(response);
        assertThat(List.of(picture.getWidth(), picture.getHeight())).containsExactly(SIDE, SIDE);
        StableDiffusionImageGenerationMetadata metadata = metadata(response.getResult());
        assertThat(metadata.seed()).isEqualTo(42);
        assertThat(metadata.timings().total()).isPositive();
        assertThat(metadata.parameters()).isEqualTo(unchanged).startsWith(PROMPT).contains("Steps: 3", "Seed: 42");
        assertThat(response.getMetadata().<Timings>get("timings")).isEqualTo(metadata.timings());
        assertThat(response.getMetadata().<String>get("model")).isEqualTo(sd.model());
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                change("seed", o -> o.seed(43L)),
                change("steps", o -> o.steps(4)),
                change("guidance", o -> o.guidanceScale(2.0)),
                change("negative prompt", o -> o.negativePrompt("red")),
                change("sampler", o -> o.sampler(Sampler.HEUN)),
                change("scheduler", o -> o.scheduler(Scheduler.KARRAS)),
                change("all else", o -> o.customizer(request -> request.eta(0))));
    }

    private static Arguments change(String what, UnaryOperator<StableDiffusionImageOptions.Builder> change) {
        return Arguments.of(what, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void eachOptionChangesThePicture(String what, UnaryOperator<StableDiffusionImageOptions.Builder> change) {
        BufferedImage before = picture(call(PROMPT, options()));
        assertThat(difference(picture(call(PROMPT, change.apply(options()))), before, 0, SIDE)).isPositive();
    }

    @Test
    void optionsThatAnyModelHasSetSizeAndNumber() {
        ImageResponse response = model.call(
                new ImagePrompt(PROMPT, ImageOptionsBuilder.builder().n(2).width(72).height(64).responseFormat("b64_json").model(sd.model()).build()));
        assertThat(response.getResults()).hasSize(2).extracting(one -> metadata(one).seed()).containsExactly(42L, 43L);
        assertThat(picture(response).getWidth()).isEqualTo(72);
    }

    @Test
    void messagesHaveWeightsAndThoseBelowZeroAreTheNegativePrompt() {
        ImageResponse response = call(
                List.of(
                        new ImageMessage("a red circle"),
                        new ImageMessage("a yellow background", 1.2f),
                        new ImageMessage("blue", -1f),
                        new ImageMessage("green", -0.5f),
                        new ImageMessage("ignored", 0f)),
                options().negativePrompt("black"));
        assertThat(parameters(response)).startsWith(
                "a red circle, (a yellow background:1.2)\nNegative prompt: black, blue, (green:0.5)\n");
    }

    @Test
    void aPictureInTheMessageIsStartedFrom() throws Exception {
        BufferedImage blue = halves(Color.BLUE, Color.BLUE);
        List<ImageMessage> messages = List.of(message(PROMPT, media(blue, "input")));
        BufferedImage little = picture(call(messages, options().steps(8).strength(0.1)));
        BufferedImage much = picture(call(messages, options().steps(8).strength(1.0)));
        assertThat(difference(little, blue, 0, SIDE)).isLessThan(0.5 * difference(much, blue, 0, SIDE));
    }

    @Test
    void aMaskKeepsWhatIsOutsideToTheLastBit() throws Exception {
        BufferedImage blue = halves(Color.BLUE, Color.BLUE);
        ImageMessage message = message(PROMPT, media(blue, "input"), media(halves(Color.BLACK, Color.WHITE), "mask"));
        BufferedImage edited = picture(call(List.of(message), options().strength(1.0)));
        assertThat(difference(edited, blue, 0, SIDE / 2)).isZero();
        assertThat(difference(edited, blue, SIDE / 2, SIDE)).isGreaterThan(10);
    }

    @Test
    void picturesComeInEveryFormThatMediaHaveAndNothingIsFetched(@TempDir Path folder) throws Exception {
        Media bytes = media(halves(Color.BLUE, Color.RED), "input");
        String base64 = Base64.getEncoder().encodeToString(bytes.getDataAsByteArray());
        Path file = Files.write(folder.resolve("input.png"), bytes.getDataAsByteArray());
        String expected = call(List.of(message(PROMPT, bytes)), options()).getResult().getOutput().getB64Json();
        for (String data : List.of(base64, "data:image/png;base64," + base64, file.toUri().toString())) {
            Media media = Media.builder().mimeType(MimeTypeUtils.IMAGE_PNG).data(data).build();
            assertThat(call(List.of(message(PROMPT, media)), options()).getResult().getOutput().getB64Json()).isEqualTo(expected);
        }
        Media elsewhere = new Media(MimeTypeUtils.IMAGE_PNG, URI.create("http://127.0.0.1:9/input.png"));
        assertThatThrownBy(() -> call(List.of(message(PROMPT, elsewhere)), options()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("not fetched");
        assertThatThrownBy(() -> call(List.of(message(PROMPT, bytes, bytes)), options())).hasMessageContaining("2 pictures");
        Media mask = media(halves(Color.BLACK, Color.WHITE), "mask");
        assertThatThrownBy(() -> call(List.of(message(PROMPT, mask)), options())).hasMessageContaining("0 pictures and 1 masks");
    }

    @Test
    void whatMeansNothingHereIsRefusedAndNotIgnored() {
        assertRefused(options().model("dall-e-3"), "dall-e-3");
        assertRefused(options().responseFormat("url"), "b64_json");
        assertRefused(options().style("vivid"), "vivid");
        assertRefused(options().width(64), "both or none");
        assertRefused(options().steps(0), "steps is 0");
        assertThatThrownBy(() -> builder().defaultOptions(options().strength(2.0).build()).build())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("strength");
    }

    private static void assertRefused(StableDiffusionImageOptions.Builder options, String why) {
        assertThatThrownBy(() -> call(PROMPT, options)).isInstanceOf(InvalidRequestException.class).hasMessageContaining(why);
    }

    @Test
    void callsAreObservedAndTheirPhasesTimed() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        ImageModel observed = builder().observationRegistry(observations).meterRegistry(meters).build();
        observed.call(new ImagePrompt(PROMPT));
        assertThat(meters.get("gen_ai.client.operation")
                        .tag("gen_ai.operation.name", "image")
                        .tag("gen_ai.system", "sdcpp4j")
                        .tag("gen_ai.request.model", sd.model())
                        .timer().count())
                .isEqualTo(1);
        for (String phase : List.of("encode_image", "encode_text", "sample", "decode", "total")) {
            assertThat(meters.get("sdcpp4j.image.phase").tag("phase", phase).tag("model", sd.model()).timer().count()).isEqualTo(1);
        }
        assertThat(meters.get("sdcpp4j.image.phase").tag("phase", "sample").timer().totalTime(TimeUnit.NANOSECONDS)).isPositive();
    }

    @Test
    void aTimeoutStopsACall() {
        assertThatThrownBy(() -> call(PROMPT, options().steps(1000).timeout(Duration.ofMillis(1)))).isInstanceOfSatisfying(
                CancelledException.class, e -> assertThat(e.reason()).isEqualTo(CancelledException.Reason.DEADLINE));
    }

    @Test
    void closingStopsTheCallsThatRunAndThoseThatCome() throws Exception {
        StableDiffusionImageModel ending = builder().build();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<ImageResponse> call = CompletableFuture.supplyAsync(() -> ending.call(new ImagePrompt(
                PROMPT, options().steps(1000).customizer(request -> begun.countDown()).build())));
        begun.await();
        ending.close();
        assertThatThrownBy(call::join).isInstanceOf(CompletionException.class).cause().isInstanceOfSatisfying(
                CancelledException.class, e -> assertThat(e.reason()).isEqualTo(CancelledException.Reason.CANCELLED));
        assertThatThrownBy(() -> ending.call(new ImagePrompt(PROMPT))).isInstanceOf(CancelledException.class);
        assertThat(picture(call(PROMPT, options()))).isNotNull();
    }

    @Test
    void anInterruptStopsACall() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                outcome.complete(call(PROMPT, options().steps(1000).customizer(request -> begun.countDown())));
            } catch (CancelledException e) {
                outcome.complete(Map.of(e.reason(), Thread.currentThread().isInterrupted()));
            } catch (RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        });
        begun.await();
        caller.interrupt();
        assertThat(outcome.join()).isEqualTo(Map.of(CancelledException.Reason.INTERRUPTED, true));
    }
}
