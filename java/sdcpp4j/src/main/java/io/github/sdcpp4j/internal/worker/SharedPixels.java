package io.github.sdcpp4j.internal.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory that parent and child share: a file without a name. The parent creates it, readable by its owner only; the child
 * deletes it as soon as it has it open, so that nothing stays behind whoever dies. Where an open file cannot be deleted
 * (Windows), the parent does so in the end.
 */
final class SharedPixels implements AutoCloseable {

    /** So much stays from one request to the next; a large batch gives the rest back. */
    private static final long KEPT_BYTES = 16L << 20;

    private static final int CHUNK_BYTES = 1 << 20;

    private final Path file;
    private final FileChannel channel;

    private SharedPixels(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** The parent's side. */
    static SharedPixels create() throws IOException {
        return new SharedPixels(Files.createTempFile("sdcpp4j", ".pixels")); // owner-only by itself
    }

    /** The child's side. */
    static SharedPixels open(Path file) throws IOException {
        SharedPixels opened = new SharedPixels(file);
        opened.delete();
        return opened;
    }

    Path file() {
        return file;
    }

    /**
     * Makes sure that so many bytes can be touched: zeros are written, since a hole in a file on a full disk would end the
     * process that touches it.
     */
    void reserve(long bytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(CHUNK_BYTES);
        for (long end = channel.size(); end < bytes; end = channel.size()) {
            channel.write(zeros.clear().limit((int) Math.min(CHUNK_BYTES, bytes - end)), end);
        }
    }

    /** Maps the first bytes, which were reserved, until the arena is closed. */
    MemorySegment map(long bytes, Arena arena) throws IOException {
        return channel.map(MapMode.READ_WRITE, 0, bytes, arena);
    }

    /** Gives back what only a large request needs. Nobody may have that part mapped and touch it. */
    void trim() {
        try {
            if (channel.size() > KEPT_BYTES) {
                channel.truncate(KEPT_BYTES);
            }
        } catch (IOException e) {
            // a file that is still mapped by the other side cannot be cut on Windows: it then stays as large as it is
        }
    }

    private void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // open files cannot be deleted everywhere; the parent tries again when all is closed
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete();
        }
    }
}
