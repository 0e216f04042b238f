package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.CancelledException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/** The digest of all of a file's bytes. */
public final class FileDigest {

    private static final int BUFFER_BYTES = 1 << 20;

    private FileDigest() {
    }

    /**
     * Reads a file to its end.
     *
     * @param path the file
     * @return its SHA-256 as 64 hexadecimal digits in lower case
     */
    public static String sha256(Path path) {
        Objects.requireNonNull(path, "path");
        try (CheckpointFile file = CheckpointFile.open(path)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            for (long position = 0; position < file.size(); position += buffer.limit()) {
                file.read(buffer.clear(), position);
                digest.update(buffer.flip());
                if (buffer.limit() == 0) {
                    throw file.refuse("it became shorter while it was read; wait until it is downloaded");
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (ClosedByInterruptException e) {
            throw new CancelledException("the hashing of " + path + " was interrupted", Reason.INTERRUPTED);
        } catch (IOException e) {
            throw CheckpointFile.refusal(path, "it cannot be read (" + e + "); check the disk and the permissions", e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every JDK has SHA-256
        }
    }
}
