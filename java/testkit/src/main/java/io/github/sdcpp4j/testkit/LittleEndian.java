package io.github.sdcpp4j.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Collects the bytes of a header, numbers with the lowest byte first, and remembers where the numbers are. */
final class LittleEndian {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Span> numbers = new ArrayList<>();

    LittleEndian i8(int value) {
        bytes.write(value);
        return this;
    }

    LittleEndian i16(int value) {
        return number(value, Short.BYTES);
    }

    LittleEndian i32(long value) {
        return number(value, Integer.BYTES);
    }

    LittleEndian i64(long value) {
        return number(value, Long.BYTES);
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

    /** The places of the numbers of two, four and eight bytes. */
    List<Span> numbers() {
        return List.copyOf(numbers);
    }

    private LittleEndian number(long value, int width) {
        numbers.add(new Span(bytes.size(), width));
        for (int i = 0; i < width; i++) {
            bytes.write((int) (value >> 8 * i));
        }
        return this;
    }
}
