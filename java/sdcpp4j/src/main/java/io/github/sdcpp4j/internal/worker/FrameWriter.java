package io.github.sdcpp4j.internal.worker;

import io.github.sdcpp4j.InvalidRequestException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Writes frames, each in one piece; used by several threads. */
final class FrameWriter {

    static final int HEADER_BYTES = 13;

    private static final byte[] NOTHING = {};

    /** What fills a payload. */
    @FunctionalInterface
    interface Content {
        void write(DataOutputStream out) throws IOException;
    }

    private final OutputStream out;

    FrameWriter(OutputStream out) {
        this.out = out;
    }

    void write(Frame.Kind kind, int call, Content content) throws IOException {
        write(kind, call, content, NOTHING);
    }

    /** The same with bytes behind the content, which are not copied. */
    void write(Frame.Kind kind, int call, Content content, byte[] rest) throws IOException {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        content.write(new DataOutputStream(payload));
        if (payload.size() > Frame.MAX_PAYLOAD - rest.length) {
            throw new InvalidRequestException("a message to the worker process has %d bytes, more than %d: shorten the prompt"
                    .formatted((long) payload.size() + rest.length, Frame.MAX_PAYLOAD));
        }
        byte[] frame = ByteBuffer.allocate(HEADER_BYTES + payload.size())
                .putInt(Frame.MAGIC)
                .put((byte) kind.ordinal())
                .putInt(call)
                .putInt(payload.size() + rest.length)
                .put(payload.toByteArray())
                .array();
        synchronized (this) {
            out.write(frame);
            if (rest.length > 0) {
                out.write(rest);
            }
            out.flush();
        }
    }
}
