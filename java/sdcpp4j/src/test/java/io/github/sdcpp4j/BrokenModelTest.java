package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.LiveObjects;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A model whose parts do not fit together: the runtime notices by an assertion, which would end the process. */
class BrokenModelTest {

    private static final Path UNFIT = PartFiles.unetThatDoesNotFitItsTextEncoder(Models.fixtures());
    private static final TextToImage REQUEST =
            TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(1).seed(1).build();

    @Test
    void anAssertionOfTheRuntimeIsAnExceptionAndTheModelAsksToBeLoadedAgain() {
        long before = LiveObjects.count();
        try (StableDiffusion sd = StableDiffusion.load(UNFIT)) {
            assertThatThrownBy(() -> sd.generate(REQUEST))
                    .isInstanceOf(GenerationException.class)
                    .hasMessageContaining("internal check");
            assertThatThrownBy(() -> sd.generate(REQUEST))
                    .isInstanceOf(GenerationException.class)
                    .hasMessageContaining("close it and load it again");
        }
        assertThat(LiveObjects.count()).isEqualTo(before);
    }

    @Test
    void inAWorkerTheNextRequestGetsASoundModel() {
        try (StableDiffusion sd = StableDiffusion.builder(UNFIT).worker().load()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> sd.generate(REQUEST))
                        .isInstanceOf(GenerationException.class)
                        .hasMessageContaining("internal check");
            }
        }
    }
}
