package io.github.sdcpp4j.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Checkpoints for tests, written once and reused. A file's name holds a key of its contents, so a changed generator
 * gives a new file and a finished file is always right.
 */
public final class Fixtures {
    private static final Object WRITING = new Object();

    private Fixtures() {}

    /**
     * The small complete SD 1.x checkpoint: text encoder, UNet, VAE encoder and decoder.
     *
     * <p>Threads and processes may ask at the same time: threads wait for the first, processes each write a file of
     * their own and rename it into place.
     *
     * @param directory where it lies or shall lie; created if need be
     * @throws UncheckedIOException if it cannot be written
     */
    public static Path smallSd1(Path directory) {
        return smallSd1(directory, Container.SAFETENSORS);
    }

    /**
     * The small complete checkpoint in any container: the same tensors under the same names; otherwise as
     * {@link #smallSd1(Path)}.
     *
     * @param directory where it lies or shall lie; created if need be
     * @param container the file format
     * @throws UncheckedIOException if it cannot be written
     */
    public static Path smallSd1(Path directory, Container container) {
        return checkpoint(directory, "sd1-small", CheckpointSpec.small(), container);
    }

    /**
     * The checkpoint with the exact shapes of SD 1.5, 2.13 GB; otherwise as {@link #smallSd1(Path)}.
     *
     * @param directory where it lies or shall lie; created if need be
     * @throws UncheckedIOException if it cannot be written
     */
    public static Path fullSd1(Path directory) {
        return checkpoint(directory, "sd1-full", CheckpointSpec.full());
    }

    /**
     * Any checkpoint, written once; otherwise as {@link #smallSd1(Path)}.
     *
     * @param directory where it lies or shall lie; created if need be
     * @param name      start of the file name
     * @param spec      what to write
     * @throws UncheckedIOException if it cannot be written
     */
    public static Path checkpoint(Path directory, String name, CheckpointSpec spec) {
        return checkpoint(directory, name, spec, Container.SAFETENSORS);
    }

    private static Path checkpoint(Path directory, String name, CheckpointSpec spec, Container container) {
        return cached(directory.resolve(name + "-" + spec.key() + container.extension()), spec.content(), container);
    }

    /** The file under that name, written if it is not there or has another length. */
    static Path cached(Path path, TensorFile content, Container container) {
        synchronized (WRITING) {
            try {
                if (!Files.exists(path) || Files.size(path) != container.fileBytes(content)) {
                    content.write(path, container);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + path, e);
            }
        }
        return path;
    }
}
