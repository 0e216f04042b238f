package io.github.sdcpp4j.internal.library;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file that an artifact holds, kept below the user's cache folder in a folder named by its SHA-256: an upgrade gets another
 * folder, a second process waits for the first one that writes it, and a half-written file never has the final name.
 */
public record CachedFile(String name, String sha256) {

    /** Writes the file's bytes, in order. */
    @FunctionalInterface
    public interface Content {
        void writeTo(WritableByteChannel out) throws IOException;
    }

    private static final String CACHE_PROPERTY = "sdcpp4j.cache.dir";

    /** The folder named by the system property {@code sdcpp4j.cache.dir}, or the platform's. */
    public static Path cache() {
        String configured = System.getProperty(CACHE_PROPERTY);
        return configured == null || configured.isEmpty() ? Platform.current().cacheFolder() : Path.of(configured);
    }

    /** What to say beside an error of {@link #in}. */
    public static String whereElse() {
        return CACHE_PROPERTY + " names another folder";
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(newDigest().digest(bytes));
    }

    /** A folder's name, by the digest of what is in it. */
    static String key(String sha256) {
        return sha256.substring(0, 16);
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /**
     * Returns the file below {@code cache}, written when it is not there yet.
     *
     * @throws IOException when it cannot be written, or its bytes are not those of the checksum
     */
    public Path in(Path cache, Content content) throws IOException {
        return in(cache, key(sha256), content);
    }

    /** The same in a folder that holds other files too: {@code key} changes with the content of each of them. */
    Path in(Path cache, String key, Content content) throws IOException {
        Path folder = cache.resolve("sdcpp4j");
        Path target = folder.resolve(key).resolve(name);
        if (!Files.isRegularFile(target)) {
            Files.createDirectories(target.getParent());
            boolean interrupted = Thread.interrupted(); // which would close the lock's file
            try {
                write(target, folder.resolve("lock"), content);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
        return target;
    }

    private void write(Path target, Path lockFile, Content content) throws IOException {
        synchronized (CachedFile.class) { // a lock on a file is the whole process's
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!Files.isRegularFile(target)) {
                    writeLocked(target, content);
                }
            }
        }
    }

    private void writeLocked(Path target, Content content) throws IOException {
        Path unfinished = target.resolveSibling(name + ".part");
        try {
            String digest;
            try (SparseFile out = new SparseFile(unfinished)) {
                content.writeTo(out);
                digest = out.finish();
            }
            if (!digest.equals(sha256)) {
                throw new IOException("its jar is damaged: %s has SHA-256 %s, expected %s".formatted(name, digest, sha256));
            }
            AtomicMove.move(unfinished, target);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Digests all and leaves holes where there are only zeros. */
    private static final class SparseFile implements WritableByteChannel {

        private static final int LEAST_HOLE = 4096;

        private final RandomAccessFile file; // not a channel, which an interrupt would close
        private final MessageDigest digest = newDigest();
        private boolean open = true;

        SparseFile(Path path) throws IOException {
            file = new RandomAccessFile(path.toFile(), "rw");
            file.setLength(0);
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int count = bytes.remaining();
            digest.update(bytes.duplicate());
            if (count >= LEAST_HOLE && isZero(bytes)) {
                file.seek(file.getFilePointer() + count);
            } else if (bytes.hasArray()) {
                file.write(bytes.array(), bytes.arrayOffset() + bytes.position(), count);
            } else {
                byte[] copy = new byte[count];
                bytes.duplicate().get(copy);
                file.write(copy);
            }
            bytes.position(bytes.limit());
            return count;
        }

        private static boolean isZero(ByteBuffer bytes) {
            for (int i = bytes.position(); i < bytes.limit(); i++) {
                if (bytes.get(i) != 0) {
                    return false;
                }
            }
            return true;
        }

        /** Gives a hole at the end its length, and returns the digest of all. */
        String finish() throws IOException {
            if (file.length() < file.getFilePointer()) {
                file.setLength(file.getFilePointer());
            }
            file.getFD().sync();
            return HexFormat.of().formatHex(digest.digest());
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() throws IOException {
            open = false;
            file.close();
        }
    }
}
