package io.github.sdcpp4j.internal.checkpoint;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.sdcpp4j.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes of any kind are read or refused with the one exception type, and what is read lies inside the file. A plain
 * test run takes the seeds only; with {@code JAZZER_FUZZ=1} in the environment, the first method fuzzes for real, so
 * name one: {@code JAZZER_FUZZ=1 mvn -pl java/testkit,java/sdcpp4j -am -Dsurefire.failIfNoSpecifiedTests=false
 * -Dtest=HeaderFuzzTest#gguf test}.
 */
class HeaderFuzzTest {

    private static Path file;
    private static FileChannel channel;

    @BeforeAll
    static void openFile() throws IOException {
        file = Files.createTempFile("fuzz", ".model");
        // One open file: creating a file for each of thousands of runs each second is slow.
        channel = FileChannel.open(file, CREATE, WRITE);
    }

    @AfterAll
    static void deleteFile() throws IOException {
        channel.close();
        Files.delete(file);
    }

    static Stream<byte[]> safetensors() {
        return Stream.of(SafetensorsBytes.valid(), SafetensorsBytes.file("{}", 0));
    }

    static Stream<byte[]> gguf() {
        return Stream.of(GgufBytes.valid(), new GgufBytes().bytes(0),
                new GgufBytes().alignment(64).tensor("a", GgmlType.F32.id(), 64, 2).bytes(72));
    }

    static Stream<byte[]> torch() {
        return Stream.of(ZipBytes.valid(), ZipBytes.zip64(ZipBytes.PICKLE), ZipBytes.validLegacy(),
                new ZipBytes().deflated("a/data.pkl", Arrays.copyOf(ZipBytes.PICKLE, 99)).bytes());
    }

    @MethodSource
    @FuzzTest(maxDuration = "60s")
    void safetensors(byte[] bytes) throws IOException {
        readOrRefuse(bytes);
    }

    @MethodSource
    @FuzzTest(maxDuration = "60s")
    void gguf(byte[] bytes) throws IOException {
        readOrRefuse(bytes);
    }

    @MethodSource
    @FuzzTest(maxDuration = "60s")
    void torch(byte[] bytes) throws IOException {
        readOrRefuse(bytes);
    }

    private static void readOrRefuse(byte[] bytes) throws IOException {
        channel.write(ByteBuffer.wrap(bytes), 0);
        channel.truncate(bytes.length);
        try {
            CheckpointHeader.read(file).tensors().forEach(tensor ->
                    assertThat(tensor.offset() + tensor.length()).isBetween(0L, (long) bytes.length));
        } catch (CheckpointException e) {
            // A reader that runs into its own bug is caught too, but that is no reason a user can act on.
            assertThat(e.getMessage()).contains(file.toString()).doesNotContain("makes no sense");
        }
    }
}
