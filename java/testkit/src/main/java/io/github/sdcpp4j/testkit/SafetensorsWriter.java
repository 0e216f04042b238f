package io.github.sdcpp4j.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Writes the safetensors format: an 8-byte little-endian header length, a JSON header padded with spaces to a
 * multiple of eight bytes, then the tensors back to back.
 */
final class SafetensorsWriter {
    private SafetensorsWriter() {}

    /** Writes a new file; fails if {@code path} exists. */
    static void write(Path path, Map<String, String> metadata, List<Tensor> tensors) throws IOException {
        byte[] header = header(metadata, tensors);
        try (TensorChannel out = TensorChannel.create(path)) {
            out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
            out.write(header);
            for (Tensor tensor : tensors) {
                out.write(tensor);
            }
        }
    }

    static long fileBytes(Map<String, String> metadata, List<Tensor> tensors) {
        return Long.BYTES + header(metadata, tensors).length + tensors.stream().mapToLong(Tensor::bytes).sum();
    }

    /** The JSON header as it stands in the file, padding included. */
    static byte[] header(Map<String, String> metadata, List<Tensor> tensors) {
        StringJoiner json = new StringJoiner(",", "{", "}");
        StringJoiner entries = new StringJoiner(",", "{", "}");
        metadata.forEach((key, value) -> entries.add(quote(key) + ":" + quote(value)));
        json.add("\"__metadata__\":" + entries);
        long offset = 0;
        for (Tensor tensor : tensors) {
            long end = offset + tensor.bytes();
            json.add(quote(tensor.name()) + ":{\"dtype\":\"" + tensor.type() + "\",\"shape\":"
                    + tensor.shape().toString().replace(" ", "") + ",\"data_offsets\":[" + offset + "," + end + "]}");
            offset = end;
        }
        String text = json.toString();
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return (text + " ".repeat(Math.floorMod(-length, 8))).getBytes(StandardCharsets.UTF_8);
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
