package io.github.sdcpp4j.internal.worker;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads frames; used by one thread. */
final class FrameReader {

    private static final int STRAY_BYTES = 200;

    private final DataInputStream in;

    FrameReader(InputStream in) {
        this.in = new DataInputStream(new BufferedInputStream(in));
    }

    /**
     * Reads the next frame.
     *
     * @throws EOFException when there is no more, or no whole one
     * @throws StrayOutputException when something else than a frame comes
     */
    Frame read() throws IOException {
        byte[] bytes = in.readNBytes(FrameWriter.HEADER_BYTES);
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (bytes.length >= Integer.BYTES && header.getInt(0) != Frame.MAGIC) {
            throw new StrayOutputException(text(bytes));
        }
        if (bytes.length < FrameWriter.HEADER_BYTES) {
            throw new EOFException();
        }
        int kind = header.get(4);
        int length = header.getInt(9);
        if (kind < 0 || kind >= Frame.Kind.values().length || length < 0 || length > Frame.MAX_PAYLOAD) {
            throw new StrayOutputException(text(bytes));
        }
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException();
        }
        return new Frame(Frame.Kind.values()[kind], header.getInt(5), payload);
    }

    /** What was read and what has arrived behind it. */
    private String text(byte[] read) throws IOException {
        byte[] rest = in.readNBytes(Math.min(in.available(), STRAY_BYTES));
        return (new String(read, StandardCharsets.UTF_8) + new String(rest, StandardCharsets.UTF_8))
                .replaceAll("[^\\p{Graph} ]+", " ").strip();
    }
}
