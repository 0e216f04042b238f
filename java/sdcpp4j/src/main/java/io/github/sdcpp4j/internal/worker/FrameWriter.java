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
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        content.write(new DataOutputStream(payload));
        if (payload.size() > Frame.MAX_PAYLOAD) {
            throw new InvalidRequestException("a message to the worker process has %d bytes, more than %d: shorten the prompt"
                    .formatted(payload.size(), Frame.MAX_PAYLOAD));
        }
        byte[] frame = ByteBuffer.allocate(HEADER_BYTES + payload.size())
                .putInt(Frame.MAGIC)
                .put((byte) kind.ordinal())
                .putInt(call)
                .putInt(payload.size())
                .put(payload.toByteArray())
                .array();
        synchronized (this) {
            out.write(frame);
            out.flush();
        }
    }
}
