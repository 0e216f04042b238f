package io.github.sdcpp4j.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.Additions;
import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.ControlImage;
import io.github.sdcpp4j.GenerationException;
import io.github.sdcpp4j.GenerationRequest;
import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.HighNoise;
import io.github.sdcpp4j.HiresFix;
import io.github.sdcpp4j.HiresUpscaler;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.InsufficientMemoryException;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Lora;
import io.github.sdcpp4j.LoraApplyMode;
import io.github.sdcpp4j.Mask;
import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.NativeLibraryException;
import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.PhotoMaker;
import io.github.sdcpp4j.PictureCheck;
import io.github.sdcpp4j.Prediction;
import io.github.sdcpp4j.Preview;
import io.github.sdcpp4j.PreviewMode;
import io.github.sdcpp4j.Progress;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.Resolution;
import io.github.sdcpp4j.Rng;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.SamplingExtras;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.StepCache;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.Timings;
import io.github.sdcpp4j.VaeTiling;
import io.github.sdcpp4j.VideoRequest;
import io.github.sdcpp4j.WeightType;
import io.github.sdcpp4j.internal.ModelProperties;
import io.github.sdcpp4j.internal.Outcome;
import io.github.sdcpp4j.internal.images.RgbImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Everything that a record holds arrives. A component that was added and forgotten in the codec fails here. */
class CodecTest {

    private static final String LONG_TEXT = "a (lovely:1.2) cat, ümläut 猫 😀 ".repeat(1500);

    private static DataInputStream written(FrameWriter.Content content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.write(new java.io.DataOutputStream(out));
        return new DataInputStream(new ByteArrayInputStream(out.toByteArray()));
    }

    /** Compares component by component, after making sure that each one of {@code value} differs from the default. */
    private static void assertSame(Record actual, Record value, Record defaults, Set<String> stayBehind) throws Exception {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object expected = component.getAccessor().invoke(value);
            if (stayBehind.contains(component.getName())) {
                continue;
            }
            assertThat(expected)
                    .as("%s must have another value than the default in this test", component)
                    .isNotEqualTo(component.getAccessor().invoke(defaults));
            assertThat(component.getAccessor().invoke(actual)).as("%s", component).isEqualTo(expected);
        }
    }

    /** The embeddings' folder stays behind: its files are named one by one before. */
    private static final Additions ADDITIONS = new Additions(Optional.of(Path.of("/loras ü")), LoraApplyMode.AT_RUNTIME,
            Map.of("word", Path.of("/words/ü.pt"), "other", Path.of("b.safetensors")), Optional.empty());

    @Test
    void allOptionsArrive() throws Exception {
        Map<ModelFile, Path> files = new EnumMap<>(ModelFile.class);
        for (ModelFile file : ModelFile.values()) {
            files.put(file, Path.of("/models/ü " + file + ".gguf"));
        }
        // one flag at a time: two that were swapped would not be noticed otherwise
        for (int flag = 0; flag < 9; flag++) {
            LoadOptions options = new LoadOptions(
                    files, ADDITIONS, 77, Optional.of(WeightType.Q8_0), "^vae=f16", Rng.CPU, Optional.of(Rng.STD_DEFAULT),
                    Optional.of(Prediction.values()[1]), flag == 0, flag == 1, flag == 2, flag == 3, flag == 4, flag == 5,
                    flag == 6, flag == 7, flag == 8, "vae=cpu", "disk", 3.5, Optional.empty(), 64, OptionalLong.of(1L << 40),
                    ProgressListener.NONE, Optional.empty());
            DataInputStream in = written(out -> OptionsCodec.write(out, options));
            LoadOptions read = OptionsCodec.read(in, ProgressListener.NONE);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(read).isEqualTo(options);
        }
        LoadOptions all = new LoadOptions(
                files, ADDITIONS, 77, Optional.of(WeightType.Q8_0), "^vae=f16", Rng.CPU, Optional.of(Rng.STD_DEFAULT),
                Optional.of(Prediction.values()[1]), true, true, true, true, true, true, true, true, true, "vae=cpu", "disk",
                3.5, Optional.empty(), 64, OptionalLong.of(1L << 40), ProgressListener.NONE,
                Optional.of(PictureCheck.Verdict::pass));
        LoadOptions defaults = LoadOptions.builder().model(Path.of("other")).build();
        assertSame(OptionsCodec.read(written(out -> OptionsCodec.write(out, all)), ProgressListener.NONE), all, defaults,
                Set.of("worker", "queueCapacity", "progress", "pictureCheck"));
        assertThat(OptionsCodec.read(written(out -> OptionsCodec.write(out, defaults)), ProgressListener.NONE))
                .isEqualTo(defaults);
    }

    private static final BufferedImage CONTROL = new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB);
    private static final BufferedImage REFERENCE = new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB);

    private static final BufferedImage PERSON = new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB);

    private static final GenerationSettings SETTINGS = new GenerationSettings(
            LONG_TEXT, "blurry", 640, 768, 33, 4.25, Optional.of(Sampler.HEUN), Optional.of(Scheduler.KARRAS),
            OptionalLong.of(GenerationSettings.MAX_SEED), 5, OptionalInt.of(2),
            List.of(new Lora(Path.of("/loras/ü.safetensors"), -0.5), Lora.of(Path.of("b.gguf"))), OptionalDouble.of(0.5),
            Optional.of(new ControlImage(CONTROL, 0.4)), List.of(REFERENCE),
            Optional.of(new PhotoMaker(List.of(PERSON), 33.5)), new SamplingExtras(List.of(14.6, 3.5, 0.0), OptionalDouble.of(3), OptionalDouble.of(3.4), OptionalDouble.of(1.5),
                    Optional.of(new SamplingExtras.SkipLayers(List.of(7, 8), 2.5, 0.02, 0.3)),
                    Optional.of(new StepCache(StepCache.Mode.UCACHE, OptionalDouble.of(0.7)))),
            Optional.of(new HiresFix(new Resolution(1280, 1536), HiresUpscaler.MODEL, Optional.of(Path.of("/ü.pth")), OptionalInt.of(7), 0.4)),
            VaeTiling.ON,
            Optional.of(Duration.ofSeconds(9, 8)));

    @Test
    void allSettingsArrive() throws Exception {
        Iterator<BufferedImage> images = RequestCodec.images(new TextToImage(SETTINGS)).iterator();
        GenerationRequest read = RequestCodec.read(
                written(out -> RequestCodec.write(out, new TextToImage(SETTINGS))), (width, height) -> images.next());
        assertThat(read).isInstanceOf(TextToImage.class);
        assertSame(read.settings(), SETTINGS, TextToImage.of("").settings(), Set.of());
        TextToImage defaults = TextToImage.of("");
        assertThat(RequestCodec.read(written(out -> RequestCodec.write(out, defaults)), (width, height) -> null))
                .isEqualTo(defaults);
    }

    @Test
    void aRequestFromAPictureArrivesWithItsPicturesInOrder() throws Exception {
        BufferedImage picture = new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB);
        BufferedImage mask = new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB);
        ImageToImage request = new ImageToImage(SETTINGS, picture, 0.25, Optional.of(Mask.of(mask)));
        assertThat(RequestCodec.images(request)).containsExactly(CONTROL, REFERENCE, PERSON, picture, mask);
        Iterator<BufferedImage> images = RequestCodec.images(request).iterator();
        GenerationRequest read = RequestCodec.read(written(out -> RequestCodec.write(out, request)), (width, height) -> {
            assertThat(width).isEqualTo(24);
            assertThat(height).isEqualTo(16);
            return images.next();
        });
        assertSame((Record) read, request,
                ImageToImage.builder(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB)).build(), Set.of());
    }

    @Test
    void aRequestForAVideoArrivesWithItsPicturesInOrder() throws Exception {
        List<BufferedImage> pictures = Stream.generate(() -> new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB)).limit(4).toList();
        VideoRequest request = VideoRequest.builder().prompt("a wave").frames(9).framesPerSecond(24).firstFrame(pictures.get(0))
                .lastFrame(pictures.get(1)).controlFrames(pictures.subList(2, 4)).controlStrength(0.3)
                .highNoise(new HighNoise(OptionalInt.of(4), 0.9, OptionalDouble.of(3.5), Optional.of(Sampler.HEUN))).build();
        assertThat(RequestCodec.images(request)).containsExactlyElementsOf(pictures);
        Iterator<BufferedImage> images = RequestCodec.images(request).iterator();
        GenerationRequest read =
                RequestCodec.read(written(out -> RequestCodec.write(out, request)), (width, height) -> images.next());
        assertSame((Record) read, request, VideoRequest.of(""), Set.of());
        assertThat(RequestCodec.read(written(out -> RequestCodec.write(out, VideoRequest.of(""))), (width, height) -> null))
                .isEqualTo(VideoRequest.of(""));
    }

    @Test
    void repliesArrive() throws Exception {
        ModelProperties properties = new ModelProperties("cat", "SDXL", 64, true, 3, List.of(5, 0, 7));
        assertSame(ReplyCodec.readProperties(written(out -> ReplyCodec.write(out, properties))), properties,
                new ModelProperties("", "", 0, false, 0, List.of()), Set.of());

        Timings timings = new Timings(
                Duration.ofNanos(1), Duration.ofSeconds(2, 3), Duration.ofDays(4), Duration.ofMillis(5), Duration.ofHours(6));
        Outcome outcome = new Outcome(17, timings, List.of("a note", "ü"));
        Outcome read = ReplyCodec.readOutcome(written(out -> ReplyCodec.write(out, outcome)));
        assertSame(read, outcome, new Outcome(0, null, List.of()), Set.of());
        assertSame(read.timings(), timings, new Timings(null, null, null, null, null), Set.of());

        Progress progress = new Progress(Phase.SAMPLE, 1, 2, 3, Duration.ofNanos(4));
        assertSame(ReplyCodec.readProgress(written(out -> ReplyCodec.write(out, progress))), progress,
                new Progress(Phase.LOAD, 0, 0, 0, Duration.ZERO), Set.of());
    }

    @Test
    void aPreviewArrivesWithItsPixelsBehindIt() throws Exception {
        BufferedImage image = RgbImages.create(5, 3);
        RgbImages.bytes(image)[44] = 7;
        Preview preview = new Preview(image, 1, 2, 3, PreviewMode.TAESD);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FrameWriter writer = new FrameWriter(out);
        writer.write(Frame.Kind.PREVIEW, 7, payload -> ReplyCodec.write(payload, preview), RgbImages.bytes(image));
        writer.write(Frame.Kind.STARTED, 8, payload -> {});
        FrameReader reader = new FrameReader(new ByteArrayInputStream(out.toByteArray()));
        DataInputStream in = reader.read().in();
        Preview read = ReplyCodec.readPreview(in);
        assertThat(in.read()).isEqualTo(-1);
        assertSame(read, preview, new Preview(null, 0, 0, 0, PreviewMode.NONE), Set.of("image"));
        assertThat(read.image().getWidth()).isEqualTo(5);
        assertThat(RgbImages.bytes(read.image())).isEqualTo(RgbImages.bytes(image));
        assertThat(reader.read().call()).isEqualTo(8);
    }

    @Test
    void failuresArriveWithTypeMessageAndNumbers() throws Exception {
        List<RuntimeException> failures = List.of(
                new CheckpointException("a"), new GenerationException("b"), new InvalidRequestException("c"),
                new InsufficientMemoryException("d", 5, 6), new CancelledException("e", CancelledException.Reason.DEADLINE),
                new NativeLibraryException("f"), new IllegalStateException("g"));
        for (RuntimeException failure : failures) {
            RuntimeException read = FailureCodec.read(written(out -> FailureCodec.write(out, failure)));
            assertThat(read).hasSameClassAs(failure).hasMessage(failure.getMessage());
            if (read instanceof InsufficientMemoryException memory) {
                assertThat(memory.needed()).isEqualTo(5);
                assertThat(memory.available()).isEqualTo(6);
            }
            if (read instanceof CancelledException cancelled) {
                assertThat(cancelled.reason()).isEqualTo(CancelledException.Reason.DEADLINE);
            }
        }
        assertThat(FailureCodec.read(written(out -> FailureCodec.write(out, new OutOfMemoryError("Java heap space")))))
                .isInstanceOf(GenerationException.class)
                .hasMessageContaining("Java heap space")
                .hasMessageContaining("-Xmx");
    }

    @Test
    void framesArriveAndAnythingElseIsNoticed() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FrameWriter writer = new FrameWriter(out);
        writer.write(Frame.Kind.GENERATE, 7, payload -> payload.writeInt(42));
        writer.write(Frame.Kind.STARTED, -1, payload -> {});
        out.writeBytes("printf was here".getBytes());
        FrameReader reader = new FrameReader(new ByteArrayInputStream(out.toByteArray()));
        Frame first = reader.read();
        assertThat(first.kind()).isEqualTo(Frame.Kind.GENERATE);
        assertThat(first.call()).isEqualTo(7);
        assertThat(first.in().readInt()).isEqualTo(42);
        assertThat(reader.read().call()).isEqualTo(-1);
        assertThatThrownBy(reader::read)
                .isInstanceOf(StrayOutputException.class)
                .hasMessageContaining("printf was here");

        byte[] whole = out.toByteArray();
        for (int length = 0; length < FrameWriter.HEADER_BYTES + 4; length++) {
            FrameReader cut = new FrameReader(new ByteArrayInputStream(whole, 0, length));
            assertThatThrownBy(cut::read).isInstanceOf(java.io.EOFException.class);
        }
    }
}
