package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.CheckpointInfo.TensorType;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.Container;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckpointInfoTest {

    @ParameterizedTest
    @EnumSource(Container.class)
    void theTypesOfAllTensorsAreCounted(Container container) {
        CheckpointInfo info = CheckpointInfo.read(Models.smallSd1(container));
        assertThat(info.tensorTypes()).first().satisfies(type -> {
            assertThat(type.name()).isEqualTo("F16");
            assertThat(type.tensors()).isGreaterThan(info.tensors() / 2);
            // the 77 position_ids are integers, and counted or not
            assertThat(type.bytes()).isBetween(2 * (info.parameters() - 77), 2 * info.parameters());
        });
        assertThat(info.tensorTypes()).extracting(TensorType::bytes).isSortedAccordingTo((a, b) -> Long.compare(b, a));
        assertThat(info.tensorTypes().stream().mapToLong(TensorType::tensors).sum()).isEqualTo(info.tensors());
        assertThat(info.tensorTypes().stream().mapToLong(TensorType::bytes).sum()).isLessThan(info.fileSize());
    }

    @Test
    void theMetadataOfASafetensorsFileAreKeptInTheirOrder() {
        ModelCard card = CheckpointInfo.read(Models.smallSd1()).card();
        assertThat(card.title()).contains("sdcpp4j synthetic SD 1.x, seed 42");
        assertThat(card.baseModel()).contains("stable-diffusion-v1");
        assertThat(card.author()).isEmpty();
        assertThat(card.triggerWords()).isEmpty();
        assertThat(card.metadata().keySet())
                .containsExactly("format", "modelspec.sai_model_spec", "modelspec.architecture", "modelspec.title");
    }

    @Test
    void aGgufFileHasItsKeysAndACkptFileNone() {
        assertThat(CheckpointInfo.read(Models.smallSd1(Container.GGUF)).card().metadata()).isNotEmpty();
        assertThat(CheckpointInfo.read(Models.smallSd1(Container.CKPT)).card().metadata()).isEmpty();
    }
}
