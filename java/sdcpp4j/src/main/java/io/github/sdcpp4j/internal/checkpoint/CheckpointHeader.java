package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.CheckpointException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a checkpoint says about itself, read and judged without the native library.
 *
 * @param path the file, as it was given
 * @param format the container
 * @param fileSize the size of the file in bytes
 * @param tensors the tensors in the order of the header; empty for a PyTorch file whose pickle is not understood
 * @param metadata the texts beside the tensors in the order of the file; for a PyTorch format empty
 */
public record CheckpointHeader(
        Path path, CheckpointFormat format, long fileSize, List<TensorInfo> tensors, Map<String, String> metadata) {

    /** How names begin that belong to text encoders and VAEs. */
    private static final List<String> OTHER_PARTS = List.of(
            "cond_stage_model.", "conditioner.", "text_encoders.", "text_encoder.", "te.", "first_stage_model.", "vae.");

    /** Copies the collections. */
    public CheckpointHeader {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(format, "format");
        tensors = List.copyOf(tensors);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * Reads the header of a checkpoint and checks all of it: the container, each tensor's type, shape and place, and
     * that the file is long enough. Tensor data is not read.
     *
     * @param path the checkpoint
     * @return the header of a file that can be handed to the native loader
     * @throws CheckpointException if the file cannot be used; the message names the file, what is wrong and the remedy
     */
    public static CheckpointHeader read(Path path) {
        Objects.requireNonNull(path, "path");
        try (CheckpointFile file = CheckpointFile.open(path)) {
            return switch (ContentSniffer.detect(file)) {
                case SAFETENSORS -> SafetensorsReader.read(file);
                case GGUF -> GgufReader.read(file);
                case TORCH_ZIP -> TorchZip.read(file);
                case TORCH_LEGACY -> TorchLegacy.read(file);
            };
        } catch (CheckpointException e) {
            throw e;
        } catch (ClosedByInterruptException e) {
            throw CheckpointFile.refusal(path, "the thread was interrupted while it read the header; try again", e);
        } catch (IOException e) {
            throw CheckpointFile.refusal(path, "it cannot be read (" + e + "); check the disk and the permissions", e);
        } catch (RuntimeException e) {
            // The promise is one exception type whatever the bytes are; the cause keeps the way back to the defect.
            throw CheckpointFile.refusal(path, "its header makes no sense (" + e + "); download it again", e);
        }
    }

    /**
     * The number of parameters: the elements of all tensors.
     *
     * @return 0 when the tensors are not known
     */
    public long parameterCount() {
        return tensors.stream().mapToLong(TensorInfo::elementCount).sum();
    }

    /**
     * How many tensors there are of each element type.
     *
     * @return element type to number of tensors, sorted by type
     */
    public Map<String, Integer> dtypeHistogram() {
        var histogram = new TreeMap<String, Integer>();
        tensors.forEach(tensor -> histogram.merge(tensor.dtype(), 1, Integer::sum));
        return Collections.unmodifiableMap(histogram);
    }

    /**
     * The block type that the diffusion model was quantised to. Most of its tensors are small and keep a type without blocks,
     * so that counting all would not tell.
     *
     * @return the type of most of the tensors in blocks, in capitals as {@code Q8_0}; empty when there are none
     */
    public Optional<String> quantisation() {
        Map<String, Long> counts = tensors.stream()
                .filter(tensor -> OTHER_PARTS.stream().noneMatch(tensor.name()::startsWith))
                .map(TensorInfo::dtype)
                .filter(dtype -> Arrays.stream(GgmlType.values())
                        .anyMatch(type -> type.name().equals(dtype) && type.blockElements() > 1))
                .collect(Collectors.groupingBy(dtype -> dtype, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }
}
