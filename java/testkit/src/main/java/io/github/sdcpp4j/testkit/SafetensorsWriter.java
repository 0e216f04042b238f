package io.github.sdcpp4j.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
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
        byte[] header = header(metadata, Entry.layOut(tensors, 1));
        try (TensorChannel out = TensorChannel.create(path)) {
            out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
            out.write(header);
            for (Tensor tensor : tensors) {
                out.write(tensor);
            }
        }
    }

    static long fileBytes(Map<String, String> metadata, List<Tensor> tensors) {
        return Long.BYTES + header(metadata, Entry.layOut(tensors, 1)).length + tensors.stream().mapToLong(Tensor::bytes).sum();
    }

    /** The JSON header as it stands in the file, padding included. */
    static byte[] header(Map<String, String> metadata, List<Entry> entries) {
        StringJoiner json = new StringJoiner(",", "{", "}");
        if (!metadata.isEmpty()) {
            StringJoiner texts = new StringJoiner(",", "{", "}");
            metadata.forEach((key, value) -> texts.add(quote(key) + ":" + quote(value)));
            json.add("\"__metadata__\":" + texts);
        }
        for (Entry entry : entries) {
            json.add(quote(entry.name()) + ":{\"dtype\":\"" + entry.type().safetensors() + "\",\"shape\":"
                    + entry.shape().toString().replace(" ", "") + ",\"data_offsets\":["
                    + entry.data().start() + "," + entry.data().end() + "]}");
        }
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(text, Math.ceilDiv(text.length, Long.BYTES) * Long.BYTES);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
