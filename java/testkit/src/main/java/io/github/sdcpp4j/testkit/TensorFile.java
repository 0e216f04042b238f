package io.github.sdcpp4j.testkit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The content of a model file, whatever its container.
 *
 * @param torchKey name of the dictionary that holds the tensors in a file of {@code torch.save}
 * @param metadata texts beside the tensors, in order
 * @param tensors  the tensors, in order
 */
record TensorFile(String torchKey, Map<String, String> metadata, List<Tensor> tensors) {
    private static final long EVERY_VALUE_UP_TO = 40_000;
    private static final long SAMPLES = 1009; // a prime, so that the stride is not in step with rows

    TensorFile {
        metadata = new LinkedHashMap<>(metadata);
        tensors = List.copyOf(tensors);
    }

    TensorFile(Map<String, String> metadata, List<Tensor> tensors) {
        this("state_dict", metadata, tensors);
    }

    /** The same file with fewer tensors. */
    TensorFile only(Predicate<Tensor> kept) {
        return new TensorFile(torchKey, metadata, tensors.stream().filter(kept).toList());
    }

    /** The same file with each tensor put through {@code change}. */
    TensorFile map(UnaryOperator<Tensor> change) {
        return new TensorFile(torchKey, metadata, tensors.stream().map(change).toList());
    }

    /** A number that differs between contents, as far as samples of the weights show. */
    long key(long seed) {
        long key = seed;
        for (Tensor tensor : tensors) {
            key = SplitMix64.seed(key, tensor.name() + tensor.type() + tensor.shape());
            long elements = tensor.elements();
            long stride = elements <= EVERY_VALUE_UP_TO ? 1 : elements / SAMPLES;
            for (long index = 0; index < elements; index += stride) {
                key = SplitMix64.mix(key ^ Float.floatToIntBits(tensor.values().at(index)));
            }
        }
        return key;
    }

    /**
     * Writes the file. It appears under its name only when complete (written beside it, then renamed), and replaces
     * what was there. If another writer of the same file gets there first and keeps it open, its file, being equal,
     * is kept.
     *
     * @throws IOException if the file cannot be written; nothing is left behind then
     */
    Checkpoint write(Path path, Container container) throws IOException {
        Checkpoint checkpoint = new Checkpoint(path, tensors.size(), container.fileBytes(this));
        Path target = path.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Path temporary = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            container.write(temporary, this);
            publish(temporary, checkpoint);
        } finally {
            Files.deleteIfExists(temporary);
        }
        return checkpoint;
    }

    private static void publish(Path temporary, Checkpoint checkpoint) throws IOException {
        try {
            Files.move(temporary, checkpoint.path(), StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.exists(checkpoint.path()) || Files.size(checkpoint.path()) != checkpoint.bytes()) {
                throw e;
            }
        }
    }
}
