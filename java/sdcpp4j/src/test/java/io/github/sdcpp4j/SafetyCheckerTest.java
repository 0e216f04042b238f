package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.pixels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.sdcpp4j.CancelledException.Reason;
import io.github.sdcpp4j.PictureCheck.Verdict;
import io.github.sdcpp4j.support.LiveObjects;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A generated safety checker that flags red pictures and no others. */
@Timeout(300)
class SafetyCheckerTest {

    private static SafetyChecker checker;

    @TempDir
    private Path folder;

    @BeforeAll
    static void load() {
        checker = SafetyChecker.load(PartFiles.safetyChecker(Models.fixtures()));
    }

    @AfterAll
    static void close() {
        checker.close();
    }

    private static BufferedImage plain(Color color, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        return image;
    }

    @Test
    void aFlaggedPictureBecomesBlackAndAnotherStaysAsItIs() {
        BufferedImage red = plain(Color.RED, 96, 64);
        Verdict flagged = checker.check(red);
        assertThat(flagged.nsfwContentDetected()).isTrue();
        assertThat(flagged.picture().getWidth()).isEqualTo(96);
        assertThat(flagged.picture().getHeight()).isEqualTo(64);
        assertThat(pixels(flagged.picture())).containsOnly(0);
        assertThat(red.getRGB(1, 1)).as("the picture given").isEqualTo(Color.RED.getRGB());
        BufferedImage blue = plain(Color.BLUE, 64, 96);
        assertThat(checker.check(blue)).isEqualTo(Verdict.pass(blue));
    }

    @Test
    void theScoresAreTheCosinesAboveTheThresholds() {
        SafetyScores red = checker.scores(plain(Color.RED, 224, 224));
        // red, green and blue as CLIP sees them, against (1, 0, -1), less 0.5
        double[] colour = {(1 - 0.48145466) / 0.26862954, -0.4578275 / 0.26130258, -0.40821073 / 0.27577711};
        double cosine = (colour[0] - colour[2]) / Math.sqrt(2)
                / Math.sqrt(colour[0] * colour[0] + colour[1] * colour[1] + colour[2] * colour[2]);
        assertThat(red.concepts()).hasSize(17);
        assertThat((double) red.concepts().getFirst()).isCloseTo(cosine - 0.5, within(0.003));
        assertThat(red.concepts().subList(1, 17)).allMatch(score -> score < 0);
        assertThat(red.specialCare()).hasSize(3).allMatch(score -> score < 0);
        assertThat(red.isNsfw()).isTrue();
    }

    @Test
    void flaggingOnlyKeepsThePicture() {
        try (SafetyChecker flagging = SafetyChecker.builder(PartFiles.safetyChecker(Models.fixtures())).flagOnly(true).backend("cpu").load()) {
            BufferedImage red = plain(Color.RED, 64, 64);
            assertThat(flagging.check(red)).isEqualTo(Verdict.flag(red));
        }
    }

    /** All but a corner of them is the picture that they start from. */
    @Test
    void generatedPicturesAreJudgedAsTheyAreReturned() {
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).pictureCheck(checker).load()) {
            GeneratedImage red = sd.generate(cornerOf(Color.RED)).getFirst();
            assertThat(red.nsfwContentDetected()).isTrue();
            assertThat(pixels(red)).containsOnly(0);
            assertThat(red.notes()).containsExactly("the picture check found a picture not safe for work, and replaced it");
            GeneratedImage blue = sd.generate(cornerOf(Color.BLUE)).getFirst();
            assertThat(blue.nsfwContentDetected()).isFalse();
            assertThat(pixels(blue)).isEqualTo(pixels(Models.shared().generate(cornerOf(Color.BLUE)).getFirst()));
        }
        assertThat(checker.scores(plain(Color.RED, 8, 8)).isNsfw()).as("it is the caller's to close").isTrue();
    }

    private static ImageToImage cornerOf(Color color) {
        BufferedImage corner = plain(Color.BLACK, 64, 64);
        corner.setRGB(0, 0, Color.WHITE.getRGB());
        return ImageToImage.builder(plain(color, 64, 64)).prompt("a cat").steps(2).strength(0.5).seed(1).mask(Mask.of(corner)).build();
    }

    @Test
    void severalThreadsGetTheirOwnVerdicts() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verdict>> verdicts = Stream.of(Color.RED, Color.BLUE)
                    .map(color -> threads.submit(() -> checker.check(plain(color, 64, 64)))).toList();
            assertThat(verdicts.get(0).get().nsfwContentDetected()).isTrue();
            assertThat(verdicts.get(1).get().nsfwContentDetected()).isFalse();
        }
    }

    @Test
    void anInterruptStopsItAndIsLeftToTheCaller() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> checker.check(plain(Color.RED, 64, 64))).isInstanceOfSatisfying(
                CancelledException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INTERRUPTED));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(checker.check(plain(Color.RED, 64, 64)).nsfwContentDetected()).as("the next one").isTrue();
    }

    @Test
    void closingTwiceIsFineGivesEverythingBackAndUseAfterwardsThrows() {
        long before = LiveObjects.count();
        SafetyChecker own = SafetyChecker.load(PartFiles.safetyChecker(Models.fixtures()));
        assertThat(LiveObjects.count()).isEqualTo(before + 1);
        own.close();
        own.close();
        assertThat(LiveObjects.count()).isEqualTo(before);
        assertThatThrownBy(() -> own.check(plain(Color.RED, 64, 64)))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).pictureCheck(own).load()) {
            assertThatThrownBy(() -> sd.generate(cornerOf(Color.BLUE)))
                    .isInstanceOf(PictureCheckException.class).hasMessageContaining("closed");
        }
    }

    @Test
    void notANumberIsReportedAndPassesForNothing() {
        try (SafetyChecker ill = SafetyChecker.load(PartFiles.nanInSafetyChecker(Models.fixtures()))) {
            assertThatThrownBy(() -> ill.check(plain(Color.BLUE, 64, 64)))
                    .isInstanceOf(GenerationException.class).hasMessageContaining("the safety checker computed NaN");
        }
    }

    @Test
    void whatIsNoSafetyCheckerIsNamedBeforeItIsLoaded() throws Exception {
        long before = LiveObjects.count();
        assertRefused(Models.smallSd1(), "is a complete checkpoint", "not a safety checker", "give it as --model");
        assertRefused(PartFiles.lora(Models.fixtures()), "is a LoRA", "not a safety checker", "CompVis/stable-diffusion-safety-checker");
        assertRefused(PartFiles.incompleteSafetyChecker(Models.fixtures()), "layers.7.mlp.fc1.weight", "damaged");
        assertRefused(Files.writeString(folder.resolve("checker.bin"), "hello"), "text file");
        assertRefused(folder.resolve("missing.bin"), "does not exist");
        byte[] head = new byte[4096];
        try (var in = Files.newInputStream(PartFiles.safetyChecker(Models.fixtures()))) {
            assertThat(in.readNBytes(head, 0, head.length)).isEqualTo(head.length);
        }
        assertRefused(Files.write(folder.resolve("half.gguf"), Arrays.copyOf(head, head.length)), "truncated");
        assertThat(LiveObjects.count()).isEqualTo(before);
    }

    @Test
    void aDeviceThatIsNotThereIsRefusedWithThoseThatAre() {
        assertThatThrownBy(() -> SafetyChecker.builder(PartFiles.safetyChecker(Models.fixtures())).backend("cuda7").load())
                .isInstanceOf(InvalidRequestException.class).hasMessageContainingAll("no device 'cuda7'", "CPU");
    }

    private static void assertRefused(Path file, String... parts) {
        assertThatThrownBy(() -> SafetyChecker.load(file)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file.getFileName().toString()).hasMessageContainingAll(parts);
    }

    @Test
    void inAModelsSlotsItIsNamed() {
        Path file = PartFiles.safetyChecker(Models.fixtures());
        assertThat(CheckpointInfo.read(file).kind()).isEqualTo(ModelKind.SAFETY_CHECKER);
        assertThatThrownBy(() -> LoadOptions.builder().model(file).build().check(TextToImage.of("a cat")))
                .isInstanceOf(CheckpointException.class).hasMessageContainingAll("is a safety checker", "not a checkpoint");
        assertThatThrownBy(() -> LoadOptions.builder().model(Models.smallSd1()).file(ModelFile.CLIP_VISION, file).build()
                .check(TextToImage.of("a cat")))
                .isInstanceOf(CheckpointException.class).hasMessageContainingAll("is a safety checker", "not a CLIP vision encoder");
    }

    @Test
    void optionsOutOfRangeAreNamed() {
        SafetyCheckerOptions.Builder builder = SafetyChecker.builder(Path.of("x.safetensors"));
        assertThat(builder.build()).returns(false, SafetyCheckerOptions::flagOnly).returns("", SafetyCheckerOptions::backend);
        assertThatThrownBy(() -> builder.threads(0).build())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("threads is 0");
    }
}
