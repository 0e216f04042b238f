package io.github.sdcpp4j.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes the GGUF format, version 3: magic and counts, metadata, one description for each tensor with the innermost
 * dimension first, then the tensors, each on a multiple of 32 bytes.
 */
final class GgufWriter {
    private static final int VERSION = 3;
    static final int ALIGNMENT = 32;
    private static final int UINT32 = 4;
    private static final int STRING = 8;
    /** ggml keeps names in 64 bytes, the diffusion runtime is built for 128, and both want an end mark. */
    private static final int MAX_NAME_BYTES = 127;
    private static final int MAX_DIMENSIONS = 4;

    private GgufWriter() {}

    /** Writes a new file; fails if {@code path} exists. */
    static void write(Path path, Map<String, String> metadata, List<Tensor> tensors) throws IOException {
        requireRoom(tensors);
        byte[] header = header(metadata, Entry.layOut(tensors, ALIGNMENT)).toByteArray();
        try (TensorChannel out = TensorChannel.create(path)) {
            out.write(header);
            for (Tensor tensor : tensors) {
                out.write(tensor);
                out.position(padded(out.position() - header.length) + header.length);
            }
        }
    }

    static long fileBytes(Map<String, String> metadata, List<Tensor> tensors) {
        requireRoom(tensors);
        return header(metadata, Entry.layOut(tensors, ALIGNMENT)).size() + tensors.stream().mapToLong(tensor -> padded(tensor.bytes())).sum();
    }

    /** All that comes before the tensors' data, padding included. */
    static LittleEndian header(Map<String, String> metadata, List<Entry> entries) {
        LittleEndian out = new LittleEndian().text("GGUF").i32(VERSION).i64(entries.size()).i64(metadata.size() + 2);
        text(text(out, "general.architecture").i32(STRING), "sd1");
        text(out, "general.alignment").i32(UINT32).i32(ALIGNMENT);
        metadata.forEach((key, value) -> text(text(out, key).i32(STRING), value));
        for (Entry entry : entries) {
            text(out, entry.name()).i32(entry.shape().size());
            entry.shape().reversed().forEach(out::i64);
            out.i32(entry.type().ggml()).i64(entry.data().start());
        }
        return out.zeros((int) padded(out.size()) - out.size());
    }

    private static void requireRoom(List<Tensor> tensors) {
        for (Tensor tensor : tensors) {
            if (tensor.name().length() > MAX_NAME_BYTES || tensor.shape().size() > MAX_DIMENSIONS) {
                throw new IllegalArgumentException("GGUF has no room for " + tensor.name() + " " + tensor.shape());
            }
        }
    }

    private static LittleEndian text(LittleEndian out, String value) {
        return out.i64(value.getBytes(StandardCharsets.UTF_8).length).text(value);
    }

    private static long padded(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }
}
