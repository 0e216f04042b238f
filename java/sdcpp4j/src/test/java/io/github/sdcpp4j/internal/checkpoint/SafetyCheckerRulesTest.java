package io.github.sdcpp4j.internal.checkpoint;

import static io.github.sdcpp4j.internal.checkpoint.ModelBytes.of;
import static io.github.sdcpp4j.internal.checkpoint.Refusals.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.sdcpp4j.CheckpointException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetyCheckerRulesTest {

    private static final String REMEDY =
            "; take model.safetensors of CompVis/stable-diffusion-safety-checker, or of a model's folder safety_checker";
    private static final String VISION = "vision_model.vision_model.";

    @TempDir
    private Path directory;

    /** With the names that transformers gives, {@code vision_model.} once since version 5. */
    private static List<TensorInfo> checker(String vision) {
        List<TensorInfo> tensors = new ArrayList<>();
        add(tensors, "concept_embeds", 17, 768);
        add(tensors, "concept_embeds_weights", 17);
        add(tensors, "special_care_embeds", 3, 768);
        add(tensors, "special_care_embeds_weights", 3);
        add(tensors, "visual_projection.weight", 768, 1024);
        add(tensors, vision + "embeddings.class_embedding", 1024);
        add(tensors, vision + "embeddings.position_ids", 1, 257);
        add(tensors, vision + "embeddings.patch_embedding.weight", 1024, 3, 14, 14);
        add(tensors, vision + "embeddings.position_embedding.weight", 257, 1024);
        for (String norm : List.of("pre_layrnorm", "post_layernorm")) {
            add(tensors, vision + norm + ".weight", 1024);
            add(tensors, vision + norm + ".bias", 1024);
        }
        for (int i = 0; i < 24; i++) {
            String layer = vision + "encoder.layers." + i + ".";
            for (String norm : List.of("layer_norm1", "layer_norm2")) {
                add(tensors, layer + norm + ".weight", 1024);
                add(tensors, layer + norm + ".bias", 1024);
            }
            for (String linear : List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj")) {
                add(tensors, layer + linear + ".weight", 1024, 1024);
                add(tensors, layer + linear + ".bias", 1024);
            }
            add(tensors, layer + "mlp.fc1.weight", 4096, 1024);
            add(tensors, layer + "mlp.fc1.bias", 4096);
            add(tensors, layer + "mlp.fc2.weight", 1024, 4096);
            add(tensors, layer + "mlp.fc2.bias", 1024);
        }
        return tensors;
    }

    private static void add(List<TensorInfo> tensors, String name, long... shape) {
        tensors.add(new TensorInfo(name, "F16", Arrays.stream(shape).boxed().toList(), 0, 0));
    }

    private static Optional<String> objection(List<TensorInfo> tensors) {
        return SafetyCheckerRules.objection(
                new CheckpointHeader(Path.of("file"), CheckpointFormat.SAFETENSORS, 0, tensors, Map.of()));
    }

    @Test
    void takesTheNamesOfTransformersBeforeAndSinceVersion5() {
        assertThat(objection(checker(VISION))).isEmpty();
        assertThat(objection(checker("vision_model."))).isEmpty();
    }

    @Test
    void looksForEachTensorAndItsShapeAndType() {
        for (TensorInfo tensor : checker(VISION)) {
            boolean notRead = tensor.name().endsWith("position_ids");
            boolean knownBy = tensor.name().equals(SafetyCheckerRules.MARK);
            boolean likeOthers = tensor.name().contains(".layers.") && !tensor.name().contains(".layers.23.");
            if (notRead || knownBy || likeOthers) {
                continue;
            }
            assertThat(objection(checker(VISION).stream().filter(other -> !other.equals(tensor)).toList()))
                    .hasValue("is a safety checker without the tensor '%s': it is damaged, or of another architecture%s"
                            .formatted(tensor.name(), REMEDY));
            assertThat(objection(replaced(tensor, new TensorInfo(tensor.name(), "F16", List.of(5L), 0, 0))))
                    .hasValue("is a safety checker whose tensor '%s' has the shape [5], and the runtime knows only %s there%s"
                            .formatted(tensor.name(), tensor.shape(), REMEDY));
            assertThat(objection(replaced(tensor, new TensorInfo(tensor.name(), "I8", tensor.shape(), 0, 0))))
                    .hasValue("is a safety checker whose tensor '%s' is of the type I8, which no weight can be read from; download it again"
                            .formatted(tensor.name()));
        }
    }

    private static List<TensorInfo> replaced(TensorInfo old, TensorInfo other) {
        return checker(VISION).stream().map(tensor -> tensor.equals(old) ? other : tensor).toList();
    }

    static Stream<Arguments> others() {
        return Stream.of(
                arguments(new ModelBytes().tensor("lora_unet_x.lora_down.weight", 8, 768).tensor("lora_unet_x.lora_up.weight", 320, 8),
                        "is a LoRA (2 tensors), not a safety checker" + REMEDY),
                arguments(new ModelBytes().vae(""), "is a VAE (3 tensors), not a safety checker: give it as --vae"),
                arguments(of(VISION + "encoder.layers.0.layer_norm1.weight"),
                        "is a CLIP vision encoder (1 tensor), not a safety checker: give it as --clip_vision"),
                arguments(of("some.weight"), "holds nothing that is known as a safety checker (1 tensors)" + REMEDY));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("others")
    void saysWhatAFileIsThatCannotBeUsed(ModelBytes model, String sentence) {
        Path file = write(directory, "file.safetensors", model.safetensors());
        assertThat(catchThrowable(() -> SafetyCheckerRules.check(file)))
                .isExactlyInstanceOf(CheckpointException.class).hasMessage(file + " " + sentence);
    }
}
