package io.github.sdcpp4j.internal.checkpoint;

import static io.github.sdcpp4j.internal.checkpoint.Refusals.assertRefusal;
import static io.github.sdcpp4j.internal.checkpoint.Refusals.write;
import static io.github.sdcpp4j.internal.checkpoint.SafetensorsBytes.file;
import static io.github.sdcpp4j.internal.checkpoint.SafetensorsBytes.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsReaderTest {

    @TempDir
    private Path directory;

    private CheckpointHeader read(byte[] content) {
        // The name says nothing on purpose: the content decides.
        return CheckpointHeader.read(write(directory, "model.bin", content));
    }

    private AbstractStringAssert<?> assertRefusalOf(byte[] content) {
        return assertRefusal(write(directory, "model.safetensors", content));
    }

    private AbstractStringAssert<?> assertRefusalOf(String members, int dataBytes) {
        return assertRefusalOf(file("{" + members + "}", dataBytes));
    }

    @Test
    void readsTensorsAndMetadata() {
        byte[] content = SafetensorsBytes.valid();

        CheckpointHeader header = read(content);

        long dataStart = content.length - 16;
        assertThat(header.format()).isEqualTo(CheckpointFormat.SAFETENSORS);
        assertThat(header.fileSize()).isEqualTo(content.length);
        assertThat(header.metadata()).containsExactly(entry("format", "pt"));
        assertThat(header.tensors()).containsExactly(
                new TensorInfo("a.weight", "F16", List.of(2L, 3L), dataStart, 12),
                new TensorInfo("b", "F32", List.of(1L), dataStart + 12, 4));
        assertThat(header.parameterCount()).isEqualTo(7);
        assertThat(header.dtypeHistogram()).isEqualTo(Map.of("F16", 1, "F32", 1));
    }

    @Test
    void readsPaddingScalarsEmptyTensorsGapsAndTensorsInAnyOrder() {
        CheckpointHeader header = read(file("{" + tensor("late", "F8_E4M3", "[4]", "[8, 12]") + ","
                + tensor("scalar", "F32", "[]", "[0,4]") + ","
                + tensor("none", "F8_E5M2", "[0]", "[4,4]") + "}    \n", 12));

        assertThat(header.tensors()).extracting(TensorInfo::name).containsExactly("late", "scalar", "none");
        assertThat(header.parameterCount()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"F64, 8", "F32, 4", "F16, 2", "BF16, 2", "F8_E4M3, 1", "F8_E5M2, 1", "I64, 8", "I32, 4", "U8, 1"})
    void knowsTheTypesThatTheNativeRuntimeReads(String dtype, int bytes) {
        CheckpointHeader header = read(file("{" + tensor("t", dtype, "[3]", "[0," + 3 * bytes + "]") + "}", 3 * bytes));

        assertThat(header.tensors().getFirst().length()).isEqualTo(3L * bytes);
        assertThat(header.dtypeHistogram()).containsOnlyKeys(dtype);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"n\":1,\"list\":[1,2],\"none\":null}"})
    void toleratesMetadataThatIsNotText(String metadata) {
        assertThat(read(file("{\"__metadata__\":" + metadata + "," + tensor("t", "F16", "[1]", "[0,2]") + "}", 2))
                .tensors()).hasSize(1);
    }

    @Test
    void keepsNamesOutsideAscii() {
        assertThat(read(file("{" + tensor("größe\\u00e9\\ud83e\\udd8a", "F16", "[1]", "[0,2]") + "}", 2)).tensors()
                .getFirst().name()).isEqualTo("größeé🦊");
    }

    @ParameterizedTest
    @CsvSource({"-1, 18446744073709551615", "4611686018427387904, 4611686018427387904", "100000001, 100000001"})
    void refusesAHeaderLengthBomb(long claim, String shown) {
        assertRefusalOf(file(claim, "{}".getBytes(StandardCharsets.UTF_8), 0)).contains("claims " + shown + " bytes")
                .contains("at most 100000000").contains("download it again");
    }

    @Test
    void refusesAFileThatEndsWithinItsHeader() {
        byte[] cut = Arrays.copyOf(SafetensorsBytes.valid(), 60);
        int promised = SafetensorsBytes.valid().length - 16;

        assertRefusalOf(cut).contains("truncated: the header promises " + promised + " bytes, the file has 60;")
                .contains("download it again");
    }

    @Test
    void refusesAFileThatEndsWithinItsData() {
        byte[] valid = SafetensorsBytes.valid();

        assertRefusalOf(Arrays.copyOf(valid, valid.length - 1))
                .contains("truncated: the header promises %d bytes, the file has %d; download it again"
                        .formatted(valid.length, valid.length - 1));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', value = {
        "hello, no json | expected a value, found 'h'", "{`a`:1,} | expected", "{{} | expected a key",
        "{} {} | something follows the value"})
    void refusesAHeaderThatIsNotJson(String header, String reason) {
        assertRefusalOf(file(header, 0)).contains("header of " + header.length() + " bytes is not valid JSON")
                .contains(reason).contains("at byte").contains("download it again");
    }

    @Test
    void refusesAHeaderThatIsNotUtf8() {
        byte[] header = ("{" + tensor("x?", "F16", "[1]", "[0,2]") + "}").getBytes(StandardCharsets.UTF_8);
        header[3] = (byte) 0xff;

        assertRefusalOf(file(header, 2)).contains("not valid UTF-8").contains("download it again");
    }

    @Test
    void refusesAKeyThatOccursTwice() {
        String twin = tensor("twin", "F16", "[1]", "[0,2]");

        assertRefusalOf(twin + "," + twin, 2).contains("'twin' occurs twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "\"text\"", "null"})
    void refusesAHeaderThatIsNoObject(String header) {
        assertRefusalOf(file(header + "          ", 0)).contains("not a JSON object but").contains("download it again");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', value = {
        "{\"shape\":[1],\"data_offsets\":[0,2]} | has no dtype",
        "{\"dtype\":\"F16\",\"data_offsets\":[0,2]} | has no shape",
        "{\"dtype\":\"F16\",\"shape\":[1]} | has no data_offsets",
        "{\"dtype\":5,\"shape\":[1],\"data_offsets\":[0,2]} | dtype 5, not a name",
        "{\"dtype\":\"F16\",\"shape\":4,\"data_offsets\":[0,2]} | shape 4, not an array",
        "{\"dtype\":\"F16\",\"shape\":[\"1\"],\"data_offsets\":[0,2]} | '1' is not a whole number",
        "{\"dtype\":\"F16\",\"shape\":[1.0],\"data_offsets\":[0,2]} | 1.0 is not a whole number",
        "{\"dtype\":\"F16\",\"shape\":[-1],\"data_offsets\":[0,2]} | -1 is not a whole number",
        "{\"dtype\":\"F16\",\"shape\":[9223372036854775808],\"data_offsets\":[0,2]} | not a whole number",
        "{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0]} | data_offsets [0]",
        "{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2,4]} | data_offsets [0, 2, 4]",
        "{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[2,0]} | data_offsets [2, 0]",
        "{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[-2,0]} | -2 is not a whole number",
        "{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,2]} | 2 bytes, but F16 [3] takes 6",
        "[1] | not described by a JSON object but by [1]"})
    void refusesABadDescription(String description, String reason) {
        assertRefusalOf("\"layer.0\":" + description, 8).contains("the tensor 'layer.0'").contains(reason)
                .contains("download it again");
    }

    @Test
    void tellsAnUnusableTypeFromAnUnknownOne() {
        assertRefusalOf(tensor("t", "BOOL", "[2]", "[0,2]"), 2).contains("'BOOL', which the native runtime cannot read")
                .contains("F16, BF16 or F32 version");
        assertRefusalOf(tensor("t", "F17", "[2]", "[0,2]"), 2).contains("unknown dtype 'F17'")
                .contains("F16, BF16 or F32 version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[4294967296,4294967296]", "[9223372036854775807,2]", "[4611686018427387904]"})
    void refusesAShapeThatOverflows(String shape) {
        assertRefusalOf(tensor("t", "F16", shape, "[0,0]"), 0).contains("the tensor 't'")
                .contains(shape.replace(",", ", ")).contains("more elements than any file can hold");
    }

    @Test
    void refusesOffsetsThatOverflow() {
        assertRefusalOf(tensor("t", "F16", "[1]", "[9223372036854775805,9223372036854775807]"), 2)
                .contains("9223372036854775805").contains("more than any file can hold");
    }

    @Test
    void refusesTooManyDimensions() {
        assertRefusalOf(tensor("t", "F16", "[1,1,1,1,1,1]", "[0,2]"), 2).contains("6 dimensions")
                .contains("at most 5");
    }

    @Test
    void refusesTensorsThatOverlap() {
        assertRefusalOf(tensor("a", "F16", "[4]", "[0,8]") + "," + tensor("b", "F16", "[4]", "[6,14]"), 14)
                .contains("'a'").contains("'b'").contains("overlap").contains("download it again");
    }

    @Test
    void refusesAHeaderWithoutTensors() {
        assertRefusalOf("\"__metadata__\":{\"format\":\"pt\"}", 8).contains("no tensors").contains("model's weights");
    }

    @Test
    void refusesMetadataThatIsNoObject() {
        assertRefusalOf("\"__metadata__\":\"pt\"", 8).contains("__metadata__").contains("'pt'");
    }

    @Test
    void cutsALongNameInTheMessage() {
        assertRefusalOf("\"" + "n".repeat(50_000) + "\":1", 0).contains("nnn...'");
        assertRefusalOf("\"line\\nbreak\":1", 0).contains("'line break'");
        String many = "1" + ",1".repeat(200);
        assertRefusalOf(tensor("t", "F16", "[" + many + "]", "[0,2]"), 2).contains("[201 numbers]");
    }

    @Test
    void refusesMoreValuesThanAnyModelNeeds() {
        assertRefusalOf(file("[" + "[],".repeat(300_000) + "1]", 0)).contains("more than 200000 values");
    }

    @Test
    void refusesMoreTensorsThanAnyModelHas() {
        var members = new StringBuilder();
        for (int i = 0; i < 16_385; i++) {
            members.append(i == 0 ? "" : ",").append(tensor("t" + i, "F16", "[0]", "[0,0]"));
        }

        assertRefusalOf(members.toString(), 0).contains("more than 16384 tensors");
    }
}
