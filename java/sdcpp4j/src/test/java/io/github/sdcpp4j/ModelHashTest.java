package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelHashTest {

    @TempDir
    private Path folder;

    @Test
    void itIsTheSha256AndAutoV2ItsFirstTenDigits() throws Exception {
        Path file = Files.write(folder.resolve("abc"), "abc".getBytes(StandardCharsets.US_ASCII));
        // FIPS 180-2, appendix B.1
        assertThat(ModelHash.of(file).sha256()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(ModelHash.of(file).autoV2()).isEqualTo("ba7816bf8f");
    }

    @Test
    void filesOfManyBuffersAreReadToTheirEnd() throws Exception {
        byte[] bytes = new byte[(3 << 20) + 17];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(folder.resolve("large"), bytes);
        String expected = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        assertThat(ModelHash.of(file).sha256()).isEqualTo(expected);
    }

    @Test
    void anInterruptStopsItAndStaysSet() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[100]);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> ModelHash.of(file))
                .isInstanceOfSatisfying(CancelledException.class,
                        e -> assertThat(e.reason()).isEqualTo(CancelledException.Reason.INTERRUPTED));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatIsNoFileIsRefused() {
        assertThatThrownBy(() -> ModelHash.of(folder)).isInstanceOf(CheckpointException.class).hasMessageContaining("directory");
        assertThatThrownBy(() -> ModelHash.of(folder.resolve("none"))).hasMessageContaining("none").hasMessageContaining("not exist");
    }

    @Test
    void digitsAreCheckedAndKeptInLowerCase() {
        assertThat(new ModelHash("AB".repeat(32)).sha256()).isEqualTo("ab".repeat(32));
        assertThatThrownBy(() -> new ModelHash("ab")).isInstanceOf(InvalidRequestException.class).hasMessageContaining("'ab'");
    }
}
