package io.github.sdcpp4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.ImageRequest;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.TextToImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowRequestTest {

    @Test
    void takesWhatARowSays() {
        GenerationSettings settings = settings(
                "prompt string, negative_prompt string, seed bigint, width int, height smallint, steps tinyint, guidance_scale float,"
                        + " sampler string, scheduler string, clip_skip int, eta double",
                "a cat", "dogs", 7L, 64, (short) 128, (byte) 3, 1.5f, "Euler a", "karras", 2, 0.25);

        assertThat(settings).isEqualTo(TextToImage.builder().prompt("a cat").negativePrompt("dogs").seed(7).size(64, 128).steps(3)
                .guidanceScale(1.5).sampler(Sampler.EULER_A).scheduler(Scheduler.KARRAS).clipSkip(2).eta(0.25).build().settings());
    }

    @Test
    void leavesTheLibrarysDefaultsWhereARowSaysNothing() {
        GenerationSettings settings = settings("prompt string, steps int, sampler string, width int, height int, seed bigint",
                "a cat", null, null, null, null, 7L);

        assertThat(settings).isEqualTo(TextToImage.builder().prompt("a cat").seed(7).build().settings());
    }

    @Test
    void readsNumbersOutOfText() {
        GenerationSettings settings = settings("prompt string, steps string, guidance string, seed string", "a cat", " 5 ", "2.5", "1e3");

        assertThat(settings.steps()).isEqualTo(5);
        assertThat(settings.guidanceScale()).isEqualTo(2.5);
        assertThat(settings.seed()).hasValue(1000);
    }

    @Test
    void startsFromAPicture() throws IOException {
        byte[] png = picture(24, 16);
        ImageRequest request = request("prompt string, init_image binary, strength double, mask string, mask_feather int",
                "a cat", png, 0.4, Base64.getEncoder().encodeToString(png), 3);

        assertThat(request).isInstanceOfSatisfying(ImageToImage.class, image -> {
            assertThat(image.strength()).isEqualTo(0.4);
            assertThat(image.mask().orElseThrow().feather()).isEqualTo(3);
            assertThat(image.settings().width()).isEqualTo(24);
            assertThat(image.settings().height()).isEqualTo(16);
        });
    }

    @Test
    void letsTheOptionsComeLastAndMakesOnePicture() {
        ImageRequest request = RowRequest.of(
                values("prompt string, steps int", "a cat", 5), settings -> settings.steps(9).batchCount(4));

        assertThat(request.settings().steps()).isEqualTo(9);
        assertThat(request.settings().batchCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            steps string    | ten        | steps is 'ten': give a whole number
            steps string    | 2.5        | steps is '2.5': give a whole number
            steps string    | 1e99999999 | steps is '1e99999999': give a whole number
            steps string    | 9999999999 | steps is '9999999999': give a smaller number
            steps string    | 0          | steps is 0: give a number from 1 to 1000
            seed string     | -1         | seed is -1
            guidance string | NaN        | guidance_scale is 'NaN': give a number
            sampler string  | eulr       | sampler is 'eulr': give one of euler, euler_a
            scheduler string| quick      | scheduler is 'quick': give one of discrete
            init_image string | cat      | init_image: the input of
            mask string     | iVBORw0KGgo= | mask: the input of
            """)
    void refusesAWrongValueWithASentence(String column, String value, String sentence) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> request("prompt string, " + column, "a cat", value))
                .withMessageContaining(sentence);
    }

    @Test
    void refusesAnEmptyPromptHalfASizeAndAMaskWithoutAPicture() throws IOException {
        byte[] png = picture(8, 8);

        assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> request("prompt string", " "))
                .withMessageContaining("the prompt is empty");
        assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> request("prompt string", (Object) null))
                .withMessageContaining("the prompt is empty");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> request("prompt string, width int, height int", "a cat", 64, null))
                .withMessageContaining("width is 64 and height is null");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> request("prompt string, mask binary", "a cat", png))
                .withMessageContaining("there is a mask, and no init_image");
    }

    private static byte[] picture(int width, int height) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", out);
        return out.toByteArray();
    }

    private static GenerationSettings settings(String columns, Object... row) {
        return request(columns, row).settings();
    }

    private static ImageRequest request(String columns, Object... row) {
        return RowRequest.of(values(columns, row), settings -> {});
    }

    static RowValues values(String columns, Object... row) {
        return RequestColumns.of(StructType.fromDDL(columns)).of(RowFactory.create(row));
    }
}
