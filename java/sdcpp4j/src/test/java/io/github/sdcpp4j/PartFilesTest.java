package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.internal.checkpoint.CheckpointHeader;
import io.github.sdcpp4j.internal.checkpoint.TensorInfo;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the generated files of all kinds against the library: they are what they say. */
class PartFilesTest {

    private static final Path FIXTURES = Models.fixtures();
    private static final TextToImage REQUEST =
            TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(2).seed(42).build();

    static Stream<Arguments> replacements() {
        return Stream.of(
                Arguments.of(Named.of("VAE", PartFiles.withoutVae(FIXTURES)),
                        part(builder -> builder.vae(PartFiles.vae(FIXTURES)))),
                Arguments.of(Named.of("UNet", Models.smallSd1()),
                        part(builder -> builder.file(ModelFile.DIFFUSION, PartFiles.unet(FIXTURES)))),
                Arguments.of(Named.of("text encoder", Models.smallSd1()),
                        part(builder -> builder.file(ModelFile.CLIP_L, PartFiles.textEncoder(FIXTURES)))));
    }

    private static UnaryOperator<LoadOptions.Builder> part(UnaryOperator<LoadOptions.Builder> part) {
        return part;
    }

    @ParameterizedTest
    @MethodSource("replacements")
    void aPartFromItsOwnFileGivesTheSamePicture(Path model, UnaryOperator<LoadOptions.Builder> part) {
        byte[] expected = Models.pixels(Models.shared().generate(REQUEST).getFirst());
        try (StableDiffusion sd = part.apply(StableDiffusion.builder(model)).load()) {
            assertThat(Models.pixels(sd.generate(REQUEST).getFirst())).isEqualTo(expected);
        }
    }

    @Test
    void taesdDecodesInTheVaesPlace() {
        byte[] vae = Models.pixels(Models.shared().generate(REQUEST).getFirst());
        try (StableDiffusion sd =
                StableDiffusion.builder(Models.smallSd1()).taesd(PartFiles.taesd(FIXTURES)).load()) {
            assertThat(Models.pixels(sd.generate(REQUEST).getFirst())).isNotEqualTo(vae);
        }
    }

    @Test
    void checkpointsThatAreIllAreCompleteToTheEye() {
        for (Path ill : List.of(PartFiles.nanInVae(FIXTURES), PartFiles.nanInUnet(FIXTURES))) {
            CheckpointInfo info = CheckpointInfo.read(ill);
            assertThat(info.family()).contains("SD 1.x");
            assertThat(info.tensors()).isEqualTo(CheckpointInfo.read(Models.smallSd1()).tensors());
        }
        assertThat(CheckpointInfo.read(PartFiles.withoutVae(FIXTURES)).hasVae()).isFalse();
    }

    @Test
    void filesOfOtherKindsAreNamedAsTheyAreDownloaded() {
        assertThat(names(PartFiles.lora(FIXTURES))).hasSize(22 * 3).contains(
                "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q.lora_down.weight",
                "lora_te_text_model_encoder_layers_0_self_attn_v_proj.alpha");
        assertThat(names(PartFiles.loraOfAnotherFamily(FIXTURES))).isEqualTo(names(PartFiles.lora(FIXTURES)));
        assertThat(names(PartFiles.controlNet(FIXTURES))).hasSize(340)
                .contains("control_model.zero_convs.11.0.weight", "control_model.input_hint_block.14.bias")
                .doesNotHaveDuplicates();
        assertThat(names(PartFiles.taesd(FIXTURES))).contains("decoder.layers.18.weight", "encoder.layers.14.bias");
        assertThat(names(PartFiles.textualInversion(FIXTURES))).containsExactly("emb_params");
        assertThat(CheckpointInfo.read(PartFiles.textualInversionPt(FIXTURES)).tensors()).isOne();
        assertThat(CheckpointInfo.read(PartFiles.esrgan(FIXTURES)).tensors()).isEqualTo(2 * (6 + 15));
        assertThat(CheckpointInfo.read(PartFiles.controlNet(FIXTURES)))
                .returns(ModelKind.CONTROL_NET, CheckpointInfo::kind)
                .returns(Optional.of("SD 1.x"), CheckpointInfo::family);
    }

    private static List<String> names(Path file) {
        return CheckpointHeader.read(file).tensors().stream().map(TensorInfo::name).toList();
    }
}
