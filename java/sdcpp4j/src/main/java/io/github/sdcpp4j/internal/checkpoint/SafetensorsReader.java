package io.github.sdcpp4j.internal.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads a safetensors header: a little-endian length, that many bytes of JSON, then the tensors. Gaps between tensors
 * are let through, as the native loader does; everything it would trip over is refused.
 */
final class SafetensorsReader {

    private static final String METADATA = "__metadata__";

    private final CheckpointFile file;
    private final List<TensorInfo> tensors = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private long dataStart;

    private SafetensorsReader(CheckpointFile file) {
        this.file = file;
    }

    static CheckpointHeader read(CheckpointFile file) throws IOException {
        return new SafetensorsReader(file).read();
    }

    private CheckpointHeader read() throws IOException {
        long length = headerLength();
        dataStart = Long.BYTES + length;
        Json json;
        try {
            json = Json.parse(new HeaderInput(file, Long.BYTES, dataStart));
        } catch (JsonException e) {
            throw file.refuse("its header of " + length + " bytes is not valid JSON: " + e.getMessage()
                    + "; the file is damaged or no safetensors file; download it again", e);
        }
        if (!(json instanceof Json.Obj header)) {
            throw file.damaged("its header is not a JSON object but " + json);
        }
        for (Map.Entry<String, Json> member : header.members().entrySet()) {
            entry(member.getKey(), member.getValue());
        }
        TensorLayout.check(file, tensors);
        return new CheckpointHeader(file.path(), CheckpointFormat.SAFETENSORS, file.size(), tensors, metadata);
    }

    private long headerLength() throws IOException {
        long length;
        try {
            length = new HeaderInput(file, 0, Long.BYTES).i64();
        } catch (EOFException e) {
            throw file.truncated(Long.BYTES);
        }
        if (length < 0 || length > Limits.SAFETENSORS_HEADER_BYTES) {
            throw file.refuse("its header claims " + Long.toUnsignedString(length) + " bytes, but a safetensors header"
                    + " has at most " + Limits.SAFETENSORS_HEADER_BYTES
                    + "; the file is damaged or no safetensors file; download it again");
        }
        if (length > file.size() - Long.BYTES) {
            throw file.truncated(Long.BYTES + length);
        }
        return length;
    }

    private void entry(String name, Json value) {
        if (name.equals(METADATA)) {
            readMetadata(value);
        } else if (value instanceof Json.Obj description) {
            if (tensors.size() == Limits.TENSORS) {
                throw file.damaged("its header lists more than " + Limits.TENSORS + " tensors");
            }
            tensors.add(tensor(name, description.members()));
        } else {
            throw file.damaged(of(name) + "is not described by a JSON object but by " + value);
        }
    }

    /** The format asks for strings; some tools write other scalars, and the native loader does not mind. */
    private void readMetadata(Json value) {
        switch (value) {
            case Json.Obj texts -> texts.members().forEach((key, text) ->
                    metadata.put(key, text instanceof Json.Text plain ? plain.value() : text.toString()));
            case Json.Null nothing -> { }
            default -> throw file.damaged("its " + METADATA + " is not a JSON object but " + value);
        }
    }

    private TensorInfo tensor(String name, Map<String, Json> description) {
        SafetensorsDtype dtype = dtype(name, description.get("dtype"));
        List<Long> shape = integers(name, "shape", description.get("shape"));
        List<Long> offsets = integers(name, "data_offsets", description.get("data_offsets"));
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw file.damaged(of(name) + "has data_offsets " + Texts.list(offsets)
                    + ", but a begin and an end after it are expected");
        }
        if (shape.size() > Limits.SAFETENSORS_DIMENSIONS && dtype != SafetensorsDtype.U8) {
            throw file.refuse(of(name) + "has " + shape.size() + " dimensions " + Texts.list(shape)
                    + ", the native runtime takes at most " + Limits.SAFETENSORS_DIMENSIONS
                    + "; use a checkpoint of a supported model");
        }
        long begin = offsets.get(0);
        long length = offsets.get(1) - begin;
        long expected = size(name, dtype, shape);
        if (length != expected) {
            throw file.damaged(of(name) + "has data_offsets " + Texts.list(offsets) + ", which is " + length
                    + " bytes, but " + dtype + " " + Texts.list(shape) + " takes " + expected);
        }
        if (begin > Long.MAX_VALUE - dataStart - length) {
            throw file.damaged(of(name) + "has data_offsets " + Texts.list(offsets)
                    + ", more than any file can hold");
        }
        return new TensorInfo(name, dtype.name(), shape, dataStart + begin, length);
    }

    private SafetensorsDtype dtype(String name, Json value) {
        if (!(value instanceof Json.Text text)) {
            throw file.damaged(of(name) + (value == null ? "has no dtype" : "has the dtype " + value + ", not a name"));
        }
        return SafetensorsDtype.of(text.value()).orElseThrow(() -> file.refuse(of(name)
                + (SafetensorsDtype.isKnownToTheFormat(text.value())
                        ? "has the dtype " + text + ", which the native runtime cannot read"
                        : "has the unknown dtype " + text)
                + " (it reads " + SafetensorsDtype.names() + "); use an F16, BF16 or F32 version of the model"));
    }

    private List<Long> integers(String name, String field, Json value) {
        if (!(value instanceof Json.Arr array)) {
            throw file.damaged(of(name) + (value == null ? "has no " + field
                    : "has the " + field + " " + value + ", not an array"));
        }
        var result = new ArrayList<Long>(array.elements().size());
        for (Json element : array.elements()) {
            OptionalLong number = element instanceof Json.Num num ? num.asLong() : OptionalLong.empty();
            if (number.isEmpty() || number.getAsLong() < 0) {
                throw file.damaged(of(name) + "has the " + field + " " + array + ", but " + element
                        + " is not a whole number from 0 to " + Long.MAX_VALUE);
            }
            result.add(number.getAsLong());
        }
        return result;
    }

    private long size(String name, SafetensorsDtype dtype, List<Long> shape) {
        try {
            return Math.multiplyExact(Quantities.product(shape), dtype.bytes());
        } catch (ArithmeticException e) {
            throw file.damaged(of(name) + "has the shape " + Texts.list(shape)
                    + ", more elements than any file can hold");
        }
    }

    private static String of(String name) {
        return "the tensor " + Texts.quote(name) + " ";
    }
}
