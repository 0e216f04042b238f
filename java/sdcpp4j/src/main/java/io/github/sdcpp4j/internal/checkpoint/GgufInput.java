package io.github.sdcpp4j.internal.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.function.Supplier;

/** The strings of a GGUF header on top of its bytes, with every length checked before anything is allocated. */
final class GgufInput {

    private final CheckpointFile file;
    private final HeaderInput input;
    private long kept;

    GgufInput(CheckpointFile file) {
        this.file = file;
        this.input = new HeaderInput(file, 0, Limits.GGUF_HEADER_BYTES);
    }

    int u8() throws IOException {
        return input.u8();
    }

    int u16() throws IOException {
        return input.u16();
    }

    long u32() throws IOException {
        return input.u32();
    }

    long i64() throws IOException {
        return input.i64();
    }

    long position() {
        return input.position();
    }

    long remaining() {
        return input.remaining();
    }

    void pass(long count) throws IOException {
        input.pass(count);
    }

    /** A key or a tensor's name; {@code what} names it in a refusal. */
    String name(String what) throws IOException {
        long length = stringLength(() -> what);
        if (length > Limits.NAME_BYTES) {
            throw file.damaged(what + " claims " + length + " bytes, but a name has at most " + Limits.NAME_BYTES);
        }
        if (!hasRoomFor(length)) {
            throw file.damaged("its header holds more than " + Limits.TEXT_BYTES + " bytes of names");
        }
        byte[] bytes = kept((int) length);
        try {
            return Texts.utf8(bytes, bytes.length);
        } catch (CharacterCodingException e) {
            throw file.damaged(what + " is not valid UTF-8");
        }
    }

    /** The length in front of a string, known to lie inside the header; {@code what} is asked for a refusal only. */
    long stringLength(Supplier<String> what) throws IOException {
        long length = input.i64();
        if (length < 0 || length > input.remaining()) {
            throw file.truncatedOrDamaged(what.get() + " claims " + Long.toUnsignedString(length)
                    + " bytes, but only " + input.remaining() + " are left");
        }
        return length;
    }

    boolean hasRoomFor(long length) {
        return length <= Limits.TEXT_BYTES - kept;
    }

    /** Bytes that stay in memory, so that they count. */
    byte[] kept(int length) throws IOException {
        kept += length;
        return input.bytes(length);
    }

    /** What to say when the header goes on where its bytes end. */
    RuntimeException ended(EOFException cause) {
        return file.size() > Limits.GGUF_HEADER_BYTES
                ? file.refuse("its header is longer than " + Limits.GGUF_HEADER_BYTES
                        + " bytes, which no model needs; the file is damaged; download it again", cause)
                : file.refuse("it is truncated: its header goes on where the file ends, after " + file.size()
                        + " bytes; download it again", cause);
    }
}
