package io.github.sdcpp4j.spi;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/**
 * A small checkpoint that comes with an artifact, in a form that is unpacked when it is first wanted. The library finds it by
 * {@link java.util.ServiceLoader}, keeps the unpacked file in the user's cache and checks it.
 */
public interface DemoCheckpoint {

    /**
     * Returns the name of the unpacked file.
     *
     * @return a name that ends in {@code .safetensors}
     */
    String fileName();

    /**
     * Returns what the unpacked file is checked with.
     *
     * @return its SHA-256, 64 lower-case hexadecimal digits
     * @throws IOException when the artifact is damaged
     */
    String sha256() throws IOException;

    /**
     * Unpacks the file.
     *
     * @param out takes its bytes, in order
     * @throws IOException when the artifact is damaged, or {@code out} cannot be written
     */
    void unpack(WritableByteChannel out) throws IOException;
}
