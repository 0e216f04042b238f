package io.github.sdcpp4j.demo;

import io.github.sdcpp4j.spi.DemoCheckpoint;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/**
 * Unpacks the checkpoint of this artifact. {@code training/export.py} packed it and describes the form: parts, each one byte
 * that says how the next bytes of the file are made.
 */
public final class PackedCheckpoint implements DemoCheckpoint {

    private static final int BUFFER = 1 << 16;

    /** Makes the service. */
    public PackedCheckpoint() {}

    @Override
    public String fileName() {
        return "sdcpp4j-demo.safetensors";
    }

    @Override
    public String sha256() throws IOException {
        try (InputStream in = resource("checkpoint.gz.sha256")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
    }

    @Override
    public void unpack(WritableByteChannel out) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(
                new GZIPInputStream(resource("checkpoint.gz"), BUFFER), BUFFER))) {
            while (true) {
                int part = in.readUnsignedByte();
                switch (part) {
                    case 0 -> zeros(in.readLong(), out);
                    case 1 -> copy(in, in.readLong(), out);
                    case 2 -> rows(in, out);
                    case 3 -> TokenEmbedding.writeTo(out);
                    case 4 -> {
                        return;
                    }
                    default -> throw new IOException("the demo checkpoint's jar is damaged: there is no part " + part);
                }
            }
        }
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = PackedCheckpoint.class.getResourceAsStream(name);
        if (in == null) {
            throw new IOException("the demo checkpoint's jar does not hold " + name);
        }
        return in;
    }

    private static void zeros(long count, WritableByteChannel out) throws IOException {
        byte[] zeros = new byte[BUFFER];
        for (long left = count; left > 0; left -= BUFFER) {
            out.write(ByteBuffer.wrap(zeros, 0, (int) Math.min(left, BUFFER)));
        }
    }

    private static void copy(DataInputStream in, long count, WritableByteChannel out) throws IOException {
        byte[] bytes = new byte[BUFFER];
        for (long left = count; left > 0; left -= BUFFER) {
            int some = (int) Math.min(left, BUFFER);
            in.readFully(bytes, 0, some);
            out.write(ByteBuffer.wrap(bytes, 0, some));
        }
    }

    private static void rows(DataInputStream in, WritableByteChannel out) throws IOException {
        int rows = in.readInt();
        byte[] numbers = new byte[in.readInt()];
        float[] scales = new float[rows];
        for (int row = 0; row < rows; row++) {
            scales[row] = in.readFloat();
        }
        ByteBuffer halves = ByteBuffer.allocate(2 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float scale : scales) {
            in.readFully(numbers);
            halves.clear();
            for (byte number : numbers) {
                halves.putShort(Float.floatToFloat16(number * scale));
            }
            out.write(halves.flip());
        }
    }
}
