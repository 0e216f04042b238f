package io.github.sdcpp4j.demo;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The demo checkpoint's tensors, and files to go with it. */
final class Weights {

    private static final Pattern TENSOR =
            Pattern.compile("\"([^\"]+)\":\\{\"dtype\":\"F16\",\"shape\":\\[(\\d+),(\\d+)],\"data_offsets\":\\[(\\d+),(\\d+)]}");

    private final Path file;
    private final long start;
    private final Map<String, MatchResult> matrices = new TreeMap<>();

    /** A matrix, row by row. */
    record Matrix(int rows, int columns, float[] values) {}

    Weights(Path file) throws IOException {
        this.file = file;
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] header = new byte[Math.toIntExact(Long.reverseBytes(in.readLong()))];
            in.readFully(header);
            start = in.getFilePointer();
            TENSOR.matcher(new String(header, StandardCharsets.UTF_8)).results().forEach(match -> matrices.put(match.group(1), match));
        }
    }

    List<String> names(String ending) {
        return matrices.keySet().stream().filter(name -> name.endsWith(ending)).toList();
    }

    Matrix matrix(String name) throws IOException {
        MatchResult found = matrices.get(name);
        int rows = Integer.parseInt(found.group(2));
        return rows(name, 0, rows);
    }

    Matrix rows(String name, int first, int count) throws IOException {
        MatchResult found = matrices.get(name);
        int columns = Integer.parseInt(found.group(3));
        byte[] bytes = new byte[2 * count * columns];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(start + Long.parseLong(found.group(4)) + 2L * first * columns);
            in.readFully(bytes);
        }
        ByteBuffer halves = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[count * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.float16ToFloat(halves.getShort());
        }
        return new Matrix(count, columns, values);
    }

    /** Writes a safetensors file. */
    static void write(Path file, Map<String, Matrix> tensors) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        Map<String, String> header = new TreeMap<>();
        try (DataOutputStream out = new DataOutputStream(data)) {
            for (Map.Entry<String, Matrix> tensor : new TreeMap<>(tensors).entrySet()) {
                int begin = data.size();
                for (float value : tensor.getValue().values()) {
                    out.writeInt(Integer.reverseBytes(Float.floatToRawIntBits(value)));
                }
                header.put(tensor.getKey(), "{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}".formatted(
                        tensor.getValue().rows(), tensor.getValue().columns(), begin, data.size()));
            }
        }
        byte[] text = header.entrySet().stream().map(entry -> '"' + entry.getKey() + "\":" + entry.getValue())
                .collect(Collectors.joining(",", "{", "}")).getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(8 + text.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
        all.putLong(text.length).put(text).put(data.toByteArray());
        Files.write(file, all.array());
    }
}
