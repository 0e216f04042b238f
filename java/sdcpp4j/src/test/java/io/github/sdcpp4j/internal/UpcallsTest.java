package io.github.sdcpp4j.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.PreviewMode;
import io.github.sdcpp4j.Previews;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.support.Models;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UpcallsTest {

    private static final TextToImage REQUEST = TextToImage.builder().prompt("a cat").size(64, 64).steps(1).seed(1).build();

    @Test
    void whoDoesNotListenIsNotRegistered() {
        int before = Upcalls.registered();
        try (Upcalls.Registration nobody = Upcalls.register(ProgressListener.NONE, Optional.empty(), new CancelToken())) {
            assertThat(nobody.progress()).isEqualTo(MemorySegment.NULL);
            assertThat(nobody.preview()).isEqualTo(MemorySegment.NULL);
            assertThat(Upcalls.registered()).isEqualTo(before);
        }
    }

    @Test
    void previewsAreRegisteredForTheTimeOfTheirCall() {
        int before = Upcalls.registered();
        List<Integer> during = Collections.synchronizedList(new ArrayList<>());
        Models.shared().generate(REQUEST, ProgressListener.NONE,
                Previews.of(PreviewMode.PROJECTION, preview -> during.add(Upcalls.registered())));
        assertThat(during).first().isEqualTo(before + 1);
        assertThat(Upcalls.registered()).isEqualTo(before);

        assertThatThrownBy(() -> Models.shared().generate(REQUEST, ProgressListener.NONE,
                Previews.of(PreviewMode.PROJECTION, preview -> {
                    throw new IllegalArgumentException("enough");
                }))).hasMessage("enough");
        assertThat(Upcalls.registered()).isEqualTo(before);
    }
}
