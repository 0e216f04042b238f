package io.github.sdcpp4j.internal.checkpoint;

import static io.github.sdcpp4j.internal.checkpoint.ModelBytes.of;
import static io.github.sdcpp4j.internal.checkpoint.Refusals.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.sdcpp4j.CheckpointException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EsrganRulesTest {

    private static final String REMEDY = "; take an ESRGAN model such as RealESRGAN_x4plus";

    @TempDir
    private Path directory;

    private static ModelBytes esrgan(int blocks, int upscales) {
        return esrgan(blocks, upscales, 64, 3);
    }

    private static ModelBytes esrgan(int blocks, int upscales, long features, long channels) {
        ModelBytes model = new ModelBytes();
        convolution(model, "conv_first", features, channels);
        for (int i = 0; i < blocks; i++) {
            for (int j = 1; j <= 3; j++) {
                for (int k = 1; k <= 5; k++) {
                    convolution(model, "body.%d.rdb%d.conv%d".formatted(i, j, k), k < 5 ? 32 : features, features + 32 * (k - 1));
                }
            }
        }
        convolution(model, "conv_body", features, features);
        for (int i = 1; i <= upscales; i++) {
            convolution(model, "conv_up" + i, features, features);
        }
        convolution(model, "conv_hr", features, features);
        return convolution(model, "conv_last", 3, features);
    }

    private static ModelBytes convolution(ModelBytes model, String name, long out, long in) {
        return model.tensor(name + ".weight", out, in, 3, 3).tensor(name + ".bias", out);
    }

    static Stream<Arguments> others() {
        return Stream.of(
                arguments(new ModelBytes().tensor("lora_unet_x.lora_down.weight", 8, 768).tensor("lora_unet_x.lora_up.weight", 320, 8),
                        "is a LoRA (2 tensors), not an upscaler: name an ESRGAN model with --upscale-model"),
                arguments(new ModelBytes().vae(""), "is a VAE (3 tensors), not an upscaler: give it as --vae"),
                arguments(of("some.weight"), "holds nothing that is known as an upscaler (1 tensors)" + REMEDY),
                arguments(of("body.0.weight", "body.1.weight", "body.2.weight"), "is an upscaler of another architecture than ESRGAN's"
                        + " RRDBNet, the only one that the runtime knows (3 tensors)" + REMEDY),
                arguments(of("layers.0.residual_group.blocks.0.attn.qkv.weight"), "is an upscaler of another architecture than ESRGAN's"
                        + " RRDBNet, the only one that the runtime knows (1 tensors)" + REMEDY),
                arguments(esrgan(1, 2, 64, 12), "is an ESRGAN upscaler that reads pictures in blocks of pixels (12 channels), as"
                        + " RealESRGAN_x2plus does, which the runtime does not know" + REMEDY),
                arguments(esrgan(1, 2, 48, 3), "is an ESRGAN upscaler whose tensor 'conv_first.weight' has the shape [48, 3, 3, 3], and"
                        + " the runtime knows only [64, 3, 3, 3] there" + REMEDY),
                arguments(without("conv_hr.bias"), "is an ESRGAN upscaler without the tensor 'conv_hr.bias': it is damaged, or a variant"
                        + " that the runtime does not know" + REMEDY),
                arguments(without("conv_up1.weight"), "is an ESRGAN upscaler without the tensor 'conv_up1.weight': it is damaged, or a"
                        + " variant that the runtime does not know" + REMEDY),
                arguments(without("body.1.rdb2.conv4.weight"), "is an ESRGAN upscaler without the tensor 'body.1.rdb2.conv4.weight': it"
                        + " is damaged, or a variant that the runtime does not know" + REMEDY),
                arguments(esrgan(1, 2).tensor("body.999999999.rdb1.conv1.weight", 1), "has the tensor"
                        + " 'body.999999999.rdb1.conv1.weight', which no ESRGAN upscaler has: it is damaged, or of another architecture"
                        + REMEDY),
                arguments(esrgan(1, 2).tensor("body.64.rdb1.conv1.weight", 1), "has the tensor 'body.64.rdb1.conv1.weight', which no"
                        + " ESRGAN upscaler has: it is damaged, or of another architecture" + REMEDY));
    }

    private static ModelBytes without(String name) {
        return esrgan(2, 2).without(name);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("others")
    void saysWhatAFileIsThatCannotBeUsed(ModelBytes model, String sentence) {
        Path file = write(directory, "file.safetensors", model.safetensors());
        assertThat(catchThrowable(() -> EsrganRules.check(file)))
                .isExactlyInstanceOf(CheckpointException.class).hasMessage(file + " " + sentence);
    }

    @Test
    void takesEveryNumberOfBlocksAndEachFactor() {
        for (int upscales = 0; upscales <= 2; upscales++) {
            EsrganRules.check(write(directory, "x" + upscales, esrgan(1 + 11 * upscales, upscales).safetensors()));
        }
    }
}
