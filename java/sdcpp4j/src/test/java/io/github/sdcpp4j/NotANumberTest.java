package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NotANumberTest {

    private static final TextToImage REQUEST =
            TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(4).seed(1).build();

    @Test
    void aVaeThatComputesNaNIsReportedWithTheRemedy() {
        try (StableDiffusion sd = StableDiffusion.load(PartFiles.nanInVae(Models.fixtures()))) {
            assertThatThrownBy(() -> sd.generate(REQUEST))
                    .isInstanceOf(GenerationException.class)
                    .hasMessageContainingAll("the VAE computed NaN", "--vae", "--force-sdxl-vae-conv-scale");
        }
    }

    @Test
    void aDiffusionModelThatComputesNaNIsReportedAtItsFirstStep() {
        int[] steps = {0};
        try (StableDiffusion sd = StableDiffusion.load(PartFiles.nanInUnet(Models.fixtures()))) {
            assertThatThrownBy(() -> sd.generate(REQUEST, progress -> steps[0] = Math.max(steps[0], progress.step())))
                    .isInstanceOf(GenerationException.class)
                    .hasMessageContainingAll("the diffusion model computed NaN", "--prediction v");
            assertThatThrownBy(() -> sd.generate(REQUEST)).as("the model is not broken, it only cannot do better")
                    .hasMessageContaining("NaN");
        }
        assertThat(steps[0]).isZero();
    }

    @Test
    void anotherVaeHelps() {
        Path broken = PartFiles.nanInVae(Models.fixtures());
        try (StableDiffusion sd = StableDiffusion.builder(broken).vae(PartFiles.vae(Models.fixtures())).load()) {
            assertThat(sd.generate(REQUEST)).hasSize(1);
        }
    }
}
