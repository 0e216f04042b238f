package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.pixels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.FamilyCheckpoints;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A person that pictures show, painted by SDXL. */
@Timeout(600)
class PhotoMakerTest {

    private static final Path SDXL = FamilyCheckpoints.sdxl(Models.fixtures());
    private static final Path FILE = FamilyCheckpoints.photoMaker(Models.fixtures());
    /** Not square, and no multiple of anything. */
    private static final BufferedImage FACE = face(Color.ORANGE, 131, 97);
    private static final BufferedImage OTHER = face(Color.BLUE, 224, 224);

    private static StableDiffusion model;
    private static byte[] nobody;
    private static byte[] one;

    @BeforeAll
    static void load() {
        model = StableDiffusion.builder(SDXL).file(ModelFile.PHOTO_MAKER, FILE).load();
        nobody = made(request(null));
        one = made(request(person(FACE)));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static BufferedImage face(Color skin, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(skin);
        graphics.fillOval(width / 4, height / 4, width / 2, height / 2);
        graphics.dispose();
        return image;
    }

    private static TextToImage.Builder request(PhotoMaker person) {
        return TextToImage.builder().prompt("a man img, in a spacesuit").size(64, 64).steps(2).guidanceScale(1).seed(5)
                .sampler(Sampler.EULER).photoMaker(person);
    }

    private static PhotoMaker person(BufferedImage... images) {
        return PhotoMaker.of(List.of(images));
    }

    private static byte[] made(TextToImage.Builder request) {
        return pixels(model.generate(request.build()).getFirst());
    }

    @Test
    void thePersonIsInThePicture() {
        assertThat(one).isNotEqualTo(nobody);
        assertThat(made(request(person(OTHER)))).as("another person").isNotEqualTo(one).isNotEqualTo(nobody);
        assertThat(made(request(null))).as("nobody afterwards").isEqualTo(nobody);
    }

    @Test
    void theStyleStrengthDecidesWhenThePersonIsSeen() {
        assertThat(made(request(person(FACE).withStyleStrength(0)))).as("20 percent of 2 steps are none").isEqualTo(one);
        assertThat(made(request(person(FACE).withStyleStrength(50)))).as("from the second").isNotEqualTo(one).isNotEqualTo(nobody);
    }

    @Test
    void itsLoraIsPartOfEveryPicture() {
        try (StableDiffusion without = StableDiffusion.load(SDXL)) {
            assertThat(pixels(without.generate(request(null).build()).getFirst())).isNotEqualTo(nobody);
            assertRefused(without, request(person(FACE)), "--photo-maker");
        }
    }

    @Test
    void aWorkerMakesTheSamePictureOfSeveral() {
        byte[] expected = made(request(person(FACE, OTHER)));
        assertThat(expected).isNotEqualTo(one);
        try (StableDiffusion worker = StableDiffusion.builder(SDXL).file(ModelFile.PHOTO_MAKER, FILE).worker().load()) {
            assertThat(pixels(worker.generate(request(person(FACE, OTHER)).build()).getFirst())).isEqualTo(expected);
            assertRefused(worker, request(person(FACE)).prompt("a man"), "nowhere");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "a man; nowhere",
        "a man imgs; nowhere",
        "img of a man; does not follow a word",
        "a man, img; does not follow a word",
        "a man img and a woman img; 2 times",
        "a man BREAK img; first 75 tokens"})
    void aPromptWithoutTheTriggerWordInItsPlaceIsRefused(String prompt, String complaint) {
        assertRefused(model, request(person(FACE)).prompt(prompt), complaint);
    }

    @Test
    void aTriggerWordBeyondTheFirstTokensIsRefused() {
        assertRefused(model, request(person(FACE)).prompt("very ".repeat(80) + "old man img"), "nearer to the beginning");
        assertRefused(model, request(person(FACE, OTHER, FACE)).prompt("very ".repeat(73) + "man img"), "nearer to the beginning");
        assertThat(made(request(person(FACE)).prompt("very ".repeat(72) + "man img, old"))).as("just before it").isNotEqualTo(one);
    }

    @Test
    void aStrengthThatLeavesThePersonNoStepIsRefused() {
        assertRefused(model, request(person(FACE).withStyleStrength(100)), "2 steps before the person is seen");
        ImageToImage few = ImageToImage.builder(FACE).prompt("a man img").size(64, 64).steps(10).strength(0.2)
                .photoMaker(person(FACE).withStyleStrength(50)).build();
        assertThatThrownBy(() -> model.generate(few)).isInstanceOf(InvalidRequestException.class).hasMessageContaining("only 3 are run");
    }

    @Test
    void anotherModelThanSdxlIsRefused() {
        assertThatThrownBy(() -> StableDiffusion.builder(Models.smallSd1()).file(ModelFile.PHOTO_MAKER, FILE).load())
                .isInstanceOf(CheckpointException.class).hasMessageContaining("works with SDXL only").hasMessageContaining("SD 1.x");
        assertRefused(Models.shared(), request(person(FACE)), "--photo-maker");
    }

    @Test
    void version2IsRefused(@TempDir Path folder) throws Exception {
        Path second = FamilyCheckpoints.photoMaker2(Models.fixtures());
        assertThatThrownBy(() -> LoadOptions.builder().model(SDXL).file(ModelFile.PHOTO_MAKER, second).build().check(request(null).build()))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("version 2");
        Path looksLikeIt = Files.createDirectory(folder.resolve("sdxl-v2")).resolve("photomaker.safetensors");
        Files.createSymbolicLink(looksLikeIt, FILE.toAbsolutePath());
        assertThatThrownBy(() -> LoadOptions.builder().model(SDXL).file(ModelFile.PHOTO_MAKER, looksLikeIt).build().check(request(null).build()))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("rename the file");
    }

    @Test
    void noPictureOrTooManyAreRefused() {
        assertThatThrownBy(PhotoMakerTest::person)
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("at least one picture");
        assertThatThrownBy(() -> PhotoMaker.of(Collections.nCopies(PhotoMaker.MAX_ID_IMAGES + 1, FACE)))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("number of ID images");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 101, Double.NaN})
    void aStrengthOutOfItsRangeIsRefused(double strength) {
        assertThatThrownBy(() -> person(FACE).withStyleStrength(strength))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("style strength");
    }

    @Test
    void videosAreRefused() {
        assertThatThrownBy(() -> VideoRequest.builder().prompt("a man img").photoMaker(person(FACE)).build())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("PhotoMaker is for pictures");
    }

    private static void assertRefused(StableDiffusion sd, TextToImage.Builder request, String complaint) {
        assertThatThrownBy(() -> sd.generate(request.build())).isInstanceOf(InvalidRequestException.class).hasMessageContaining(complaint);
    }
}
