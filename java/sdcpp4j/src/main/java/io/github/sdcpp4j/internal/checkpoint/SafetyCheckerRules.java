package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.ModelKind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says why a file is no safety checker that the runtime can use. There is one architecture, OpenAI's CLIP ViT-L/14 with its
 * projection, and 17 and 3 concepts, under the names that diffusers gives; all tensors are looked for here.
 */
public final class SafetyCheckerRules {

    /** What no other file has. */
    static final String MARK = "special_care_embeds_weights";

    private static final long WIDTH = 1024;
    private static final long INNER = 4 * WIDTH;
    private static final long EMBEDDING = 768;
    private static final int LAYERS = 24;
    private static final long PATCH = 14;
    private static final long POSITIONS = 257;
    private static final long CONCEPTS = 17;
    private static final long SPECIAL_CARE = 3;
    /** The encoder's names as transformers writes them up to version 4. */
    private static final String TWICE = "vision_model.vision_model.";

    private static final String REMEDY =
            "; take model.safetensors of CompVis/stable-diffusion-safety-checker, or of a model's folder safety_checker";

    private SafetyCheckerRules() {
    }

    /**
     * Reads a file's header and judges it.
     *
     * @param file the safety checker
     * @throws CheckpointException if the file cannot be used; the message names it, what it is and the remedy
     */
    public static void check(Path file) {
        objection(CheckpointHeader.read(file)).ifPresent(objection -> {
            throw new CheckpointException(file + " " + objection);
        });
    }

    /** Why the file cannot be used, as the rest of a sentence that begins with its path. */
    static Optional<String> objection(CheckpointHeader header) {
        if (header.tensors().isEmpty()) {
            return Optional.empty(); // a pickle that only the runtime may understand
        }
        ModelIdentity identity = ModelIdentity.of(header);
        if (identity.kind() == ModelKind.UNKNOWN) {
            return Optional.of("holds nothing that is known as a safety checker (%d tensors)%s".formatted(identity.tensors(), REMEDY));
        }
        if (identity.kind() != ModelKind.SAFETY_CHECKER) {
            return Optional.of("is %s, not a safety checker%s".formatted(identity.description(), identity.kind().slot()
                    .map(ModelFile::flag).map(flag -> ": give it as " + flag).orElse(REMEDY)));
        }
        Map<String, TensorInfo> tensors = new HashMap<>();
        header.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
        return new Wanted(tensors).objection();
    }

    /** Compares the tensors that are there with those of the network; the first that does not fit is told. */
    private static final class Wanted {
        private final Map<String, TensorInfo> tensors;
        private final String encoder;
        private String objection;

        Wanted(Map<String, TensorInfo> tensors) {
            this.tensors = tensors;
            this.encoder = tensors.keySet().stream().anyMatch(name -> name.startsWith(TWICE)) ? TWICE : "vision_model.";
        }

        Optional<String> objection() {
            tensor("concept_embeds", CONCEPTS, EMBEDDING);
            tensor("concept_embeds_weights", CONCEPTS);
            tensor("special_care_embeds", SPECIAL_CARE, EMBEDDING);
            tensor("special_care_embeds_weights", SPECIAL_CARE);
            tensor("visual_projection.weight", EMBEDDING, WIDTH);
            tensor(encoder + "embeddings.class_embedding", WIDTH);
            tensor(encoder + "embeddings.patch_embedding.weight", WIDTH, 3, PATCH, PATCH);
            tensor(encoder + "embeddings.position_embedding.weight", POSITIONS, WIDTH);
            norm(encoder + "pre_layrnorm"); // transformers' own slip
            norm(encoder + "post_layernorm");
            for (int i = 0; i < LAYERS; i++) {
                String layer = encoder + "encoder.layers." + i + ".";
                norm(layer + "layer_norm1");
                norm(layer + "layer_norm2");
                for (String name : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
                    linear(layer + "self_attn." + name, WIDTH, WIDTH);
                }
                linear(layer + "mlp.fc1", INNER, WIDTH);
                linear(layer + "mlp.fc2", WIDTH, INNER);
            }
            return Optional.ofNullable(objection);
        }

        private void norm(String name) {
            tensor(name + ".weight", WIDTH);
            tensor(name + ".bias", WIDTH);
        }

        private void linear(String name, long out, long in) {
            tensor(name + ".weight", out, in);
            tensor(name + ".bias", out);
        }

        private void tensor(String name, long... shape) {
            if (objection != null) {
                return;
            }
            TensorInfo tensor = tensors.get(name);
            List<Long> wanted = Arrays.stream(shape).boxed().toList();
            if (tensor == null) {
                objection = "is a safety checker without the tensor '%s': it is damaged, or of another architecture%s"
                        .formatted(name, REMEDY);
            } else if (!tensor.shape().equals(wanted)) {
                objection = "is a safety checker whose tensor %s has the shape %s, and the runtime knows only %s there%s"
                        .formatted(Texts.quote(name), Texts.list(tensor.shape()), Texts.list(wanted), REMEDY);
            } else if (!tensor.canBeAWeight()) {
                objection = "is a safety checker whose tensor %s is of the type %s, which no weight can be read from; download it again"
                        .formatted(Texts.quote(name), tensor.dtype());
            }
        }
    }
}
