package io.github.sdcpp4j.internal.checkpoint;

import static io.github.sdcpp4j.internal.checkpoint.GgufBytes.ARRAY;
import static io.github.sdcpp4j.internal.checkpoint.GgufBytes.STRING;
import static io.github.sdcpp4j.internal.checkpoint.GgufBytes.UINT32;
import static io.github.sdcpp4j.internal.checkpoint.GgufBytes.UINT64;
import static io.github.sdcpp4j.internal.checkpoint.GgufBytes.UINT8;
import static io.github.sdcpp4j.internal.checkpoint.Refusals.assertRefusal;
import static io.github.sdcpp4j.internal.checkpoint.Refusals.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufReaderTest {

    private static final int F16 = GgmlType.F16.id();

    @TempDir
    private Path directory;

    private CheckpointHeader read(byte[] content) {
        return CheckpointHeader.read(write(directory, "model.bin", content));
    }

    private AbstractStringAssert<?> assertRefusalOf(byte[] content) {
        return assertRefusal(write(directory, "model.gguf", content));
    }

    @Test
    void readsTensorsAndMetadata() {
        byte[] content = GgufBytes.valid();

        CheckpointHeader header = read(content);

        long dataStart = content.length - 66;
        assertThat(dataStart % 32).isZero();
        assertThat(header.format()).isEqualTo(CheckpointFormat.GGUF);
        assertThat(header.metadata()).containsExactly(entry("general.name", "tiny"), entry("general.file_type", "1"),
                entry("tokens", "(array of 2 string)"), entry("scores", "(array of 3 uint32)"));
        assertThat(header.tensors()).containsExactly(
                new TensorInfo("a.weight", "F16", List.of(3L, 2L), dataStart, 12),
                new TensorInfo("b", "Q8_0", List.of(1L, 32L), dataStart + 32, 34));
        assertThat(header.parameterCount()).isEqualTo(38);
        assertThat(header.dtypeHistogram()).isEqualTo(Map.of("F16", 1, "Q8_0", 1));
    }

    @Test
    void readsEveryKindOfMetadata() {
        CheckpointHeader header = read(new GgufBytes()
                .key("u8", 0, out -> out.i8(255)).key("i8", 1, out -> out.i8(-1))
                .key("u16", 2, out -> out.i16(65_535)).key("i16", 3, out -> out.i16(-1))
                .key("u32", 4, out -> out.i32(-1)).key("i32", 5, out -> out.i32(-1))
                .key("f32", 6, out -> out.i32(Float.floatToIntBits(1.5f))).key("bool", 7, out -> out.i8(1))
                .key("u64", 10, out -> out.i64(-1)).key("i64", 11, out -> out.i64(-1))
                .key("f64", 12, out -> out.i64(Double.doubleToLongBits(2.5)))
                .key("long", STRING, out -> out.text("x".repeat(1_048_577)))
                .tensor("größe", F16, 0).bytes(2));

        assertThat(header.metadata().values()).containsExactly("255", "-1", "65535", "-1", "4294967295", "-1", "1.5",
                "true", "18446744073709551615", "-1", "2.5", "(string of 1048577 bytes)");
        assertThat(header.tensors().getFirst().name()).isEqualTo("größe");
        assertThat(header.tensors().getFirst().shape()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(GgmlType.class)
    void knowsTheSizeOfEveryType(GgmlType type) {
        int elements = 3 * type.blockElements();
        byte[] content = new GgufBytes().tensor("t", type.id(), 0, elements, 2).bytes(6 * type.blockBytes());

        assertThat(read(content).tensors().getFirst().length()).isEqualTo(6L * type.blockBytes());
        assertRefusalOf(Arrays.copyOf(content, content.length - 1)).contains("truncated");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 32, 64, 4096})
    void followsTheAlignment(int alignment) {
        CheckpointHeader header = read(new GgufBytes().alignment(alignment).tensor("a", F16, 0, 2)
                .tensor("b", F16, alignment, 2).bytes(alignment + 4));

        assertThat(header.tensors()).extracting(tensor -> tensor.offset() % alignment).containsOnly(0L);
        assertThat(header.tensors().getLast().offset()).isEqualTo(header.fileSize() - 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void readsTheKnownVersions(int version) {
        assertThat(read(new GgufBytes().version(version).tensor("t", F16, 0, 1).bytes(2)).tensors()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, convert the original model", "0, 0, versions 2 and 3", "4, 4, versions 2 and 3",
        "50331648, 50331648, little-endian file", "-1, 4294967295, versions 2 and 3"})
    void refusesOtherVersions(int version, String shown, String remedy) {
        assertRefusalOf(new GgufBytes().version(version).tensor("t", F16, 0, 1).bytes(2))
                .contains("GGUF version " + shown).contains(remedy);
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807, 0, 9223372036854775807 tensors, no model has more than 16384",
        "-1, 0, 18446744073709551615 tensors, no model has more than 16384",
        "5, 0, 5 tensors, too many for a file of 112 bytes",
        "0, -1, 18446744073709551615 metadata keys, no model has more than 16384",
        "0, 1000, 1000 metadata keys, too many for a file of 112 bytes"})
    void refusesCountBombs(long tensors, long keys, String shown, String reason) {
        assertRefusalOf(new GgufBytes().counts(tensors, keys).bytes(80)).contains("claims " + shown).contains(reason)
                .contains("download it again");
    }

    @Test
    void refusesMoreTensorsThanAnyModelHasEvenInAHugeFile() throws IOException {
        Path file = write(directory, "huge.gguf", new GgufBytes().counts(16_385, 0).bytes(0));
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 32);
        }

        assertRefusal(file).contains("16385 tensors").contains("more than 16384");
    }

    @Test
    void refusesAHeaderThatIsLongerThanAnyModelNeeds() throws IOException {
        // 49 bytes precede the array, which ends where the header must have ended.
        Path file = write(directory, "huge.gguf",
                new GgufBytes().key("k", ARRAY, out -> out.i32(UINT8).i64((256L << 20) - 49)).counts(1, 2).bytes(0));
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 32);
        }

        assertRefusal(file).contains("longer than 268435456 bytes").contains("download it again");
    }

    @ParameterizedTest
    @CsvSource({"9223372036854775807, 9223372036854775807", "-1, 18446744073709551615", "1000, 1000"})
    void refusesStringBombs(long claim, String shown) {
        assertRefusalOf(new GgufBytes().counts(1, 0).rawTensor(out -> out.i64(claim)).counts(1, 0).bytes(64))
                .contains("name of tensor 0 claims " + shown + " bytes").contains("download it again");
        assertRefusalOf(new GgufBytes().key("k", STRING, out -> out.i64(claim)).bytes(64))
                .contains("'k' claims " + shown + " bytes").contains("download it again");
        assertRefusalOf(new GgufBytes().key("k", ARRAY, out -> out.i32(STRING).i64(2).text("").i64(claim)).bytes(64))
                .contains("element 1").contains("'k' claims " + shown + " bytes");
    }

    @Test
    void refusesANameThatIsTooLongOrNotUtf8() {
        assertRefusalOf(new GgufBytes().tensor("n".repeat(65_536), F16, 0, 1).bytes(2)).contains("65536 bytes")
                .contains("at most 65535");
        assertRefusalOf(new GgufBytes().rawTensor(out -> out.i64(1).i8(0xff).i32(0).i32(F16).i64(0)).bytes(2))
                .contains("name of tensor 0 is not valid UTF-8");
    }

    @Test
    void refusesMoreTextThanAnyModelNeeds() {
        var builder = new GgufBytes();
        String name = "n".repeat(65_000);
        for (int i = 0; i < 260; i++) {
            builder.tensor(name + i, F16, 0, 1);
        }

        assertRefusalOf(builder.bytes(2)).contains("more than 16777216 bytes of names");
    }

    @Test
    void describesValuesPastTheBudgetInsteadOfRefusing() {
        var builder = new GgufBytes();
        String value = "v".repeat(1_000_000);
        for (int i = 0; i < 20; i++) {
            builder.key("k" + i, STRING, out -> out.text(value));
        }

        CheckpointHeader header = read(builder.tensor("t", F16, 0, 1).bytes(2));

        assertThat(header.metadata()).hasSize(20).containsEntry("k0", value)
                .containsEntry("k19", "(string of 1000000 bytes)");
    }

    @ParameterizedTest
    @CsvSource({"9223372036854775807, 4, 9223372036854775807", "-1, 8, 18446744073709551615", "100, 12, 100"})
    void refusesArrayBombs(long claim, int type, String shown) {
        assertRefusalOf(new GgufBytes().key("k", ARRAY, out -> out.i32(type).i64(claim)).bytes(64))
                .contains("'k' claims an array of " + shown + " values");
    }

    @Test
    void refusesArraysOfArraysUnknownTypesAndTwins() {
        assertRefusalOf(new GgufBytes().key("k", ARRAY, out -> out.i32(ARRAY).i64(1)).bytes(64))
                .contains("'k' holds an array of arrays");
        assertRefusalOf(new GgufBytes().key("k", 13, out -> out.i64(1)).bytes(64))
                .contains("'k' has the unknown type 13");
        assertRefusalOf(new GgufBytes().key("k", UINT8, out -> out.i8(1)).key("k", UINT8, out -> out.i8(1)).bytes(9))
                .contains("'k' occurs twice");
        assertRefusalOf(new GgufBytes().tensor("t", F16, 0, 1).tensor("t", F16, 32, 1).bytes(64))
                .contains("'t' occurs twice");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 33, -1})
    void refusesAnAlignmentThatIsNoPowerOfTwo(int alignment) {
        assertRefusalOf(new GgufBytes().key("general.alignment", UINT32, out -> out.i32(alignment))
                .tensor("t", F16, 0, 1).bytes(64))
                .contains("general.alignment is " + Integer.toUnsignedString(alignment)).contains("power of two");
    }

    @Test
    void refusesAnAlignmentOfAnotherType() {
        assertRefusalOf(new GgufBytes().key("general.alignment", UINT64, out -> out.i64(32)).tensor("t", F16, 0, 1)
                .bytes(64)).contains("general.alignment has the type uint64, not uint32");
    }

    @Test
    void refusesTooManyDimensions() {
        assertRefusalOf(new GgufBytes().tensor("t", F16, 0, 1, 1, 1, 1, 1).bytes(64)).contains("'t' has 5 dimensions")
                .contains("at most 4");
        assertRefusalOf(new GgufBytes().rawTensor(out -> out.text("t").i32(-1)).bytes(64))
                .contains("'t' has 4294967295 dimensions");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "-1, 1"})
    void refusesDimensionsThatGgmlWouldDivideBy(long inner, long outer) {
        assertRefusalOf(new GgufBytes().tensor("t", F16, 0, inner, outer).bytes(64))
                .contains("'t' has the shape [" + outer + ", " + inner + "]").contains("at least 1");
    }

    @ParameterizedTest
    @CsvSource({"4294967296, 4294967296", "9223372036854775807, 1", "2, 4611686018427387904"})
    void refusesAShapeThatOverflows(long inner, long outer) {
        assertRefusalOf(new GgufBytes().tensor("t", F16, 0, inner, outer).bytes(64))
                .contains("[" + outer + ", " + inner + "]").contains("more elements than any file can hold");
    }

    @Test
    void refusesRowsThatAreNoWholeBlocks() {
        assertRefusalOf(new GgufBytes().tensor("t", GgmlType.Q4_K.id(), 0, 128, 2).bytes(144))
                .contains("'t' has rows of 128 elements").contains("Q4_K comes in blocks of 256");
    }

    @ParameterizedTest
    @CsvSource({"4, removed", "31, removed", "38, removed", "42, unknown", "-1, unknown"})
    void refusesOtherTypes(int type, String kind) {
        assertRefusalOf(new GgufBytes().tensor("t", type, 0, 1).bytes(64))
                .contains("type " + Integer.toUnsignedString(type)).contains(kind).containsAnyOf("convert", "download");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "-32, 18446744073709551584"})
    void refusesAnOffsetOffTheAlignment(long offset, String shown) {
        assertRefusalOf(new GgufBytes().tensor("t", F16, offset, 1).bytes(64)).contains("'t' has the offset " + shown)
                .contains("alignment 32");
    }

    @Test
    void refusesAnOffsetThatOverflows() {
        assertRefusalOf(new GgufBytes().tensor("t", F16, Long.MAX_VALUE - 31, 1).bytes(64))
                .contains("9223372036854775776").contains("more than any file can hold");
    }

    @Test
    void refusesTensorsThatOverlap() {
        assertRefusalOf(new GgufBytes().tensor("a", F16, 0, 20).tensor("b", F16, 32, 1).bytes(64)).contains("'a'")
                .contains("'b'").contains("overlap");
    }

    @Test
    void refusesAFileThatEndsWithinItsData() {
        byte[] valid = GgufBytes.valid();

        assertRefusalOf(Arrays.copyOf(valid, valid.length - 1))
                .contains("truncated: the header promises %d bytes, the file has %d; download it again"
                        .formatted(valid.length, valid.length - 1));
    }

    @Test
    void refusesAFileThatEndsWithinItsHeader() {
        byte[] valid = GgufBytes.valid();
        for (int length = 4; length < valid.length - 66; length++) {
            assertRefusalOf(Arrays.copyOf(valid, length)).contains("truncated").contains("download it again");
        }
        assertRefusalOf(Arrays.copyOf(valid, 20)).contains("2 tensors, too many for a file of 20 bytes");
        assertRefusalOf(Arrays.copyOf(valid, 10)).contains("the file ends, after 10 bytes");
    }

    @Test
    void refusesAFileWithoutTensors() {
        assertRefusalOf(new GgufBytes().key("k", UINT32, out -> out.i32(1)).bytes(64)).contains("no tensors");
    }

    @Test
    void readsTheLargestAlignmentWithoutAllocatingIt() {
        byte[] content = new GgufBytes().key("general.alignment", UINT32, out -> out.i32(1 << 31))
                .tensor("t", F16, 0, 1).bytes(2);

        assertRefusalOf(content).contains("promises " + ((1L << 31) + 2) + " bytes, the file has " + content.length);
    }
}
