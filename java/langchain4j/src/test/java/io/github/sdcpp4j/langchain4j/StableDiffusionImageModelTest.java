package io.github.sdcpp4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.output.Response;
import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.Images;
import io.github.sdcpp4j.Infotext;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.langchain4j.spi.StableDiffusionImageModelBuilderFactory;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
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

class StableDiffusionImageModelTest {

    private static final String PROMPT = "a red circle on a yellow background";
    private static final int SIDE = 64;

    private static StableDiffusion sd;
    private static String unchanged;

    @BeforeAll
    static void load() {
        sd = StableDiffusion.demo();
        unchanged = builder().build().generate(PROMPT).content().base64Data();
    }

    @AfterAll
    static void close() {
        sd.close();
    }

    private static StableDiffusionImageModel.Builder builder() {
        return StableDiffusionImageModel.builder().stableDiffusion(sd).size(SIDE, SIDE).steps(3).seed(42L);
    }

    private static Image image(BufferedImage picture) throws Exception {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", png);
        return Image.builder().base64Data(Base64.getEncoder().encodeToString(png.toByteArray())).mimeType("image/png").build();
    }

    /** A picture of one colour. */
    private static BufferedImage plain(Color color) {
        return halves(color, color, BufferedImage.TYPE_INT_RGB);
    }

    private static BufferedImage halves(Color left, Color right, int type) {
        BufferedImage picture = new BufferedImage(SIDE, SIDE, type);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(left);
        graphics.fillRect(0, 0, SIDE / 2, SIDE);
        graphics.setColor(right);
        graphics.fillRect(SIDE / 2, 0, SIDE / 2, SIDE);
        graphics.dispose();
        return picture;
    }

    private static BufferedImage picture(Response<Image> response) {
        return Images.decode(response.content().base64Data());
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
    void aModelLoadedByItsBuilderPaintsAtTheSizeThatItsFileSays(@TempDir Path folder) throws Exception {
        ImageModel paints;
        try (StableDiffusionImageModel model = StableDiffusionImageModel.builder().demo().steps(2).seed(7L).build()) {
            paints = model;
            Response<Image> response = paints.generate(PROMPT);
            assertThat(response.content().mimeType()).isEqualTo("image/png");
            assertThat(response.content().revisedPrompt()).isNull();
            assertThat(response.content().url()).isNull();
            assertThat(response.metadata()).containsEntry("seeds", List.of(7L)).containsKeys("timings", "model", "notes");
            assertThat(picture(response).getWidth()).isEqualTo(128);

            Path png = Files.write(folder.resolve("a.png"), Base64.getDecoder().decode(response.content().base64Data()));
            assertThat(Infotext.read(png).orElseThrow()).satisfies(text -> {
                assertThat(text.prompt()).isEqualTo(PROMPT);
                assertThat(text.field("Seed")).contains("7");
                assertThat(text.field("Steps")).contains("2");
            });
        }
        assertThatThrownBy(() -> paints.generate(PROMPT)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aModelThatWasGivenStaysOpenAndTheSameSeedGivesTheSamePicture() {
        StableDiffusionImageModel model = builder().build();
        model.close();
        assertThat(model.generate(PROMPT).content().base64Data()).isEqualTo(unchanged);
    }

    static Stream<Arguments> options() {
        return Stream.of(
                option("seed", b -> b.seed(43L)),
                option("steps", b -> b.steps(4)),
                option("guidance", b -> b.guidanceScale(2.0)),
                option("negative prompt", b -> b.negativePrompt("red")),
                option("sampler", b -> b.sampler(Sampler.HEUN)),
                option("scheduler", b -> b.scheduler(Scheduler.KARRAS)),
                option("all else", b -> b.customizer(request -> request.eta(0))));
    }

    private static Arguments option(String what, UnaryOperator<StableDiffusionImageModel.Builder> change) {
        return Arguments.of(what, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("options")
    void eachOptionChangesThePicture(String what, UnaryOperator<StableDiffusionImageModel.Builder> change) {
        assertThat(picture(change.apply(builder()).build().generate(PROMPT)))
                .satisfies(changed -> assertThat(difference(changed, Images.decode(unchanged), 0, SIDE)).isPositive());
    }

    @Test
    void theSizeIsThatOfThePicture() {
        BufferedImage wide = picture(builder().size(96, 64).build().generate(PROMPT));
        assertThat(wide.getWidth()).isEqualTo(96);
        assertThat(wide.getHeight()).isEqualTo(64);
    }

    @Test
    void severalPicturesHaveSeedsInARow() {
        Response<List<Image>> three = builder().build().generate(PROMPT, 3);
        assertThat(three.metadata()).containsEntry("seeds", List.of(42L, 43L, 44L));
        assertThat(three.content()).hasSize(3);
        BufferedImage second = Images.decode(three.content().get(1).base64Data());
        BufferedImage alone = picture(builder().seed(43L).build().generate(PROMPT));
        assertThat(difference(second, alone, 0, SIDE)).isZero();
        assertThat(difference(second, Images.decode(unchanged), 0, SIDE)).isPositive();
    }

    @Test
    void anEditChangesMoreWithMoreStrength() throws Exception {
        BufferedImage blue = plain(Color.BLUE);
        BufferedImage little = picture(builder().steps(8).strength(0.1).build().edit(image(blue), PROMPT));
        BufferedImage much = picture(builder().steps(8).strength(1.0).build().edit(image(blue), PROMPT));
        assertThat(difference(little, blue, 0, SIDE)).isLessThan(0.5 * difference(much, blue, 0, SIDE));
    }

    @Test
    void anEditHasTheSizeOfItsInputUnlessAnotherIsSet() throws Exception {
        Image input = image(new BufferedImage(72, 67, BufferedImage.TYPE_INT_RGB));
        BufferedImage own = picture(StableDiffusionImageModel.builder().stableDiffusion(sd).steps(1).build().edit(input, PROMPT));
        assertThat(List.of(own.getWidth(), own.getHeight())).containsExactly(72, 64);
        BufferedImage set = picture(builder().steps(1).build().edit(input, PROMPT));
        assertThat(List.of(set.getWidth(), set.getHeight())).containsExactly(SIDE, SIDE);
    }

    @Test
    void aMaskKeepsWhatIsOutsideToTheLastBit() throws Exception {
        BufferedImage blue = plain(Color.BLUE);
        Image mask = image(halves(Color.BLACK, Color.WHITE, BufferedImage.TYPE_INT_RGB));
        BufferedImage edited = picture(builder().strength(1.0).build().edit(image(blue), mask, PROMPT));
        assertThat(difference(edited, blue, 0, SIDE / 2)).isZero();
        assertThat(difference(edited, blue, SIDE / 2, SIDE)).isGreaterThan(10);
    }

    @Test
    void aMaskWithTransparencyIsTakenOnlyWhereThatWasSaid() throws Exception {
        BufferedImage blue = plain(Color.BLUE);
        Image mask = image(halves(Color.BLACK, new Color(0, 0, 0, 0), BufferedImage.TYPE_INT_ARGB));
        assertThatThrownBy(() -> builder().build().edit(image(blue), mask, PROMPT))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("transparentMasks(true)");
        BufferedImage edited = picture(builder().strength(1.0).transparentMasks(true).build().edit(image(blue), mask, PROMPT));
        assertThat(difference(edited, blue, 0, SIDE / 2)).isZero();
        assertThat(difference(edited, blue, SIDE / 2, SIDE)).isGreaterThan(10);
    }

    @Test
    void inputsComeByAddressTooAndNothingIsFetched(@TempDir Path folder) throws Exception {
        Image blue = image(plain(Color.BLUE));
        Path file = Files.write(folder.resolve("blue.png"), Base64.getDecoder().decode(blue.base64Data()));
        ImageModel model = builder().build();
        String expected = model.edit(blue, PROMPT).content().base64Data();
        assertThat(model.edit(Image.builder().url(file.toUri()).build(), PROMPT).content().base64Data()).isEqualTo(expected);
        assertThat(model.edit(Image.builder().url("data:image/png;base64," + blue.base64Data()).build(), PROMPT).content().base64Data())
                .isEqualTo(expected);
        Image elsewhere = Image.builder().url("http://127.0.0.1:9/blue.png").build();
        assertThatThrownBy(() -> model.edit(elsewhere, PROMPT)).isInstanceOf(InvalidRequestException.class).hasMessageContaining("not fetched");
        Image nothing = Image.builder().build();
        assertThatThrownBy(() -> model.edit(nothing, PROMPT)).isInstanceOf(InvalidRequestException.class).hasMessageContaining("neither");
    }

    @Test
    void mistakesAreKnownWhenTheModelIsBuilt() {
        assertThatThrownBy(() -> builder().steps(0).build()).isInstanceOf(InvalidRequestException.class).hasMessageContaining("steps is 0");
        assertThatThrownBy(() -> builder().strength(2.0).build()).isInstanceOf(InvalidRequestException.class).hasMessageContaining("strength");
        assertThatThrownBy(() -> StableDiffusionImageModel.builder().build())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("no model file is given");
        assertThatThrownBy(() -> StableDiffusionImageModel.builder().modelPath("/no/such/model.safetensors").build())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("/no/such/model.safetensors");
    }

    @Test
    void aTimeoutStopsACall() {
        ImageModel hurried = builder().timeout(Duration.ofMillis(1)).steps(1000).build();
        assertThatThrownBy(() -> hurried.generate(PROMPT)).isInstanceOfSatisfying(
                CancelledException.class, e -> assertThat(e.reason()).isEqualTo(CancelledException.Reason.DEADLINE));
    }

    /** The service of {@link #frameworksPutInABuilderOfTheirOwn}. */
    public static final class Framework implements StableDiffusionImageModelBuilderFactory {
        @Override
        public StableDiffusionImageModel.Builder get() {
            return new OwnBuilder();
        }
    }

    private static final class OwnBuilder extends StableDiffusionImageModel.Builder {}

    @Test
    void frameworksPutInABuilderOfTheirOwn(@TempDir Path folder) throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(StableDiffusionImageModelBuilderFactory.class.getName()), Framework.class.getName());
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader withService = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(withService);
            assertThat(StableDiffusionImageModel.builder()).isInstanceOf(OwnBuilder.class);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        assertThat(StableDiffusionImageModel.builder()).isNotInstanceOf(OwnBuilder.class);
    }
}
