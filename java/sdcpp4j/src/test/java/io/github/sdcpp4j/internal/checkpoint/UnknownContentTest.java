package io.github.sdcpp4j.internal.checkpoint;

import static io.github.sdcpp4j.internal.checkpoint.Refusals.assertRefusal;
import static io.github.sdcpp4j.internal.checkpoint.Refusals.write;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownContentTest {

    @TempDir
    private Path directory;

    private AbstractStringAssert<?> assertRefusalOf(byte[] content) {
        return assertRefusal(write(directory, "model.safetensors", content));
    }

    private AbstractStringAssert<?> assertRefusalOf(String content) {
        return assertRefusalOf(content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void recognisesAGitLfsPointer() {
        String pointer = """
                version https://git-lfs.github.com/spec/v1
                oid sha256:6ce0161689b3853acaa03779ec93eafe75a02f4ced659bee03f50797806fa2fa
                size 4265146304
                """;

        assertRefusalOf(pointer).contains("Git LFS pointer").contains("a text of " + pointer.length() + " bytes")
                .contains("4265146304 bytes").contains("download the real file").contains("git lfs pull");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<!DOCTYPE html><html><head><title>Sign in</title></head></html>",
        "\uFEFF\n  <html lang=\"en\"><TITLE>\nSign in\n</TITLE>"})
    void recognisesAWebPage(String page) {
        assertRefusalOf(page).contains("web page (HTML)").contains("'Sign in'").contains("expired").contains("login")
                .contains("download it again");
    }

    @Test
    void recognisesAWebPageWithoutTitle() {
        assertRefusalOf("<html>").contains("web page (HTML), not a model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"error\":\"Unauthorized\"}", "[{\"a\": {\"error\": \"Unauthorized\"}}]"})
    void showsTheAnswerOfADownloadSite(String json) {
        assertRefusalOf(json).contains("JSON text").contains("Unauthorized").contains("API token");
    }

    @Test
    void showsOtherText() {
        assertRefusalOf("Größe: 2 GB, see the other site").contains("text file").contains("Größe: 2 GB")
                .contains("safetensors, GGUF").contains("download it again");
    }

    @Test
    void recognisesADownloadThatOnlyReservedItsSpace() {
        assertRefusalOf(new byte[4096]).contains("all zero").contains("interrupted").contains("download it again");
    }

    @Test
    void refusesAFileOfAFewBytes() {
        assertRefusalOf(new byte[] {1, 0, (byte) 0x80}).contains("only 3 bytes").contains("download it again");
    }

    @ParameterizedTest
    @CsvSource({
        "1f8b0800, gzip archive", "377abcaf271c, 7z archive", "526172211a07, RAR archive", "fd377a585a00, xz archive",
        "28b52ffd, zstd archive"})
    void asksToUnpackAnArchive(String start, String name) {
        assertRefusalOf(startingWith(start)).contains(name).contains("unpack it");
    }

    @Test
    void asksToUnpackATarArchive() {
        byte[] tar = startingWith("6d6f64656c2e73616665");
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);

        assertRefusalOf(tar).contains("tar archive").contains("unpack it");
    }

    @ParameterizedTest
    @CsvSource({
        "80027d71, Python pickle, save the state dict", "80049520, Python pickle, safetensors",
        "89504e470d0a1a0a, picture, path of the checkpoint", "ffd8ffe0, picture, path of the checkpoint",
        "894844460d0a1a0a, HDF5, convert it", "6c6d676701000000, old ggml format, convert",
        "746a676703000000, old ggml format, convert"})
    void namesOtherKindsOfFile(String start, String name, String remedy) {
        assertRefusalOf(startingWith(start)).contains(name).contains(remedy);
    }

    @Test
    void showsTheFirstBytesOfAnythingElse() {
        assertRefusalOf(startingWith("7f454c4602ff01ff")).contains("7F 45 4C 46 02 FF 01 FF (\".ELF....\")")
                .contains("safetensors, GGUF").contains("convert it");
    }

    private static byte[] startingWith(String hexadecimal) {
        byte[] start = HexFormat.of().parseHex(hexadecimal);
        byte[] content = new byte[600];
        Arrays.fill(content, start.length, content.length, (byte) 0xff);
        System.arraycopy(start, 0, content, 0, start.length);
        return content;
    }
}
