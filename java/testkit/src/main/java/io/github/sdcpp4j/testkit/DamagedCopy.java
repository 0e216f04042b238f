package io.github.sdcpp4j.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of a large file that is damaged in place, and repaired from the file it was copied from: both cost as much as
 * the damage is large. Only one damage at a time; closing deletes the copy.
 */
public final class DamagedCopy implements Closeable {
    private static final int BLOCK_BYTES = 64 << 10;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(BLOCK_BYTES);

    private final Path path;
    private final FileChannel base;
    private final FileChannel copy;
    private final long fileBytes;
    /** The parts that are not holes. */
    private final List<Span> filled = new ArrayList<>();
    private boolean damaged;

    private DamagedCopy(Path path, FileChannel base, FileChannel copy) throws IOException {
        this.path = path;
        this.base = base;
        this.copy = copy;
        this.fileBytes = base.size();
    }

    static DamagedCopy of(Path base, Path path) throws IOException {
        Files.deleteIfExists(path);
        FileChannel from = FileChannel.open(base);
        try {
            FileChannel to = FileChannel.open(path,
                    StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE);
            DamagedCopy copy = new DamagedCopy(path, from, to);
            copy.findFilled();
            copy.extend(0);
            return copy;
        } catch (IOException e) {
            from.close();
            throw e;
        }
    }

    /** Where the copy is. */
    public Path path() {
        return path;
    }

    /**
     * Damages the copy until the result is closed.
     *
     * @throws IllegalStateException if it is damaged already
     */
    public Damage apply(Mutation mutation) throws IOException {
        if (damaged) {
            throw new IllegalStateException(path + " is damaged already");
        }
        damaged = true;
        for (Patch patch : mutation.patches()) {
            write(ByteBuffer.wrap(patch.bytes()), patch.start());
        }
        if (mutation.fileBytes() < fileBytes) {
            copy.truncate(mutation.fileBytes());
        } else if (mutation.fileBytes() > fileBytes) {
            write(ByteBuffer.allocate(1), mutation.fileBytes() - 1);
        }
        return new Damage(mutation);
    }

    /** Deletes the copy. */
    @Override
    public void close() throws IOException {
        try (base; copy) {
            Files.deleteIfExists(path);
        }
    }

    /** A damage that can be undone. */
    public final class Damage implements Closeable {
        private final Mutation mutation;
        private boolean undone;

        private Damage(Mutation mutation) {
            this.mutation = mutation;
        }

        /** Makes the copy equal to the file it was copied from; a second call does nothing. */
        @Override
        public void close() throws IOException {
            if (undone) {
                return;
            }
            undone = true;
            if (mutation.fileBytes() > fileBytes) {
                copy.truncate(fileBytes);
            } else if (mutation.fileBytes() < fileBytes) {
                extend(mutation.fileBytes());
            }
            for (Patch patch : mutation.patches()) {
                restore(patch.span());
            }
            damaged = false;
        }

        @Override
        public String toString() {
            return mutation.toString();
        }
    }

    private void findFilled() throws IOException {
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        for (long start = 0; start < fileBytes; start += BLOCK_BYTES) {
            block.clear().limit((int) Math.min(BLOCK_BYTES, fileBytes - start));
            while (block.hasRemaining() && base.read(block, start + block.position()) >= 0) { }
            block.flip();
            if (!block.equals(ZEROS.duplicate().limit(block.limit()))) {
                boolean joins = !filled.isEmpty() && filled.getLast().end() == start;
                Span before = joins ? filled.removeLast() : new Span(start, 0);
                filled.add(new Span(before.start(), before.length() + block.limit()));
            }
        }
    }

    /** Puts everything from {@code length} on in place, given that the copy ends there. */
    private void extend(long length) throws IOException {
        for (Span span : filled) {
            long start = Math.max(length, span.start());
            if (start < span.end()) {
                restore(new Span(start, span.end() - start));
            }
        }
        if (length < fileBytes) {
            restore(new Span(fileBytes - 1, 1));
        }
    }

    private void restore(Span span) throws IOException {
        copy.position(span.start());
        for (long done = 0; done < span.length(); ) {
            done += base.transferTo(span.start() + done, span.length() - done, copy);
        }
    }

    private void write(ByteBuffer bytes, long start) throws IOException {
        for (long at = start; bytes.hasRemaining(); ) {
            at += copy.write(bytes, at);
        }
    }
}
