package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.sdcpp4j.CancelledException.Reason;
import io.github.sdcpp4j.support.LiveObjects;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class UpscalerTest {

    /** Half precision in the sums, and rounding: a level of 255 either way. */
    private static final int TOLERANCE = 1;

    /** Beside that, where tiles meet: each sees black beyond its own edge, and there its weight is small but not zero. */
    private static final int SEAM_TOLERANCE = 3;

    @TempDir
    private Path folder;

    private static Path known(int factor) {
        return PartFiles.knownEsrgan(Models.fixtures(), factor);
    }

    private static BufferedImage noise(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(7);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, random.nextInt(1 << 24));
        }
        return image;
    }

    private static int channel(BufferedImage image, int x, int y, int shift) {
        return x < 0 || x >= image.getWidth() ? 0 : image.getRGB(x, y) >> shift & 0xff;
    }

    /** The known upscaler's result, computed here. */
    private static BufferedImage expected(BufferedImage image, int factor) {
        BufferedImage repeated = new BufferedImage(image.getWidth() * factor, image.getHeight() * factor, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < repeated.getHeight(); y++) {
            for (int x = 0; x < repeated.getWidth(); x++) {
                repeated.setRGB(x, y, image.getRGB(x / factor, y / factor));
            }
        }
        BufferedImage averaged = new BufferedImage(repeated.getWidth(), repeated.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < repeated.getHeight(); y++) {
            for (int x = 0; x < repeated.getWidth(); x++) {
                int rgb = 0;
                for (int shift : new int[] {16, 8, 0}) {
                    double value = channel(repeated, x - 1, y, shift) / 4.0 + channel(repeated, x, y, shift) / 2.0
                            + channel(repeated, x + 1, y, shift) / 4.0;
                    rgb |= (int) Math.round(value) << shift;
                }
                averaged.setRGB(x, y, rgb);
            }
        }
        return averaged;
    }

    private static int largestDifference(BufferedImage a, BufferedImage b) {
        assertThat(a.getWidth()).isEqualTo(b.getWidth());
        assertThat(a.getHeight()).isEqualTo(b.getHeight());
        int largest = 0;
        for (int y = 0; y < a.getHeight(); y++) {
            for (int x = 0; x < a.getWidth(); x++) {
                for (int shift : new int[] {16, 8, 0}) {
                    largest = Math.max(largest, Math.abs(channel(a, x, y, shift) - channel(b, x, y, shift)));
                }
            }
        }
        return largest;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void aKnownModelGivesThePixelsThatItsWeightsSay(int factor) {
        BufferedImage image = noise(20, 13);
        try (Upscaler upscaler = Upscaler.load(known(factor))) {
            assertThat(upscaler.factor()).isEqualTo(factor);
            assertThat(upscaler.name()).startsWith("esrgan-known-x" + factor).doesNotContain(".");
            assertThat(largestDifference(upscaler.upscale(image), expected(image, factor))).isLessThanOrEqualTo(TOLERANCE);
        }
    }

    @Test
    void convolvingWithoutIm2colGivesTheSame() {
        BufferedImage image = noise(16, 11);
        try (Upscaler upscaler = Upscaler.builder(known(4)).convDirect(true).backend("cpu").threads(2).load()) {
            assertThat(largestDifference(upscaler.upscale(image), expected(image, 4))).isLessThanOrEqualTo(TOLERANCE);
        }
    }

    @Test
    void repeatsApplyTheModelAgainToItsResult() {
        BufferedImage image = noise(9, 5);
        try (Upscaler upscaler = Upscaler.load(known(2))) {
            BufferedImage thrice = upscaler.upscale(image, 3);
            BufferedImage oneByOne = upscaler.upscale(upscaler.upscale(upscaler.upscale(image)));
            assertThat(thrice.getWidth()).isEqualTo(72);
            assertThat(Models.pixels(thrice)).isEqualTo(Models.pixels(oneByOne));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 24, 31})
    void tilesGiveWhatTheWholePictureGives(int tileSize) {
        BufferedImage image = noise(45, 26);
        List<Progress> heard = new ArrayList<>();
        try (Upscaler tiled = Upscaler.builder(known(2)).tileSize(tileSize).load();
                Upscaler whole = Upscaler.builder(known(2)).tileSize(0).load()) {
            BufferedImage result = tiled.upscale(image, 1, heard::add);
            assertThat(largestDifference(result, expected(image, 2))).isLessThanOrEqualTo(SEAM_TOLERANCE);
            assertThat(largestDifference(result, whole.upscale(image))).isLessThanOrEqualTo(SEAM_TOLERANCE);
        }
        assertThat(heard).allMatch(progress -> progress.phase() == Phase.UPSCALE);
        assertThat(heard.getLast().step()).isEqualTo(heard.getLast().steps()).isGreaterThan(1);
    }

    @Test
    void eachRepeatReportsItsTilesFromTheStart() {
        List<Progress> heard = new ArrayList<>();
        try (Upscaler upscaler = Upscaler.builder(known(2)).tileSize(16).load()) {
            upscaler.upscale(noise(20, 10), 2, heard::add);
        }
        List<Progress> starts = heard.stream().filter(progress -> progress.steps() > 0 && progress.step() == 0).toList();
        assertThat(starts).hasSize(2);
        assertThat(starts.getLast().steps()).isGreaterThan(starts.getFirst().steps());
    }

    @Test
    void transparencyIsLaidOverBlackAndEveryKindOfPictureIsTaken() {
        BufferedImage half = new BufferedImage(6, 6, BufferedImage.TYPE_INT_ARGB);
        BufferedImage gray = new BufferedImage(6, 6, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 36; i++) {
            half.setRGB(i % 6, i / 6, 0x80ff8000);
            gray.getRaster().setSample(i % 6, i / 6, 0, 255);
        }
        try (Upscaler upscaler = Upscaler.load(known(1))) {
            BufferedImage opaque = upscaler.upscale(half);
            assertThat(opaque.getColorModel().hasAlpha()).isFalse();
            assertThat(channel(opaque, 3, 3, 16)).isBetween(127, 129);
            assertThat(channel(opaque, 3, 3, 8)).isBetween(63, 65);
            assertThat(channel(opaque, 3, 3, 0)).isZero();
            assertThat(channel(upscaler.upscale(gray), 3, 3, 0)).isGreaterThan(253);
        }
    }

    @Test
    void thePictureGivenStaysAsItIs() {
        try (Upscaler upscaler = Upscaler.load(known(1))) {
            BufferedImage first = upscaler.upscale(noise(8, 8));
            byte[] before = Models.pixels(first).clone();
            BufferedImage second = upscaler.upscale(first);
            assertThat(Models.pixels(first)).isEqualTo(before);
            assertThat(second).isNotSameAs(first);
        }
    }

    @Test
    void randomWeightsOfAPthFileGiveAPicture() {
        try (Upscaler upscaler = Upscaler.load(PartFiles.esrgan(Models.fixtures()))) {
            BufferedImage larger = upscaler.upscale(noise(12, 10));
            assertThat(larger.getWidth()).isEqualTo(48);
            assertThat(larger.getHeight()).isEqualTo(40);
            BufferedImage ofBlack = upscaler.upscale(new BufferedImage(12, 10, BufferedImage.TYPE_INT_RGB));
            assertThat(Models.distance(Models.pixels(larger), Models.pixels(ofBlack))).isPositive();
        }
    }

    @Test
    void theNamesOfTheFirstEsrganFilesAreKnown() {
        BufferedImage image = noise(8, 6);
        try (Upscaler upscaler = Upscaler.load(PartFiles.oldEsrgan(Models.fixtures()))) {
            assertThat(largestDifference(upscaler.upscale(image), expected(image, 4))).isLessThanOrEqualTo(TOLERANCE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 32})
    void anInterruptInTheMiddleStopsItAndIsLeftToTheCaller(int tileSize) throws Exception {
        BufferedImage small = noise(8, 8);
        BufferedImage large = noise(256, 256); // a minute of work, unless it is stopped
        try (Upscaler upscaler = Upscaler.builder(known(4)).tileSize(tileSize).load()) {
            byte[] before = Models.pixels(upscaler.upscale(small));
            CountDownLatch working = new CountDownLatch(1);
            AtomicReference<CancelledException> thrown = new AtomicReference<>();
            AtomicReference<Boolean> interrupted = new AtomicReference<>();
            List<Progress> heard = new ArrayList<>();
            Thread thread = Thread.ofVirtual().start(() -> {
                thrown.set(catchThrowableOfType(CancelledException.class, () -> upscaler.upscale(large, 1, progress -> {
                    heard.add(progress);
                    if (tileSize == 0 || progress.step() == 1) {
                        working.countDown();
                    }
                })));
                interrupted.set(Thread.currentThread().isInterrupted());
            });
            working.await();
            thread.interrupt();
            assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
            assertThat(thrown.get().reason()).isEqualTo(Reason.INTERRUPTED);
            assertThat(interrupted.get()).isTrue();
            assertThat(heard.getLast().step()).isLessThan(10);
            assertThat(Models.pixels(upscaler.upscale(small))).as("the next picture").isEqualTo(before);
        }
    }

    @Test
    void aListenerThatThrowsStopsItAndOneThatCallsBackIsRefused() {
        try (Upscaler upscaler = Upscaler.builder(known(2)).tileSize(16).load()) {
            List<Progress> heard = new ArrayList<>();
            assertThatThrownBy(() -> upscaler.upscale(noise(64, 64), 1, progress -> {
                heard.add(progress);
                if (progress.step() == 1) {
                    throw new IllegalArgumentException("enough");
                }
            })).isInstanceOf(IllegalArgumentException.class).hasMessage("enough");
            assertThat(heard.getLast().step()).isEqualTo(1);
            assertThatThrownBy(() -> upscaler.upscale(noise(8, 8), 1, progress -> upscaler.upscale(noise(8, 8))))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("listener");
        }
    }

    @Test
    void severalThreadsGetTheirOwnPictures() throws Exception {
        try (Upscaler upscaler = Upscaler.load(known(2));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<BufferedImage>> results = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int side = 8 + i;
                results.add(threads.submit(() -> upscaler.upscale(noise(side, 8))));
            }
            for (int i = 0; i < 6; i++) {
                assertThat(largestDifference(results.get(i).get(), expected(noise(8 + i, 8), 2))).isLessThanOrEqualTo(TOLERANCE);
            }
        }
    }

    @Test
    void closingTwiceIsFineGivesEverythingBackAndUseAfterwardsThrows() {
        long before = LiveObjects.count();
        Upscaler upscaler = Upscaler.load(known(2));
        assertThat(LiveObjects.count()).isEqualTo(before + 1);
        upscaler.upscale(noise(8, 8), 2);
        assertThat(LiveObjects.count()).as("pictures are given back").isEqualTo(before + 1);
        upscaler.close();
        upscaler.close();
        assertThat(LiveObjects.count()).isEqualTo(before);
        assertThatThrownBy(() -> upscaler.upscale(noise(8, 8)))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        assertThatThrownBy(upscaler::factor).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsNoUpscalerIsNamedBeforeItIsLoaded() throws Exception {
        long before = LiveObjects.count();
        assertRefused(PartFiles.lora(Models.fixtures()), "is a LoRA", "not an upscaler", "--upscale-model");
        assertRefused(Models.smallSd1(), "is a complete checkpoint", "not an upscaler", "give it as --model");
        assertRefused(Files.writeString(folder.resolve("upscaler.pth"), "hello"), "text file");
        assertRefused(folder.resolve("missing.pth"), "does not exist");
        byte[] whole = Files.readAllBytes(known(4));
        assertRefused(Files.write(folder.resolve("half.safetensors"), Arrays.copyOf(whole, whole.length / 2)), "truncated");
        assertThat(LiveObjects.count()).isEqualTo(before);
    }

    private static void assertRefused(Path file, String... parts) {
        assertThatThrownBy(() -> Upscaler.load(file)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file.getFileName().toString()).hasMessageContainingAll(parts);
    }

    @Test
    void notANumberIsReportedAndNotPainted() {
        try (Upscaler upscaler = Upscaler.load(PartFiles.nanInEsrgan(Models.fixtures()))) {
            assertThatThrownBy(() -> upscaler.upscale(noise(8, 8)))
                    .isInstanceOf(GenerationException.class).hasMessageContaining("the upscaler computed NaN");
        }
    }

    @Test
    void aPictureThatDoesNotFitIsRefusedWithTheNumbersAndTheRemedy() {
        try (Upscaler upscaler = Upscaler.builder(known(4)).backend("cpu").memoryLimit(20 << 20).load()) {
            InsufficientMemoryException e = catchThrowableOfType(
                    InsufficientMemoryException.class, () -> upscaler.upscale(noise(100, 50)));
            assertThat(e).hasMessageContainingAll("100x50 to 400x200", "20 MB are allowed", "--upscale-tile-size");
            assertThat(e.needed()).isGreaterThan(e.available());
            assertThat(upscaler.upscale(noise(16, 16)).getWidth()).as("a smaller one afterwards").isEqualTo(64);
        }
    }

    @Test
    void aPictureLargerThanAnyIsRefused() {
        BufferedImage large = new BufferedImage(8000, 8000, BufferedImage.TYPE_BYTE_BINARY);
        try (Upscaler upscaler = Upscaler.load(known(4))) {
            assertThatThrownBy(() -> upscaler.upscale(large))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContainingAll("8000x8000", "32000x32000", "repeat 1 of 1");
            assertThatThrownBy(() -> upscaler.upscale(noise(64, 64), 8))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("fewer repeats");
            assertThatThrownBy(() -> upscaler.upscale(noise(8, 8), 0))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("upscale repeats is 0");
        }
    }

    @Test
    void optionsOutOfRangeAreNamed() {
        UpscalerOptions.Builder builder = Upscaler.builder(Path.of("x.pth"));
        assertThat(builder.build().tileSize()).isEqualTo(128);
        assertThatThrownBy(() -> builder.tileSize(15).build())
                .isInstanceOf(InvalidRequestException.class).hasMessageContainingAll("tile size is 15", "16 to 16384", "or 0");
        assertThatThrownBy(() -> builder.tileSize(0).threads(0).build())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("threads is 0");
    }

    @Test
    void aResultOfTheLibraryAndOneFromAFileAreTheSameToIt() {
        BufferedImage drawn = new BufferedImage(12, 12, BufferedImage.TYPE_4BYTE_ABGR);
        Graphics2D graphics = drawn.createGraphics();
        graphics.setColor(Color.ORANGE);
        graphics.fillRect(2, 3, 6, 7);
        graphics.dispose();
        try (Upscaler upscaler = Upscaler.load(known(1))) {
            BufferedImage ours = upscaler.upscale(drawn);
            BufferedImage copy = new BufferedImage(12, 12, BufferedImage.TYPE_INT_RGB);
            for (int i = 0; i < 144; i++) {
                copy.setRGB(i % 12, i / 12, ours.getRGB(i % 12, i / 12));
            }
            assertThat(Models.pixels(upscaler.upscale(ours))).isEqualTo(Models.pixels(upscaler.upscale(copy)));
        }
    }
}
