package io.github.sdcpp4j.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Writes the safetensors format: an 8-byte little-endian header length, a JSON header padded with spaces to a
 * multiple of eight bytes, then the tensors back to back. Memory use is one buffer. Zero tensors are skipped over,
 * which leaves holes that read as zero and take no space on file systems that know sparse files.
 */
final class SafetensorsWriter {
    private static final int BUFFER_BYTES = 1 << 20;

    private SafetensorsWriter() {}

    /** Writes a new file; fails if {@code path} exists. */
    static void write(Path path, Map<String, String> metadata, List<Tensor> tensors) throws IOException {
        try (FileChannel channel = FileChannel.open(path,
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            byte[] header = header(metadata, tensors);
            writeFully(channel, buffer.putLong(header.length).flip());
            writeFully(channel, ByteBuffer.wrap(header));
            for (Tensor tensor : tensors) {
                if (tensor.values() == Values.ZERO) {
                    channel.position(channel.position() + tensor.bytes());
                } else {
                    write(channel, buffer, tensor);
                }
            }
            if (channel.size() < channel.position()) { // the file ends in a hole: its last byte sets the length
                channel.position(channel.position() - 1);
                writeFully(channel, ByteBuffer.allocate(1));
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

    private static void write(FileChannel channel, ByteBuffer buffer, Tensor tensor) throws IOException {
        long elements = tensor.elements();
        int bytes = tensor.type().bytes();
        for (long done = 0; done < elements; ) {
            int count = (int) Math.min(elements - done, BUFFER_BYTES / bytes);
            buffer.clear();
            encode(buffer, tensor, done, count);
            writeFully(channel, buffer.flip());
            done += count;
        }
    }

    private static void encode(ByteBuffer buffer, Tensor tensor, long first, int count) {
        Values values = tensor.values();
        switch (tensor.type()) {
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    buffer.putShort(Float.floatToFloat16(values.at(first + i)));
                }
            }
            case F32 -> {
                for (int i = 0; i < count; i++) {
                    buffer.putFloat(values.at(first + i));
                }
            }
            case I64 -> {
                for (int i = 0; i < count; i++) {
                    buffer.putLong((long) values.at(first + i));
                }
            }
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
