package io.github.sdcpp4j.internal.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A part of a model file read once from front to back through a small buffer, so that memory use does not depend on
 * what the header claims. Numbers are little-endian, as in all formats here.
 */
final class HeaderInput extends InputStream {

    private static final int BUFFER_BYTES = 64 << 10;

    private final CheckpointFile file;
    private final long end;
    private final ByteBuffer buffer;
    private long fetched;

    /** Reads {@code file} from {@code start} up to but without {@code end}, or the end of the file. */
    HeaderInput(CheckpointFile file, long start, long end) {
        this.file = file;
        this.fetched = start;
        this.end = Math.min(end, file.size());
        this.buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    }

    /** Where the next byte lies in the file. */
    long position() {
        return fetched - buffer.remaining();
    }

    /** How many bytes are left. */
    long remaining() {
        return end - position();
    }

    @Override
    public int read() throws IOException {
        return buffer.hasRemaining() || fetch(1) ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!buffer.hasRemaining() && !fetch(1)) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(target, offset, count);
        return count;
    }

    int u8() throws IOException {
        require(1);
        return buffer.get() & 0xff;
    }

    int u16() throws IOException {
        require(2);
        return buffer.getShort() & 0xffff;
    }

    long u32() throws IOException {
        require(4);
        return buffer.getInt() & 0xffff_ffffL;
    }

    /** Eight bytes; values from 2<sup>63</sup> on come out negative. */
    long i64() throws IOException {
        require(8);
        return buffer.getLong();
    }

    /** Exactly {@code count} bytes; the caller has bounded the count. */
    byte[] bytes(int count) throws IOException {
        if (count > remaining()) {
            throw new EOFException();
        }
        byte[] bytes = readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }

    /** Moves on without reading what lies between. */
    void pass(long count) throws IOException {
        if (count < 0 || count > remaining()) {
            throw new EOFException();
        }
        if (count <= buffer.remaining()) {
            buffer.position(buffer.position() + (int) count);
        } else {
            fetched = position() + count;
            buffer.limit(0);
        }
    }

    private void require(int count) throws IOException {
        if (buffer.remaining() < count && !fetch(count)) {
            throw new EOFException();
        }
    }

    private boolean fetch(int wanted) throws IOException {
        buffer.compact();
        long room = Math.max(0, end - fetched);
        buffer.limit((int) Math.min(buffer.capacity(), buffer.position() + room));
        int before = buffer.position();
        file.read(buffer, fetched);
        fetched += buffer.position() - before;
        buffer.flip();
        return buffer.remaining() >= wanted;
    }
}
