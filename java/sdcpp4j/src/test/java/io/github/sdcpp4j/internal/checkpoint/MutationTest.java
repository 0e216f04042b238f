package io.github.sdcpp4j.internal.checkpoint;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.sdcpp4j.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damages valid files at random: each is read or refused with the one exception type, and nothing else happens. */
class MutationTest {

    private static final int ROUNDS = 2_000;
    private static final long SEED = 20_240_607;

    @TempDir
    private Path directory;

    static Stream<Named<byte[]>> validFiles() {
        return Stream.of(
                Named.of("safetensors", SafetensorsBytes.valid()),
                Named.of("GGUF", GgufBytes.valid()),
                Named.of("zip stored", ZipBytes.valid()),
                Named.of("zip deflated",
                        new ZipBytes().deflated("a/data.pkl", Arrays.copyOf(ZipBytes.PICKLE, 999)).bytes()),
                Named.of("zip64", ZipBytes.zip64(ZipBytes.PICKLE)),
                Named.of("legacy", ZipBytes.validLegacy()),
                Named.of("legacy with tensors", ZipBytes.legacy(PickleBytes.valid().end(),
                        new byte[] {6, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})),
                Named.of("zip with tensors", PickleBytes.valid().zip(12)));
    }

    @ParameterizedTest
    @MethodSource("validFiles")
    void damageIsReadOrRefused(byte[] valid) throws IOException {
        var random = new Random(SEED);
        Path file = directory.resolve("model");
        int refused = 0;
        // One open file: creating or emptying a file thousands of times is slow on some file systems.
        try (var channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] damaged = mutate(valid, random);
                channel.write(ByteBuffer.wrap(damaged), 0);
                channel.truncate(damaged.length);
                try {
                    refused += isRefused(file, damaged.length) ? 1 : 0;
                } catch (Throwable e) {
                    fail("round " + round + " of seed " + SEED, e);
                }
            }
        }
        assertThat(refused).isBetween(ROUNDS / 20, ROUNDS);
    }

    private static boolean isRefused(Path file, long size) {
        try {
            CheckpointHeader.read(file).tensors().forEach(tensor ->
                    assertThat(tensor.offset() + tensor.length()).isBetween(0L, size));
            return false;
        } catch (CheckpointException e) {
            // A reader that runs into its own bug is caught too, but that is no reason a user can act on.
            assertThat(e.getMessage()).contains(file.toString()).doesNotContain("makes no sense");
            return true;
        }
    }

    private static byte[] mutate(byte[] valid, Random random) {
        byte[] bytes = valid.clone();
        int flips = random.nextInt(4);
        for (int i = 0; i < flips; i++) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        if (random.nextInt(3) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        if (random.nextInt(8) == 0) {
            int start = random.nextInt(bytes.length);
            int end = Math.min(bytes.length, start + 8);
            Arrays.fill(bytes, start, end, (byte) (random.nextBoolean() ? 0xff : 0));
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 40)) : bytes;
    }
}
