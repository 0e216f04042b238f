package io.github.sdcpp4j.internal.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads the key-value part of a GGUF header. Values become text; long strings and arrays become a description. */
final class GgufMetadata {

    private static final String ALIGNMENT = "general.alignment";
    private static final long DEFAULT_ALIGNMENT = 32;

    /** The types of values; the order is that of the numbers in the file. */
    private enum Type {
        UINT8(1), INT8(1), UINT16(2), INT16(2), UINT32(4), INT32(4), FLOAT32(4), BOOL(1), STRING(8), ARRAY(12),
        UINT64(8), INT64(8), FLOAT64(8);

        /** The bytes of a value, or the least bytes where the size varies. */
        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }
    }

    private static final Type[] TYPES = Type.values();

    private final CheckpointFile file;
    private final GgufInput input;
    private final Map<String, String> values = new LinkedHashMap<>();
    private long alignment = DEFAULT_ALIGNMENT;

    GgufMetadata(CheckpointFile file, GgufInput input) {
        this.file = file;
        this.input = input;
    }

    Map<String, String> values() {
        return values;
    }

    /** The boundary on which the tensor data begins; a power of two. */
    long alignment() {
        return alignment;
    }

    void read(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            String key = input.name("metadata key " + i);
            Type type = type(key, input.u32());
            String value = value(key, type);
            if (key.equals(ALIGNMENT)) {
                readAlignment(type, value);
            }
            if (values.put(key, value) != null) {
                throw file.damaged("the metadata key " + Texts.quote(key) + " occurs twice");
            }
        }
    }

    private Type type(String key, long id) {
        if (id >= TYPES.length) {
            throw file.damaged("the metadata key " + Texts.quote(key) + " has the unknown type " + id);
        }
        return TYPES[(int) id];
    }

    private String value(String key, Type type) throws IOException {
        return switch (type) {
            case UINT8 -> Integer.toString(input.u8());
            case INT8 -> Byte.toString((byte) input.u8());
            case UINT16 -> Integer.toString(input.u16());
            case INT16 -> Short.toString((short) input.u16());
            case UINT32 -> Long.toString(input.u32());
            case INT32 -> Integer.toString((int) input.u32());
            case FLOAT32 -> Float.toString(Float.intBitsToFloat((int) input.u32()));
            case BOOL -> Boolean.toString(input.u8() != 0);
            case UINT64 -> Long.toUnsignedString(input.i64());
            case INT64 -> Long.toString(input.i64());
            case FLOAT64 -> Double.toString(Double.longBitsToDouble(input.i64()));
            case STRING -> string(key);
            case ARRAY -> array(key);
        };
    }

    private String string(String key) throws IOException {
        long length = input.stringLength(() -> "the value of the metadata key " + Texts.quote(key));
        if (length > Limits.METADATA_VALUE_BYTES || !input.hasRoomFor(length)) {
            input.pass(length);
            return "(string of " + length + " bytes)";
        }
        // Shown to people only, so a value that is not UTF-8 is no reason to refuse the model.
        return new String(input.kept((int) length), StandardCharsets.UTF_8);
    }

    private String array(String key) throws IOException {
        Type type = type(key, input.u32());
        long count = input.i64();
        if (type == Type.ARRAY) {
            throw file.damaged("the metadata key " + Texts.quote(key) + " holds an array of arrays, which the native"
                    + " runtime cannot read");
        }
        if (count < 0 || count > input.remaining() / type.bytes) {
            throw file.truncatedOrDamaged("the metadata key " + Texts.quote(key) + " claims an array of "
                    + Long.toUnsignedString(count) + " values, but only " + input.remaining() + " bytes are left");
        }
        if (type == Type.STRING) {
            for (long i = 0; i < count; i++) {
                long index = i;
                input.pass(input.stringLength(() -> "element " + index + " of the metadata key " + Texts.quote(key)));
            }
        } else {
            input.pass(count * type.bytes);
        }
        return "(array of " + count + " " + type.name().toLowerCase(Locale.ROOT) + ")";
    }

    private void readAlignment(Type type, String value) {
        // ggml asserts the type, which would end the process, and divides by the value.
        if (type != Type.UINT32) {
            throw file.damaged("its " + ALIGNMENT + " has the type " + type.name().toLowerCase(Locale.ROOT)
                    + ", not uint32");
        }
        alignment = Long.parseLong(value);
        if (Long.bitCount(alignment) != 1) {
            throw file.damaged("its " + ALIGNMENT + " is " + alignment + ", not a power of two");
        }
    }
}
