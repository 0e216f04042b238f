package io.github.sdcpp4j.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.Checksum;

/**
 * A new file that tensors are written to. Memory use is one buffer. Zero tensors are skipped over, which leaves holes
 * that read as zero and take no space on file systems that know sparse files.
 */
final class TensorChannel implements Closeable {
    private static final int BUFFER_BYTES = 1 << 20;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private TensorChannel(FileChannel channel) {
        this.channel = channel;
    }

    /** Creates the file; fails if {@code path} exists. */
    static TensorChannel create(Path path) throws IOException {
        return new TensorChannel(FileChannel.open(path,
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE));
    }

    long position() throws IOException {
        return channel.position();
    }

    /** Where the next bytes go; what is jumped over reads as zero. */
    void position(long position) throws IOException {
        channel.position(position);
    }

    void write(byte[] bytes) throws IOException {
        writeFully(ByteBuffer.wrap(bytes));
    }

    void write(Tensor tensor) throws IOException {
        if (tensor.values() == Values.ZERO) {
            channel.position(channel.position() + tensor.bytes());
            return;
        }
        for (long done = 0; done < tensor.elements(); ) {
            done = fill(tensor, done);
            writeFully(buffer);
        }
    }

    /** Writes the tensor and counts its bytes, those in a hole as well, into the checksum. */
    void write(Tensor tensor, Checksum checksum) throws IOException {
        if (tensor.values() == Values.ZERO) {
            byte[] zeros = new byte[BUFFER_BYTES];
            for (long left = tensor.bytes(); left > 0; left -= zeros.length) {
                checksum.update(zeros, 0, (int) Math.min(left, zeros.length));
            }
            write(tensor);
            return;
        }
        for (long done = 0; done < tensor.elements(); ) {
            done = fill(tensor, done);
            checksum.update(buffer.duplicate());
            writeFully(buffer);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            if (channel.size() < channel.position()) { // the file ends in a hole: its last byte sets the length
                channel.position(channel.position() - 1);
                write(new byte[1]);
            }
        }
    }

    /** Encodes elements from {@code first} on into the buffer, and returns the index behind the last. */
    private long fill(Tensor tensor, long first) {
        long end = Math.min(tensor.elements(), first + BUFFER_BYTES / tensor.type().bytes(1));
        Values values = tensor.values();
        buffer.clear();
        switch (tensor.type()) {
            case F16 -> {
                for (long i = first; i < end; i++) {
                    buffer.putShort(Float.floatToFloat16(values.at(i)));
                }
            }
            case F32 -> {
                for (long i = first; i < end; i++) {
                    buffer.putFloat(values.at(i));
                }
            }
            case I64 -> {
                for (long i = first; i < end; i++) {
                    buffer.putLong((long) values.at(i));
                }
            }
            case Q4_0 -> throw new AssertionError("Tensor takes only zeros of this type");
        }
        buffer.flip();
        return end;
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
