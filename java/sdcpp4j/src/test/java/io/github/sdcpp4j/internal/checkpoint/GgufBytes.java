package io.github.sdcpp4j.internal.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Writes GGUF files of a few bytes, well-formed or not. */
final class GgufBytes {

    static final int UINT8 = 0;
    static final int UINT32 = 4;
    static final int STRING = 8;
    static final int ARRAY = 9;
    static final int UINT64 = 10;

    private final ByteArrayOutputStream keys = new ByteArrayOutputStream();
    private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
    private int version = 3;
    private int alignment = 32;
    private long keyCount;
    private long tensorCount;

    /** Two tensors and four keys: F16 [3, 2] and Q8_0 [1, 32] in PyTorch's order. */
    static byte[] valid() {
        return new GgufBytes()
                .key("general.name", STRING, out -> out.text("tiny"))
                .key("general.file_type", UINT32, out -> out.i32(1))
                .key("tokens", ARRAY, out -> out.i32(STRING).i64(2).text("a").text("bc"))
                .key("scores", ARRAY, out -> out.i32(UINT32).i64(3).i32(1).i32(2).i32(3))
                .tensor("a.weight", GgmlType.F16.id(), 0, 2, 3)
                .tensor("b", GgmlType.Q8_0.id(), 32, 32, 1)
                .bytes(32 + 34);
    }

    GgufBytes version(int value) {
        version = value;
        return this;
    }

    GgufBytes alignment(int value) {
        alignment = value;
        return key("general.alignment", UINT32, out -> out.i32(value));
    }

    GgufBytes counts(long tensorClaim, long keyClaim) {
        tensorCount = tensorClaim;
        keyCount = keyClaim;
        return this;
    }

    GgufBytes key(String name, int type, Consumer<Out> value) {
        value.accept(new Out(keys).text(name).i32(type));
        keyCount++;
        return this;
    }

    /** A tensor with its dimensions in the order of the file, innermost first. */
    GgufBytes tensor(String name, int type, long offset, long... dimensions) {
        var out = new Out(tensors).text(name).i32(dimensions.length);
        for (long dimension : dimensions) {
            out.i64(dimension);
        }
        out.i32(type).i64(offset);
        tensorCount++;
        return this;
    }

    GgufBytes rawTensor(Consumer<Out> description) {
        description.accept(new Out(tensors));
        tensorCount++;
        return this;
    }

    byte[] bytes(int dataBytes) {
        var file = new ByteArrayOutputStream();
        new Out(file).raw("GGUF".getBytes(StandardCharsets.US_ASCII)).i32(version).i64(tensorCount).i64(keyCount)
                .raw(keys.toByteArray()).raw(tensors.toByteArray());
        if (dataBytes > 0) {
            new Out(file).raw(new byte[(int) (Quantities.padded(file.size(), alignment) - file.size())])
                    .raw(new byte[dataBytes]);
        }
        return file.toByteArray();
    }

    /** Little-endian values. */
    record Out(ByteArrayOutputStream bytes) {

        Out raw(byte[] value) {
            bytes.writeBytes(value);
            return this;
        }

        Out i8(int value) {
            bytes.write(value);
            return this;
        }

        Out i16(int value) {
            return i8(value).i8(value >> 8);
        }

        Out i32(int value) {
            return i16(value).i16(value >> 16);
        }

        Out i64(long value) {
            return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
        }

        Out text(String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            return i64(utf8.length).raw(utf8);
        }
    }
}
