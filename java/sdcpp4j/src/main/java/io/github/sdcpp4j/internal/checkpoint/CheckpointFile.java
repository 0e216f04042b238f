package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.CheckpointException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;

/** An open model file: random reads of a few bytes, and the wording that every refusal shares. */
final class CheckpointFile implements Closeable {

    private static final String DOWNLOAD_AGAIN = "; download it again";

    private final Path path;
    private final FileChannel channel;
    private final long size;

    private CheckpointFile(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    /** Opens a file after the checks that need no content: existence, kind, permission, emptiness. */
    static CheckpointFile open(Path path) throws IOException {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw refusal(path, "it is not on a disk but in " + path.getFileSystem()
                    + ", where the native runtime cannot read; copy it to a folder first", null);
        }
        requireRegularFile(path);
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            try {
                long size = channel.size();
                if (size == 0) {
                    throw refusal(path, "it is empty (0 bytes)" + DOWNLOAD_AGAIN, null);
                }
                return new CheckpointFile(path, channel, size);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (AccessDeniedException e) {
            throw refusal(path, "this process may not read it; change the permissions of the file", e);
        }
    }

    private static void requireRegularFile(Path path) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            String where = path.isAbsolute() ? "" : " (looked at " + path.toAbsolutePath() + ")";
            throw refusal(path, "it does not exist" + where + "; check the path", e);
        } catch (AccessDeniedException e) {
            throw refusal(path, "this process may not enter its folder; change the permissions of the folder", e);
        }
        if (attributes.isDirectory()) {
            if (Files.exists(path.resolve("model_index.json"))) {
                throw refusal(path, "it is a diffusers folder (it holds model_index.json), but a checkpoint in one"
                        + " single file is expected; download the .safetensors or .gguf file of this model", null);
            }
            throw refusal(path, "it is a directory; give the path of the checkpoint file in it", null);
        }
        // Opening a named pipe would block for ever, and a device has no size.
        if (!attributes.isRegularFile()) {
            throw refusal(path, "it is a device or a pipe; give the path of a regular file", null);
        }
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    /** Reads at most {@code count} bytes from a position; fewer only at the end of the file. */
    byte[] read(long position, int count) throws IOException {
        int available = (int) Math.max(0, Math.min(count, size - position));
        ByteBuffer buffer = ByteBuffer.allocate(available);
        read(buffer, position);
        return buffer.hasRemaining() ? Arrays.copyOf(buffer.array(), buffer.position()) : buffer.array();
    }

    /** Fills the buffer from a position, or as much of it as the file has. */
    void read(ByteBuffer buffer, long position) throws IOException {
        long next = position;
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer, next);
            if (count < 0) {
                return;
            }
            next += count;
        }
    }

    CheckpointException refuse(String reasonAndRemedy) {
        return refusal(path, reasonAndRemedy, null);
    }

    CheckpointException refuse(String reasonAndRemedy, Throwable cause) {
        return refusal(path, reasonAndRemedy, cause);
    }

    /** The refusal of a file whose content contradicts itself. */
    CheckpointException damaged(String what) {
        return refusal(path, what + "; the file is damaged" + DOWNLOAD_AGAIN, null);
    }

    /** The refusal of a file whose content leads past its end. */
    CheckpointException truncatedOrDamaged(String what) {
        return refusal(path, what + "; the file is truncated or damaged" + DOWNLOAD_AGAIN, null);
    }

    /** The refusal of a file that ends before the last byte its header speaks of. */
    CheckpointException truncated(long promised) {
        return refusal(path, "it is truncated: the header promises " + promised + " bytes, the file has " + size
                + DOWNLOAD_AGAIN, null);
    }

    static CheckpointException refusal(Path path, String reasonAndRemedy, Throwable cause) {
        return new CheckpointException("Cannot use the model file '" + path + "': " + reasonAndRemedy + ".", cause);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
