package io.github.sdcpp4j.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Collects the bytes of a header, numbers with the lowest byte first. */
final class LittleEndian {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    LittleEndian i8(int value) {
        bytes.write(value);
        return this;
    }

    LittleEndian i16(int value) {
        return i8(value).i8(value >> 8);
    }

    LittleEndian i32(long value) {
        return i16((int) value).i16((int) (value >> 16));
    }

    LittleEndian i64(long value) {
        return i32(value).i32(value >> 32);
    }

    LittleEndian raw(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    /** The text in UTF-8, without length or end mark. */
    LittleEndian text(String value) {
        return raw(value.getBytes(StandardCharsets.UTF_8));
    }

    LittleEndian zeros(int count) {
        return raw(new byte[count]);
    }

    int size() {
        return bytes.size();
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }
}
