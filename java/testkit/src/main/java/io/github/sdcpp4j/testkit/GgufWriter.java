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
    private static final int ALIGNMENT = 32;
    private static final int UINT32 = 4;
    private static final int STRING = 8;
    /** ggml keeps names in 64 bytes, the diffusion runtime is built for 128, and both want an end mark. */
    private static final int MAX_NAME_BYTES = 127;
    private static final int MAX_DIMENSIONS = 4;

    private GgufWriter() {}

    /** Writes a new file; fails if {@code path} exists. */
    static void write(Path path, Map<String, String> metadata, List<Tensor> tensors) throws IOException {
        byte[] header = header(metadata, tensors);
        try (TensorChannel out = TensorChannel.create(path)) {
            out.write(header);
            for (Tensor tensor : tensors) {
                out.write(tensor);
                out.position(padded(out.position() - header.length) + header.length);
            }
        }
    }

    static long fileBytes(Map<String, String> metadata, List<Tensor> tensors) {
        return header(metadata, tensors).length + tensors.stream().mapToLong(tensor -> padded(tensor.bytes())).sum();
    }

    /** All that comes before the tensors' data, padding included. */
    private static byte[] header(Map<String, String> metadata, List<Tensor> tensors) {
        LittleEndian out = new LittleEndian().text("GGUF").i32(VERSION).i64(tensors.size()).i64(metadata.size() + 2);
        text(text(out, "general.architecture").i32(STRING), "sd1");
        text(out, "general.alignment").i32(UINT32).i32(ALIGNMENT);
        metadata.forEach((key, value) -> text(text(out, key).i32(STRING), value));
        long offset = 0;
        for (Tensor tensor : tensors) {
            describe(out, tensor, offset);
            offset += padded(tensor.bytes());
        }
        return out.zeros((int) padded(out.size()) - out.size()).toByteArray();
    }

    private static void describe(LittleEndian out, Tensor tensor, long offset) {
        if (tensor.name().length() > MAX_NAME_BYTES || tensor.shape().size() > MAX_DIMENSIONS) {
            throw new IllegalArgumentException("GGUF has no room for " + tensor.name() + " " + tensor.shape());
        }
        text(out, tensor.name()).i32(tensor.shape().size());
        for (int dimension : tensor.shape().reversed()) {
            out.i64(dimension);
        }
        out.i32(ggmlType(tensor.type())).i64(offset);
    }

    private static int ggmlType(DataType type) {
        return switch (type) {
            case F32 -> 0;
            case F16 -> 1;
            case I64 -> 27;
        };
    }

    private static LittleEndian text(LittleEndian out, String value) {
        return out.i64(value.getBytes(StandardCharsets.UTF_8).length).text(value);
    }

    private static long padded(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
