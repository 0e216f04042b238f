package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.pixels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.support.PreviewLog;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Previews out of a worker process are those of this process. */
class WorkerPreviewsTest {

    private static final TextToImage REQUEST =
            TextToImage.builder().prompt("a lovely cat").size(40, 48).steps(6).seed(42).batchCount(2).build();

    private static StableDiffusion worker;

    @BeforeAll
    static void load() {
        worker = StableDiffusion.builder(Models.smallSd1()).worker().load();
    }

    @AfterAll
    static void close() {
        worker.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"PROJECTION", "VAE"})
    void previewsAreTheSameAsInProcess(PreviewMode mode) {
        PreviewLog here = new PreviewLog(mode, 2);
        byte[] expected = pixels(Models.shared().generate(REQUEST, here, here.previews()).getFirst());
        Map<String, byte[]> pixelsHere = here.all().stream()
                .collect(Collectors.toMap(WorkerPreviewsTest::name, preview -> pixels(preview.image())));

        PreviewLog there = new PreviewLog(mode, 2); // not as listener: a worker does not wait for it
        List<GeneratedImage> images = worker.generate(REQUEST, ProgressListener.NONE, there.previews());
        assertThat(pixels(images.getFirst())).isEqualTo(expected);
        assertThat(there.all()).isNotEmpty().allSatisfy(preview ->
                assertThat(pixels(preview.image())).as(name(preview)).isEqualTo(pixelsHere.get(name(preview))));
        assertThat(name(there.all().getLast())).isEqualTo(name(here.all().getLast()));
    }

    private static String name(Preview preview) {
        return "%d: %d/%d %s %dx%d".formatted(preview.index(), preview.step(), preview.steps(), preview.mode(),
                preview.image().getWidth(), preview.image().getHeight());
    }

    @Test
    void whatAConsumerThrowsStopsTheCallAndIsThrown() {
        RuntimeException mine = new RuntimeException("mine");
        TextToImage endless = REQUEST.toBuilder().steps(500).build();
        assertThatThrownBy(() -> worker.generate(endless, ProgressListener.NONE, Previews.of(PreviewMode.VAE, preview -> {
            throw mine;
        }))).isSameAs(mine);
        assertThat(worker.generate(REQUEST)).hasSize(2);
    }
}
