package io.github.sdcpp4j;

import io.github.sdcpp4j.internal.Inspection;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a model file holds, found out from its header: nothing is loaded.
 *
 * @param path the file
 * @param format {@code safetensors}, {@code gguf}, {@code ckpt}
 * @param kind what the file is, and so where it belongs
 * @param family the model family in the runtime's words, such as {@code SD 1.x} or {@code SDXL}; of a LoRA, a ControlNet
 *     or an embedding the family it is made for; empty when it is not known or makes no difference, as for a VAE
 * @param prediction what the file itself says its diffusion model predicts, by a marker tensor or in its metadata; empty
 *     when it says nothing, as most do
 * @param resolution the size that the file says its model was trained for, which is the size to paint at; empty when it
 *     says nothing, as most do
 * @param fileSize bytes
 * @param tensors number of tensors
 * @param parameters number of weights
 * @param weightBytes memory for the weights as they are stored
 * @param weightType the type of most of the diffusion model's tensors, or where some are quantised, that of most of those;
 *     empty without a diffusion model
 * @param hasDiffusion whether there is a diffusion model
 * @param hasTextEncoder whether there is a text encoder
 * @param hasVae whether there is a VAE
 * @param tensorTypes the types of all tensors, the one that takes most bytes first; empty for a .ckpt file whose list of
 *     tensors is not understood
 * @param card what the file says about itself: title, base model, trigger words, all its metadata
 */
public record CheckpointInfo(
        Path path,
        String format,
        ModelKind kind,
        Optional<String> family,
        Optional<Prediction> prediction,
        Optional<Resolution> resolution,
        long fileSize,
        long tensors,
        long parameters,
        long weightBytes,
        Optional<WeightType> weightType,
        boolean hasDiffusion,
        boolean hasTextEncoder,
        boolean hasVae,
        List<TensorType> tensorTypes,
        ModelCard card) {

    /**
     * How much of a file is of one type.
     *
     * @param name the type as the file's format calls it, such as {@code F16}, {@code F8_E4M3} or {@code Q4_K}
     * @param tensors how many tensors have it, 1 or more
     * @param bytes what they take in the file
     */
    public record TensorType(String name, long tensors, long bytes) {}

    /** Keeps its own copy of the list. */
    public CheckpointInfo {
        tensorTypes = List.copyOf(tensorTypes);
    }

    /**
     * Reads a file's header.
     *
     * @param path a .safetensors, .ckpt or .gguf file
     * @return what it holds
     * @throws CheckpointException when the file is missing, damaged or of another kind
     */
    public static CheckpointInfo read(Path path) {
        return Inspection.read(path);
    }
}
