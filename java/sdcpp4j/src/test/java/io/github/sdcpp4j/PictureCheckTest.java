package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.pixels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.PictureCheck.Verdict;
import io.github.sdcpp4j.internal.images.RgbImages;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The check that an application sets on a model sees each picture first. */
@Timeout(300)
class PictureCheckTest {

    private static final TextToImage REQUEST =
            TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(2).seed(42).batchCount(2).build();

    private static StableDiffusion sd;
    private static List<byte[]> expected;

    /** What the model's check does in the test at hand. */
    private static volatile PictureCheck check;

    private final List<BufferedImage> seen = Collections.synchronizedList(new ArrayList<>());

    @BeforeAll
    static void load() {
        sd = StableDiffusion.builder(Models.smallSd1()).pictureCheck(picture -> check.check(picture)).load();
        expected = Models.shared().generate(REQUEST).stream().map(Models::pixels).toList();
    }

    @AfterAll
    static void close() {
        sd.close();
    }

    @BeforeEach
    void passAll() {
        check = picture -> {
            seen.add(picture);
            return Verdict.pass(picture);
        };
    }

    /** Flags what is the first picture of the request's seed and leaves the others. */
    private static PictureCheck flagFirst(BufferedImage replacement) {
        return picture -> Arrays.equals(pixels(picture), expected.getFirst())
                ? Verdict.flag(replacement == null ? picture : replacement) : Verdict.pass(picture);
    }

    private static BufferedImage plain(Color color, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        return image;
    }

    private static int colour(GeneratedImage image) {
        return image.image().getRGB(5, 5) & 0xffffff;
    }

    @Test
    void withoutACheckNothingIsFlagged() {
        assertThat(Models.shared().generate(REQUEST)).noneMatch(GeneratedImage::nsfwContentDetected);
        assertThat(LoadOptions.builder().model(Models.smallSd1()).build().pictureCheck()).isEmpty();
    }

    @Test
    void everyPictureIsSeenAndOnePassedIsTheSameToTheLastBit() {
        List<GeneratedImage> images = sd.generate(REQUEST);
        assertThat(images).extracting(GeneratedImage::image).containsExactlyElementsOf(seen);
        for (int i = 0; i < 2; i++) {
            assertThat(pixels(images.get(i))).isEqualTo(expected.get(i));
            assertThat(images.get(i).nsfwContentDetected()).isFalse();
            assertThat(images.get(i).notes()).isEmpty();
        }
    }

    @Test
    void aFlaggedPictureCanBeKept() {
        check = flagFirst(null);
        List<GeneratedImage> images = sd.generate(REQUEST);
        assertThat(images).extracting(GeneratedImage::nsfwContentDetected).containsExactly(true, false);
        assertThat(pixels(images.getFirst())).isEqualTo(expected.getFirst());
        assertThat(images.getFirst().notes()).containsExactly("the picture check found a picture not safe for work");
        assertThat(images.getLast().notes()).isEmpty();
    }

    @Test
    void aPictureCanBeReplacedWithAndWithoutAFlag() {
        check = flagFirst(plain(new Color(1, 2, 3), 64, 64));
        List<GeneratedImage> images = sd.generate(REQUEST);
        assertThat(colour(images.getFirst())).isEqualTo(0x010203);
        assertThat(images.getFirst().image().getColorModel().hasAlpha()).isFalse();
        assertThat(images.getFirst().notes()).containsExactly("the picture check found a picture not safe for work, and replaced it");
        assertThat(images.getFirst().infotext().toString()).isEqualTo(Models.shared().generate(REQUEST).getFirst().infotext().toString());
        assertThat(pixels(images.getLast())).isEqualTo(expected.getLast());

        check = picture -> Verdict.pass(plain(Color.GREEN, 64, 64));
        assertThat(sd.generate(REQUEST)).allSatisfy(image -> {
            assertThat(colour(image)).isEqualTo(0x00ff00);
            assertThat(image.nsfwContentDetected()).isFalse();
            assertThat(image.notes()).isEmpty();
        });
    }

    @Test
    void itSeesAnInpaintedPictureAsItIsReturned() {
        BufferedImage corner = plain(Color.BLACK, 64, 64);
        corner.setRGB(0, 0, Color.WHITE.getRGB());
        ImageToImage request = ImageToImage.builder(plain(Color.ORANGE, 64, 64)).prompt("a cat").steps(2).strength(0.5).seed(1)
                .mask(Mask.of(corner)).build();
        GeneratedImage image = sd.generate(request).getFirst();
        assertThat(seen).containsExactly(image.image());
        assertThat(colour(image)).isEqualTo(Color.ORANGE.getRGB() & 0xffffff);
    }

    @Test
    void submittedRequestsAreCheckedToo() {
        check = flagFirst(RgbImages.create(64, 64));
        List<GeneratedImage> images = sd.submit(REQUEST).join();
        assertThat(images).extracting(GeneratedImage::nsfwContentDetected).containsExactly(true, false);
        assertThat(pixels(images.getFirst())).containsOnly(0);

        check = picture -> {
            throw new IllegalStateException("mine");
        };
        assertThatThrownBy(() -> sd.submit(REQUEST).join()).isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(PictureCheckException.class);
    }

    @Test
    void aModelInAWorkerIsCheckedInTheApplicationsProcess() {
        try (StableDiffusion worker = StableDiffusion.builder(Models.smallSd1()).worker().pictureCheck(flagFirst(plain(Color.RED, 64, 64))).load()) {
            List<GeneratedImage> images = worker.generate(REQUEST);
            assertThat(images).extracting(GeneratedImage::nsfwContentDetected).containsExactly(true, false);
            assertThat(colour(images.getFirst())).isEqualTo(0xff0000);
            assertThat(pixels(images.getLast())).isEqualTo(expected.getLast());
        }
    }

    @Test
    void whatItThrowsIsTypedAndNoPictureComesBack() {
        RuntimeException mine = new IllegalArgumentException("mine");
        check = picture -> {
            throw mine;
        };
        assertThatThrownBy(() -> sd.generate(REQUEST)).isInstanceOf(PictureCheckException.class)
                .hasMessageContainingAll("picture check failed", "no picture is returned", "mine").hasCause(mine);
        GenerationException typed = new GenerationException("typed");
        check = picture -> {
            throw typed;
        };
        assertThatThrownBy(() -> sd.generate(REQUEST)).isSameAs(typed);
    }

    @Test
    void anAnswerThatCannotBeUsedIsNamed() {
        check = picture -> null;
        assertThatThrownBy(() -> sd.generate(REQUEST)).isInstanceOf(PictureCheckException.class).hasMessageContaining("returned null");
        check = picture -> Verdict.flag(RgbImages.create(32, 32));
        assertThatThrownBy(() -> sd.generate(REQUEST)).isInstanceOf(PictureCheckException.class)
                .hasMessageContainingAll("32x32", "64x64", "keep the size");
    }

    @Test
    void previewsAreRefusedSinceItWouldNotSeeThem() {
        List<Preview> previews = new ArrayList<>();
        for (PreviewMode mode : List.of(PreviewMode.PROJECTION, PreviewMode.VAE)) {
            assertThatThrownBy(() -> sd.generate(REQUEST, ProgressListener.NONE, Previews.of(mode, previews::add)))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContainingAll("previews", "picture check", "--safety-checker");
            assertThatThrownBy(() -> sd.submit(REQUEST, ProgressListener.NONE, Previews.of(mode, previews::add)))
                    .isInstanceOf(InvalidRequestException.class);
        }
        assertThat(previews).isEmpty();
        assertThat(seen).isEmpty();
    }

    @Test
    void itMayWorkWithItsOwnModel() {
        check = picture -> {
            assertThat(sd.tokens("a cat").chunks()).hasSize(1); // would wait for itself on the model's own thread
            return Verdict.pass(picture);
        };
        assertThat(sd.generate(REQUEST)).hasSize(2);
    }

    @Test
    void aGridIsMadeOfCheckedPictures() {
        check = picture -> Verdict.flag(plain(Color.BLUE, 64, 64));
        XyGrid grid = XyGrid.of(REQUEST.toBuilder().batchCount(1).build(), Axis.steps(1, 2), Axis.NONE);
        assertThat(grid.generate(sd)).hasSize(2).allMatch(image -> colour(image) == 0x0000ff);
    }

    @Test
    void eachFrameOfAVideoIsSeen() {
        check = null;
        List<BufferedImage> frames = new ArrayList<>();
        try (StableDiffusion wan = LoadOptions.builder().file(ModelFile.DIFFUSION, PartFiles.wan(Models.fixtures()))
                .taesd(PartFiles.videoTaesd(Models.fixtures()))
                .pictureCheck(frame -> {
                    frames.add(frame);
                    return frames.size() == 3 ? Verdict.flag(RgbImages.create(32, 32)) : Verdict.pass(frame);
                }).load()) {
            VideoRequest request = VideoRequest.builder().size(32, 32).frames(5).steps(1).guidanceScale(1).seed(3).build();
            Video video = wan.generate(request);
            assertThat(video.nsfwContentDetected()).isTrue();
            assertThat(video.notes()).last().isEqualTo("the picture check found 1 of 5 frames not safe for work, and replaced it");
            assertThat(video.frames().get(3)).isSameAs(frames.get(3));
            assertThat(pixels(video.frames().get(2))).containsOnly(0).isNotEqualTo(pixels(frames.get(2)));
            assertThatThrownBy(() -> wan.generate(request, ProgressListener.NONE, Previews.of(PreviewMode.PROJECTION, preview -> {})))
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> wan.submit(request, ProgressListener.NONE, Previews.of(PreviewMode.PROJECTION, preview -> {})))
                    .isInstanceOf(InvalidRequestException.class);
        }
    }
}
