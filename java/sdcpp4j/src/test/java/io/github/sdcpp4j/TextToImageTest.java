package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.pixels;
import static io.github.sdcpp4j.support.Models.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TextToImageTest {

    private static TextToImage.Builder request() {
        return TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(2).seed(42);
    }

    private static GeneratedImage generate(TextToImage.Builder request) {
        return shared().generate(request.build()).getFirst();
    }

    private static byte[] unchanged;

    @BeforeAll
    static void makeThePictureThatOthersAreComparedWith() {
        unchanged = pixels(generate(request()));
    }

    @Test
    void theSameRequestGivesTheSameBytes() {
        assertThat(pixels(generate(request()))).isEqualTo(unchanged);
    }

    @Test
    void thePngInMemoryIsTheOneThatIsSaved(@TempDir Path folder) throws Exception {
        GeneratedImage picture = generate(request());
        Path file = folder.resolve("picture.png");
        picture.save(file);
        assertThat(picture.png()).isEqualTo(Files.readAllBytes(file));
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                change("seed", b -> b.seed(43)),
                change("prompt", b -> b.prompt("a red square")),
                change("negative prompt", b -> b.negativePrompt("blurry")),
                change("sampler", b -> b.sampler(Sampler.DPMPP_2M)),
                change("scheduler", b -> b.scheduler(Scheduler.KARRAS)),
                change("guidance scale", b -> b.guidanceScale(2)),
                change("guidance switched off", b -> b.guidanceScale(1)),
                change("steps", b -> b.steps(3)),
                change("clip skip", b -> b.clipSkip(12)),
                change("eta", b -> b.eta(0)));
    }

    private static Arguments change(String what, UnaryOperator<TextToImage.Builder> change) {
        return Arguments.of(what, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void anotherValueGivesAnotherPicture(String what, UnaryOperator<TextToImage.Builder> change) {
        assertThat(pixels(generate(change.apply(request())))).isNotEqualTo(unchanged);
    }

    @Test
    void withoutGuidanceTheNegativePromptHasNoEffect() {
        byte[] without = pixels(generate(request().guidanceScale(1)));
        assertThat(pixels(generate(request().guidanceScale(1).negativePrompt("blurry")))).isEqualTo(without);
    }

    @ParameterizedTest
    @EnumSource(Sampler.class)
    void everySamplerMakesAPicture(Sampler sampler) {
        GeneratedImage image = generate(request().steps(4).guidanceScale(1).sampler(sampler));
        assertThat(distinctColours(image)).isGreaterThan(20);
        assertThat(image.infotext().fields()).containsEntry("Sampler", sampler.webUiName());
    }

    @ParameterizedTest
    @EnumSource(Scheduler.class)
    void everySchedulerMakesAPicture(Scheduler scheduler) {
        GeneratedImage image = generate(request().steps(4).guidanceScale(1).sampler(Sampler.EULER).scheduler(scheduler));
        assertThat(distinctColours(image)).isGreaterThan(20);
        assertThat(image.infotext().fields()).containsEntry("Schedule type", scheduler.webUiName());
    }

    @ParameterizedTest
    @EnumSource(Scheduler.class)
    void everySchedulerWorksWithItsFewestSteps(Scheduler scheduler) {
        GeneratedImage image =
                generate(request().steps(scheduler.minSteps()).guidanceScale(1).sampler(Sampler.EULER).scheduler(scheduler));
        assertThat(distinctColours(image)).isGreaterThan(20);
    }

    private static long distinctColours(GeneratedImage image) {
        return java.util.Arrays.stream(image.image().getRGB(0, 0, 64, 64, null, 0, 64)).distinct().count();
    }

    @Test
    void aBatchOfThreeEqualsThreeSinglesWithTheSeedsReturned() {
        List<GeneratedImage> batch = shared().generate(request().batchCount(3).build());
        assertThat(batch).extracting(GeneratedImage::seed).containsExactly(42L, 43L, 44L);
        for (GeneratedImage image : batch) {
            GeneratedImage single = generate(request().seed(image.seed()));
            assertThat(pixels(single)).isEqualTo(pixels(image));
            assertThat(single.request()).isEqualTo(image.request());
        }
        assertThat(shared().generate(batch.getLast().request()).getFirst().request()).isEqualTo(batch.getLast().request());
        assertThat(pixels(batch.get(0))).isNotEqualTo(pixels(batch.get(1)));
    }

    @Test
    void aRandomSeedIsReturnedAndGivesThePictureAgain() {
        GeneratedImage first = generate(request().randomSeed());
        GeneratedImage second = generate(request().randomSeed());
        assertThat(first.seed()).isNotEqualTo(second.seed());
        assertThat(pixels(generate(request().seed(first.seed())))).isEqualTo(pixels(first));
        assertThat(pixels(shared().generate(first.request()).getFirst())).isEqualTo(pixels(first));
    }

    @Test
    void theRuntimesChoicesAreInTheResult() {
        GenerationSettings settings = generate(request()).request().settings();
        assertThat(settings.sampler()).contains(Sampler.EULER_A);
        assertThat(settings.scheduler()).contains(Scheduler.DISCRETE);
        assertThat(generate(request().sampler(Sampler.LCM)).request().settings().scheduler()).contains(Scheduler.LCM);
    }

    @ParameterizedTest
    @CsvSource({"72, 64", "64, 72", "40, 56", "8, 8", "128, 64"})
    void anyMultipleOf8GivesExactlyThatSize(int width, int height) {
        GeneratedImage image = generate(request().size(width, height));
        assertThat(image.image().getWidth()).isEqualTo(width);
        assertThat(image.image().getHeight()).isEqualTo(height);
        if (width % 64 != 0 || height % 64 != 0) {
            assertThat(image.notes()).singleElement().asString()
                    .contains("cropped evenly to " + width + "x" + height)
                    .contains("multiples of 64");
        } else {
            assertThat(image.notes()).isEmpty();
        }
    }

    @Test
    void aCroppedPictureIsTheMiddleOfTheLargerOne() {
        GeneratedImage large = generate(request());
        GeneratedImage small = generate(request().size(40, 56));
        for (int y = 0; y < 56; y += 5) {
            for (int x = 0; x < 40; x += 3) {
                assertThat(small.image().getRGB(x, y)).isEqualTo(large.image().getRGB(x + 12, y + 4));
            }
        }
    }

    @Test
    void progressTellsThePhasesApartInOrder() {
        List<Progress> reports = new ArrayList<>();
        shared().generate(request().steps(3).batchCount(2).build(), reports::add);

        assertThat(reports.stream().map(Progress::phase).distinct())
                .containsExactly(Phase.ENCODE_TEXT, Phase.SAMPLE, Phase.DECODE);
        assertThat(reports).filteredOn(r -> r.phase() == Phase.SAMPLE && r.steps() > 0 && r.step() > 0)
                .extracting(r -> r.image() + ":" + r.step() + "/" + r.steps())
                .containsExactly("0:1/3", "0:2/3", "0:3/3", "1:1/3", "1:2/3", "1:3/3");
        assertThat(reports).filteredOn(r -> r.phase() == Phase.DECODE && r.steps() > 0)
                .extracting(r -> r.image() + ":" + r.step() + "/" + r.steps())
                .containsExactly("0:1/1", "1:1/1");
        assertThat(reports).extracting(Progress::elapsed).isSorted();
    }

    @Test
    void progressOfSecondOrderSamplersCountsStepsOnce() {
        List<Integer> steps = new ArrayList<>();
        shared().generate(request().steps(3).sampler(Sampler.HEUN).build(), progress -> {
            if (progress.phase() == Phase.SAMPLE && progress.step() > 0) {
                steps.add(progress.step());
            }
        });
        assertThat(steps).doesNotHaveDuplicates().endsWith(3);
    }

    @Test
    void loadingReportsItsProgress() {
        List<Progress> reports = new ArrayList<>();
        StableDiffusion.builder(io.github.sdcpp4j.support.Models.smallSd1()).progress(reports::add).load().close();
        assertThat(reports).allMatch(report -> report.phase() == Phase.LOAD);
        Progress last = reports.getLast();
        assertThat(last.step()).isEqualTo(last.steps()).isGreaterThan(1000);
    }

    @Test
    void timingsAddUp() {
        Timings timings = generate(request()).timings();
        assertThat(timings.encodeText()).isPositive();
        assertThat(timings.sample()).isPositive();
        assertThat(timings.decode()).isPositive();
        assertThat(timings.encodeImage()).isEqualTo(Duration.ZERO);
        assertThat(timings.total())
                .isEqualTo(timings.encodeText().plus(timings.sample()).plus(timings.decode()));
    }

    @Test
    void whatAListenerThrowsIsThrownByTheCallAndTheModelStaysUsable() {
        List<Progress> reports = new ArrayList<>();
        RuntimeException mine = new RuntimeException("mine");
        assertThatThrownBy(() -> shared().generate(request().build(), progress -> {
                    reports.add(progress);
                    throw mine;
                })).isSameAs(mine);
        assertThat(reports).hasSize(1);
        assertThatThrownBy(() -> shared().generate(request().build(), progress -> {
                    throw new StackOverflowError();
                })).isInstanceOf(StackOverflowError.class);
        assertThat(pixels(generate(request()))).isEqualTo(unchanged);
    }

    @Test
    void aListenerThatCallsItsModelGetsAnExceptionInsteadOfADeadlock() {
        assertThatThrownBy(() -> shared().generate(request().build(), progress -> shared().generate(request().build())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another thread");
        assertThatThrownBy(() -> shared().generate(request().build(), progress -> shared().close()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(generate(request())).isNotNull();
    }

    @Test
    void aSavedPictureCarriesItsParametersAndPixels(@TempDir Path folder) throws Exception {
        GeneratedImage image = generate(request().prompt("une forêt, 猫").negativePrompt("flou"));
        Path png = folder.resolve("bild ü.png");
        image.save(png);
        Infotext read = Infotext.read(png).orElseThrow();
        assertThat(read).isEqualTo(image.infotext());
        assertThat(read.prompt()).isEqualTo("une forêt, 猫");
        assertThat(read.fields()).containsEntry("Seed", "42").containsEntry("Size", "64x64").containsEntry("Steps", "2");
        var pictureRead = javax.imageio.ImageIO.read(png.toFile());
        assertThat(pictureRead.getRGB(0, 0, 64, 64, null, 0, 64))
                .isEqualTo(image.image().getRGB(0, 0, 64, 64, null, 0, 64));

        assertThatThrownBy(() -> image.save(folder.resolve("no/such/folder.png")))
                .isInstanceOf(java.io.UncheckedIOException.class)
                .hasMessageContaining("no/such/folder.png");
    }
}
