package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Videos by a generated model of Wan's shapes. Its text encoder is too large to generate: there is none. */
@Timeout(300)
class VideoTest {

    /** Two patches of Wan: its thirty blocks have a fixed width, and make each step slow. */
    private static final int SIDE = 32;

    private static final String NO_TEXT = "the model was loaded without a text encoder: the prompt has no effect";

    private static StableDiffusion wan;
    private static Video usual;

    @BeforeAll
    static void load() {
        wan = options().load();
        usual = wan.generate(request().build());
    }

    @AfterAll
    static void close() {
        wan.close();
    }

    private static LoadOptions.Builder options() {
        return LoadOptions.builder().file(ModelFile.DIFFUSION, PartFiles.wan(Models.fixtures())).taesd(PartFiles.videoTaesd(Models.fixtures()));
    }

    private static VideoRequest.Builder request() {
        return VideoRequest.builder().size(SIDE, SIDE).frames(5).steps(2).guidanceScale(1).seed(3);
    }

    private static byte[] pixels(Video video) {
        int frame = 3 * video.frames().getFirst().getWidth() * video.frames().getFirst().getHeight();
        byte[] all = new byte[frame * video.frames().size()];
        for (int i = 0; i < video.frames().size(); i++) {
            System.arraycopy(Models.pixels(video.frames().get(i)), 0, all, i * frame, frame);
        }
        return all;
    }

    private static BufferedImage plain(Color color) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(0, 0, SIDE, SIDE);
        graphics.dispose();
        return image;
    }

    @Test
    void aVideoHasTheFramesAskedForAndIsTheSameEachTime() {
        assertThat(wan.family()).isEqualTo("Wan 2.x");
        assertThat(usual.frames()).hasSize(5).allSatisfy(frame -> {
            assertThat(frame.getWidth()).isEqualTo(SIDE);
            assertThat(frame.getHeight()).isEqualTo(SIDE);
        });
        assertThat(usual.seed()).isEqualTo(3);
        assertThat(usual.notes()).containsExactly(NO_TEXT);
        assertThat(Models.distance(Models.pixels(usual.frames().get(0)), Models.pixels(usual.frames().get(4)))).as("it moves").isPositive();
        assertThat(pixels(wan.generate(usual.request()))).isEqualTo(pixels(usual));
        assertThat(pixels(wan.generate(request().seed(4).build()))).isNotEqualTo(pixels(usual));
    }

    @Test
    void framesAreRoundedDownToWhatTheModelMakesAndThatIsSaid() {
        Video video = wan.generate(request().frames(4).build());
        assertThat(video.frames()).hasSize(1);
        assertThat(video.notes()).hasSize(2).last().asString().contains("1 frames in place of 4").contains("4n+1");
        assertThat(wan.generate(request().frames(10).steps(1).build()).frames()).hasSize(9);
    }

    @Test
    void sizesThatAreNoMultipleOfTheModelsAreCropped() {
        Video video = wan.generate(request().size(40, 24).frames(1).build());
        assertThat(video.frames().getFirst()).extracting(BufferedImage::getWidth, BufferedImage::getHeight).containsExactly(40, 24);
        assertThat(video.notes()).hasSize(2).last().asString().contains("made at 48x32");
    }

    @Test
    void controlFramesAndTheirStrengthMatter() {
        List<BufferedImage> red = Collections.nCopies(5, plain(Color.RED));
        byte[] controlled = pixels(wan.generate(request().controlFrames(red).build()));
        assertThat(controlled).isNotEqualTo(pixels(usual));
        assertThat(pixels(wan.generate(request().controlFrames(red).controlStrength(0.5).build()))).isNotEqualTo(controlled);
        assertThat(pixels(wan.generate(request().controlFrames(red.subList(0, 1)).build()))).isNotEqualTo(controlled);
        assertThat(pixels(wan.generate(request().controlFrames(red).controlStrength(0).build())))
                .as("without strength they have no part").isEqualTo(pixels(wan.generate(request().controlStrength(0).build())));
    }

    @Test
    void theFirstFrameIsAReferenceForModelsWithVace() {
        Video video = wan.generate(request().firstFrame(plain(Color.GREEN)).build());
        assertThat(video.frames()).hasSize(5);
        assertThat(pixels(video)).isNotEqualTo(pixels(usual));
        assertThat(pixels(video)).isNotEqualTo(pixels(wan.generate(request().firstFrame(plain(Color.BLUE)).build())));
    }

    @Test
    void flowShiftSamplerAndSigmasMatter() {
        assertThat(pixels(wan.generate(request().extras(SamplingExtras.NONE.withFlowShift(12)).build()))).isNotEqualTo(pixels(usual));
        assertThat(pixels(wan.generate(request().sampler(Sampler.EULER_A).build()))).isNotEqualTo(pixels(usual));
        assertThat(pixels(wan.generate(request().extras(SamplingExtras.NONE.withSigmas(List.of(1.0, 0.4, 0.0))).build()))).isNotEqualTo(pixels(usual));
    }

    @Test
    void aSecondDiffusionModelDoesTheNoisySteps() {
        try (StableDiffusion both = options().file(ModelFile.HIGH_NOISE_DIFFUSION, PartFiles.wanHighNoise(Models.fixtures())).load()) {
            byte[] shared = pixels(both.generate(request().steps(4).build()));
            assertThat(shared).isNotEqualTo(pixels(wan.generate(request().steps(4).build())));
            assertThat(pixels(both.generate(request().steps(4).highNoise(HighNoise.DEFAULT.withBoundary(0.3)).build())))
                    .isNotEqualTo(shared);
            byte[] twoMore = pixels(both.generate(request().steps(4).highNoise(HighNoise.DEFAULT.withSteps(2)).build()));
            assertThat(twoMore).isNotEqualTo(shared);
            assertThat(pixels(both.generate(request().steps(4)
                    .highNoise(HighNoise.DEFAULT.withSteps(2).withSampler(Sampler.EULER_A)).build()))).isNotEqualTo(twoMore);
            // the lowest boundary gives it every step
            assertThat(pixels(both.generate(request().steps(4).highNoise(HighNoise.DEFAULT.withBoundary(0.001)).build())))
                    .isNotEqualTo(shared);
        }
    }

    @Test
    void progressAndPreviewsTellWhatIsDone() {
        List<Progress> heard = new ArrayList<>();
        List<Preview> seen = Collections.synchronizedList(new ArrayList<>());
        Previews previews = Previews.of(PreviewMode.PROJECTION, seen::add);
        Video video = wan.generate(request().build(), heard::add, previews);
        assertThat(heard).extracting(Progress::phase).containsSubsequence(Phase.ENCODE_TEXT, Phase.SAMPLE, Phase.DECODE);
        assertThat(heard).filteredOn(progress -> progress.phase() == Phase.SAMPLE && progress.steps() > 0)
                .extracting(Progress::step).containsSubsequence(1, 2);
        assertThat(seen).isNotEmpty().allSatisfy(preview -> assertThat(preview.image().getWidth()).isEqualTo(SIDE / 8));
        assertThat(seen.getLast().step()).isEqualTo(2);
        assertThat(pixels(video)).isEqualTo(pixels(usual));
        assertThat(video.timings().sample()).isPositive();
        assertThat(video.timings().decode()).isPositive();
    }

    @Test
    void aVideoCanBeStopped() {
        assertThatThrownBy(() -> wan.generate(request().steps(1000).timeout(Duration.ofSeconds(1)).build()))
                .isInstanceOf(CancelledException.class);
        assertThat(pixels(wan.generate(request().build()))).as("the model is sound").isEqualTo(pixels(usual));
    }

    @Test
    void whatOnlyPicturesHaveIsRefused() {
        assertThatThrownBy(() -> request().batchCount(2).build()).isInstanceOf(InvalidRequestException.class).hasMessageContaining("batch count is 2");
        assertThatThrownBy(() -> request().hires(HiresFix.to(128, 128)).build())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("hires");
        assertThatThrownBy(() -> request().control(ControlImage.of(plain(Color.RED))).build())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("control frames");
        assertThatThrownBy(() -> request().referenceImages(List.of(plain(Color.RED))).build())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("first frame");
        assertThatThrownBy(() -> request().frames(0).build()).isInstanceOf(InvalidRequestException.class).hasMessageContaining("frames is 0");
        assertThatThrownBy(() -> request().framesPerSecond(0).build()).isInstanceOf(InvalidRequestException.class).hasMessageContaining("per second is 0");
        assertThatThrownBy(() -> request().controlFrames(Collections.nCopies(6, plain(Color.RED))).build())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("6 control frames for 5 frames");
        assertThatThrownBy(() -> HighNoise.DEFAULT.withBoundary(1.5)).isInstanceOf(InvalidRequestException.class).hasMessageContaining("1.5");
    }

    @Test
    void aModelForVideosRefusesPicturesAndTheOtherWayRound() {
        assertThatThrownBy(() -> wan.generate(TextToImage.of("a cat")))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("Wan 2.x").hasMessageContaining("vid_gen");
        assertThatThrownBy(() -> Models.shared().generate(request().build()))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("SD 1.x").hasMessageContaining("no videos");
    }

    @Test
    void tooLittleMemoryIsToldBeforehand() {
        try (StableDiffusion small = options().memoryLimit(4L << 20).load()) {
            assertThatThrownBy(() -> small.generate(request().frames(33).build()))
                    .isInstanceOf(InsufficientMemoryException.class).hasMessageContaining("a video of 33 frames of 32x32");
        }
    }

    @Test
    void aWorkerProcessMakesTheSameVideo() {
        List<BufferedImage> red = List.of(plain(Color.RED));
        VideoRequest request = request().frames(7).firstFrame(plain(Color.GREEN)).controlFrames(red).build();
        Video here = wan.generate(request);
        try (StableDiffusion worker = options().worker().load()) {
            Video there = worker.generate(request);
            assertThat(there.frames()).hasSize(5);
            assertThat(there.notes()).isEqualTo(here.notes());
            assertThat(pixels(there)).isEqualTo(pixels(here));
        }
    }

    @Test
    void aQueuedVideoIsTheSame() {
        assertThat(pixels(wan.submit(request().build(), ProgressListener.NONE, Previews.NONE).join()))
                .isEqualTo(pixels(usual));
    }
}
