package io.github.sdcpp4j.internal.checkpoint;

import static io.github.sdcpp4j.internal.checkpoint.Refusals.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A header as large as that of SD 1.5 is read in no time, whatever lies behind it. */
class HeaderSpeedTest {

    private static final int TENSORS = 1_131;
    private static final long TENSOR_BYTES = 2L * 1280 * 1280;

    @TempDir
    private Path directory;

    @Test
    void readsASafetensorsHeader() throws IOException {
        var header = new StringBuilder("{");
        for (int i = 0; i < TENSORS; i++) {
            header.append(i == 0 ? "" : ",").append(SafetensorsBytes.tensor(name(i), "F16", "[1280,1280]",
                    "[" + i * TENSOR_BYTES + "," + (i + 1) * TENSOR_BYTES + "]"));
        }

        assertQuick(write(directory, "model.safetensors", SafetensorsBytes.file(header + "}", 0)));
    }

    @Test
    void readsAGgufHeader() throws IOException {
        var builder = new GgufBytes();
        for (int i = 0; i < TENSORS; i++) {
            builder.tensor(name(i), GgmlType.F16.id(), i * TENSOR_BYTES, 1280, 1280);
        }

        assertQuick(write(directory, "model.gguf", builder.bytes(32)));
    }

    private static String name(int i) {
        return "model.diffusion_model.output_blocks." + i + ".1.transformer_blocks.0.attn2.to_out.0.weight";
    }

    private static void assertQuick(Path file) throws IOException {
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(sparse.length() + TENSORS * TENSOR_BYTES);
        }
        var best = Duration.ofDays(1);
        for (int round = 0; round < 10; round++) {
            long start = System.nanoTime();
            CheckpointHeader header = CheckpointHeader.read(file);
            var taken = Duration.ofNanos(System.nanoTime() - start);
            assertThat(header.tensors()).hasSize(TENSORS);
            assertThat(header.parameterCount()).isEqualTo(TENSORS * TENSOR_BYTES / 2);
            best = taken.compareTo(best) < 0 ? taken : best;
        }
        assertThat(best).isLessThan(Duration.ofMillis(100));
    }
}
