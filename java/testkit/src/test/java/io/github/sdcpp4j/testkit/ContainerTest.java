package io.github.sdcpp4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContainerTest {

    private static final TensorFile TINY = new TensorFile(Map.of("title", "a b"), List.of(
            new Tensor("ids", DataType.I64, List.of(1, 2), index -> index),
            new Tensor("half", DataType.F16, List.of(3, 2), index -> index + 0.5f),
            new Tensor("hole", DataType.F16, List.of(4, 1000), Values.ZERO),
            new Tensor("end", DataType.F32, List.of(3), Values.ZERO)));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Container.class)
    void theLengthIsKnownBeforehand(Container container) throws IOException {
        Path path = directory.resolve("tiny" + container.extension());
        Checkpoint checkpoint = TINY.write(path, container);
        assertThat(path).hasSize(checkpoint.bytes());
        assertThat(Container.of(path)).isEqualTo(container);
    }

    @Test
    void ggufHasItsDimensionsReversedAndItsDataAligned() throws IOException {
        Path path = directory.resolve("tiny.gguf");
        TINY.write(path, Container.GGUF);
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(text(file, 4)).isEqualTo("GGUF");
        assertThat(file.getInt()).isEqualTo(3);
        assertThat(file.getLong()).isEqualTo(4);
        assertThat(file.getLong()).isEqualTo(3);
        assertThat(text(file)).isEqualTo("general.architecture");
        assertThat(file.getInt()).isEqualTo(8);
        assertThat(text(file)).isEqualTo("sd1");
        assertThat(text(file)).isEqualTo("general.alignment");
        assertThat(file.getLong()).isEqualTo(4 + (32L << 32));
        assertThat(text(file)).isEqualTo("title");
        assertThat(file.getInt()).isEqualTo(8);
        assertThat(text(file)).isEqualTo("a b");
        assertTensor(file, "ids", 27, 0, 2, 1);
        assertTensor(file, "half", 1, 32, 2, 3);
        assertTensor(file, "hole", 1, 64, 1000, 4);
        assertTensor(file, "end", 0, 64 + 8000, 3);
        int data = (file.position() + 31) / 32 * 32;
        assertThat(file.limit() - data).isEqualTo(64 + 8000 + 32);
        assertThat(file.getLong(data + 8)).isOne();
        assertThat(Float.float16ToFloat(file.getShort(data + 32 + 10))).isEqualTo(5.5f);
    }

    @Test
    void torchArchiveHasRightChecksumsAndAlignedData() throws IOException {
        Path path = directory.resolve("tiny.ckpt");
        TINY.write(path, Container.CKPT);
        Map<String, byte[]> entries = new LinkedHashMap<>();
        // Reading an entry to its end compares sizes and checksum.
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(path))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        assertThat(entries).containsOnlyKeys("archive/data.pkl", "archive/data/0", "archive/data/1", "archive/data/2",
                "archive/data/3", "archive/version");
        assertThat(entries.get("archive/data/2")).isEqualTo(new byte[8000]);
        assertThat(entries.get("archive/data/1")).hasSize(12).endsWith(half(5.5f));
        byte[] file = Files.readAllBytes(path);
        String latin = new String(file, StandardCharsets.ISO_8859_1);
        assertThat(latin.indexOf(new String(entries.get("archive/data.pkl"), StandardCharsets.ISO_8859_1)) % 64)
                .isZero();
    }

    @Test
    void pickleDescribesTheTensors() {
        byte[] pickle = StateDictPickle.of("state_dict", StateDictPickle.items(List.of(
                new Tensor("w", DataType.F16, List.of(300, 2), Values.ZERO)))).toByteArray();
        assertThat(new String(pickle, StandardCharsets.ISO_8859_1)).isEqualTo("\u0080\2}("
                + "X\n\0\0\0state_dictccollections\nOrderedDict\nq\0)R("
                + "X\1\0\0\0wctorch._utils\n_rebuild_tensor_v2\nq\1"
                + "((X\7\0\0\0storageq\2ctorch\nHalfStorage\nq\3X\1\0\0\0000X\3\0\0\0cpuq\4M\u0058\2tQ"
                + "K\0(M\u002c\1K\2t(K\2K\1t\u0089h\0)RtRuu.");
    }

    @Test
    void whatAFormatCannotHoldIsRefused() {
        TensorFile longName = TINY.map(tensor ->
                new Tensor("n".repeat(128), tensor.type(), tensor.shape(), tensor.values()));
        assertThatIllegalArgumentException().isThrownBy(() -> Container.GGUF.fileBytes(longName));
        TensorFile large = new TensorFile(Map.of(),
                List.of(new Tensor("w", DataType.F32, List.of(1 << 30), Values.ZERO)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> large.write(directory.resolve("large.ckpt"), Container.CKPT))
                .withMessageContaining("Zip64");
        assertThat(directory).isEmptyDirectory();
    }

    private static void assertTensor(ByteBuffer file, String name, int type, long offset, long... dimensions) {
        assertThat(text(file)).isEqualTo(name);
        assertThat(file.getInt()).isEqualTo(dimensions.length);
        for (long dimension : dimensions) {
            assertThat(file.getLong()).isEqualTo(dimension);
        }
        assertThat(file.getInt()).isEqualTo(type);
        assertThat(file.getLong()).isEqualTo(offset);
    }

    private static String text(ByteBuffer file) {
        return text(file, (int) file.getLong());
    }

    private static String text(ByteBuffer file, int length) {
        byte[] bytes = new byte[length];
        file.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] half(float value) {
        return ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(Float.floatToFloat16(value)).array();
    }
}
