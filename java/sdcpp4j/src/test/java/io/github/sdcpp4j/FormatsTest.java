package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.Container;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FormatsTest {

    private static final TextToImage REQUEST =
            TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(2).seed(42).build();

    @ParameterizedTest
    @EnumSource(value = Container.class, mode = EnumSource.Mode.EXCLUDE, names = "SAFETENSORS")
    void everyContainerGivesTheSamePicture(Container container) {
        byte[] expected = Models.pixels(Models.shared().generate(REQUEST).getFirst());
        try (StableDiffusion model = StableDiffusion.load(Models.smallSd1(container))) {
            assertThat(Models.pixels(model.generate(REQUEST).getFirst())).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void infoTellsTheFormatAndThePartsOfEveryContainer(Container container) {
        CheckpointInfo info = CheckpointInfo.read(Models.smallSd1(container));
        assertThat(info.format()).isEqualTo(switch (container) {
            case SAFETENSORS -> "safetensors";
            case GGUF -> "gguf";
            case CKPT -> "ckpt";
        });
        assertThat(info.family()).contains("SD 1.x");
        assertThat(info.hasDiffusion()).isTrue();
        assertThat(info.hasTextEncoder()).isTrue();
        assertThat(info.hasVae()).isTrue();
    }
}
