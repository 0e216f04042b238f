package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the time of a picture went, as a flight recording tells it. */
class FlightRecordingTest {

    private static final String PREFIX = "io.github.sdcpp4j.";
    private static final List<String> EVENTS =
            List.of("Load", "Generate", "ImageEncode", "TextEncode", "SamplingStep", "Decode", "Upscale");

    private static final TextToImage REQUEST =
            TextToImage.builder().prompt("a cat").negativePrompt("dog").size(64, 64).steps(3).seed(1).build();

    @TempDir
    private Path folder;

    private List<RecordedEvent> events(Runnable work) throws IOException {
        Path file = folder.resolve("test.jfr");
        try (Recording recording = new Recording()) {
            EVENTS.forEach(event -> recording.enable(PREFIX + event));
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
        events.removeIf(event -> !event.getEventType().getName().startsWith(PREFIX));
        events.sort(Comparator.comparing(RecordedEvent::getStartTime));
        return events;
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream().filter(event -> event.getEventType().getName().equals(PREFIX + name)).toList();
    }

    private static RecordedEvent only(List<RecordedEvent> events, String name) {
        assertThat(named(events, name)).as(name).hasSize(1);
        return named(events, name).getFirst();
    }

    private static Duration sum(List<RecordedEvent> events) {
        return events.stream().map(RecordedEvent::getDuration).reduce(Duration.ZERO, Duration::plus);
    }

    @Test
    void everyPartOfAPictureIsThereOnceAndLiesWithinTheWhole() throws IOException {
        List<RecordedEvent> events = events(() -> {
            try (StableDiffusion model = StableDiffusion.load(Models.smallSd1())) {
                model.generate(REQUEST.toBuilder().batchCount(2).build());
            }
        });

        RecordedEvent load = only(events, "Load");
        assertThat(load.getString("file")).isEqualTo(Models.smallSd1().toString());
        assertThat(load.getLong("size")).isEqualTo(Files.size(Models.smallSd1()));
        assertThat(load.getBoolean("done")).isTrue();

        RecordedEvent whole = only(events, "Generate");
        assertThat(whole.getInt("width")).isEqualTo(64);
        assertThat(whole.getInt("steps")).isEqualTo(3);
        assertThat(whole.getInt("pictures")).isEqualTo(2);
        assertThat(whole.getLong("size")).isEqualTo(2 * 64 * 64 * 3);
        assertThat(whole.getThread().getJavaName()).startsWith("sdcpp4j ");
        assertThat(only(events, "TextEncode").getInt("characters")).isEqualTo(8);
        assertThat(named(events, "SamplingStep")).extracting(step -> step.getInt("picture") + "/" + step.getInt("step"))
                .containsExactly("0/1", "0/2", "0/3", "1/1", "1/2", "1/3");
        assertThat(only(events, "Decode").getInt("pictures")).isEqualTo(2);
        assertThat(named(events, "ImageEncode")).isEmpty();

        List<RecordedEvent> parts = new ArrayList<>(events);
        parts.removeAll(List.of(load, whole));
        assertThat(parts).hasSize(8).allSatisfy(part -> {
            assertThat(part.getDuration()).isPositive();
            assertThat(part.getStartTime()).isAfterOrEqualTo(whole.getStartTime());
            assertThat(part.getEndTime()).isBeforeOrEqualTo(whole.getEndTime());
            assertThat(part.getThread().getId()).isEqualTo(whole.getThread().getId());
        });
        assertThat(sum(parts)).isLessThanOrEqualTo(whole.getDuration());
    }

    @Test
    void aPictureToStartFromIsEncodedAndAPictureMadeLargerIsRecordedWithBothSizes() throws IOException {
        BufferedImage input = new BufferedImage(20, 13, BufferedImage.TYPE_INT_RGB);
        List<RecordedEvent> events = events(() -> {
            Models.shared().generate(ImageToImage.builder(input).size(64, 64).steps(2).strength(0.5).seed(1).build());
            try (Upscaler upscaler = Upscaler.load(PartFiles.knownEsrgan(Models.fixtures(), 2))) {
                upscaler.upscale(input, 2);
            }
        });
        assertThat(only(events, "ImageEncode").getInt("height")).isEqualTo(64);
        assertThat(only(events, "Load").getString("file")).contains("esrgan");
        RecordedEvent upscale = only(events, "Upscale");
        assertThat(upscale.getInt("width")).isEqualTo(20);
        assertThat(upscale.getLong("factor")).isEqualTo(4);
    }

    @Test
    void theListenerHearsTheSameAndThePictureIsTheSame() throws IOException {
        List<String> without = new ArrayList<>();
        List<String> with = new ArrayList<>();
        byte[] expected = Models.pixels(Models.shared().generate(REQUEST, told(without)).getFirst());
        events(() -> assertThat(Models.pixels(Models.shared().generate(REQUEST, told(with)).getFirst())).isEqualTo(expected));
        assertThat(with).isEqualTo(without).contains("SAMPLE 3");
    }

    private static ProgressListener told(List<String> lines) {
        return progress -> lines.add(progress.phase() + " " + progress.step());
    }

    @Test
    void aRequestThatIsStoppedIsRecordedAsNotDone() throws IOException {
        List<RecordedEvent> events = events(() -> assertThatThrownBy(() -> Models.shared().generate(REQUEST, progress -> {
            if (progress.phase() == Phase.SAMPLE && progress.step() == 1) {
                throw new IllegalArgumentException("enough");
            }
        })).hasMessage("enough"));
        RecordedEvent whole = only(events, "Generate");
        assertThat(whole.getBoolean("done")).isFalse();
        assertThat(whole.getLong("size")).isZero();
        assertThat(named(events, "SamplingStep")).hasSize(1);
        assertThat(named(events, "Decode")).isEmpty();
    }

    @Test
    void aModelInAProcessOfItsOwnIsRecordedInThisOne() throws IOException {
        List<RecordedEvent> events = events(() -> {
            try (StableDiffusion model = StableDiffusion.builder(Models.smallSd1()).worker().load()) {
                model.generate(REQUEST);
            }
        });
        assertThat(only(events, "Load").getBoolean("done")).isTrue();
        assertThat(named(events, "SamplingStep")).hasSize(3);
        assertThat(sum(named(events, "SamplingStep"))).isLessThan(only(events, "Generate").getDuration());
        assertThat(only(events, "Decode").getInt("pictures")).isEqualTo(1);
    }
}
