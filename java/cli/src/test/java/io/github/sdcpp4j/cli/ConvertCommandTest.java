package io.github.sdcpp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.CheckpointInfo;
import io.github.sdcpp4j.ModelKind;
import io.github.sdcpp4j.testkit.PartFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertCommandTest {

    private static String control;

    @TempDir
    private Path folder;

    @BeforeAll
    static void writeModel() {
        control = PartFiles.controlNet(Path.of(System.getProperty("sdcpp4j.fixtures"))).toString();
    }

    private static void assertSentence(CommandRun run, int code, String... parts) {
        assertThat(run.code()).as(run.err()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines()).hasSize(1);
        assertThat(run.err()).startsWith("error: ").contains(parts);
    }

    @Test
    void aModelIsWrittenAndBothSizesAreTold() throws IOException {
        Path output = folder.resolve("control.gguf");
        CommandRun run = CommandRun.of("convert", "-m", control, "-o", output.toString(), "--type", "q8_0");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.errLines()).satisfiesExactly(
                line -> assertThat(line).startsWith("loaded in "), line -> assertThat(line).startsWith("written in "));
        assertThat(run.outLines()).singleElement().asString().startsWith(output + "  ").containsSubsequence(
                Words.bytes(Files.size(Path.of(control))), " -> ", Words.bytes(Files.size(output)));
        assertThat(CheckpointInfo.read(output).kind()).isEqualTo(ModelKind.CONTROL_NET);
    }

    @Test
    void onATerminalThereAreBars() {
        CommandRun run = CommandRun.on(() -> 100, "convert", "-m", control, "-o", folder.resolve("control.safetensors").toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).containsSubsequence("load ", "write");
    }

    @Test
    void whatIsWrongIsSaidBeforeAnythingIsRead() {
        assertSentence(CommandRun.of("convert", "-o", folder.resolve("x.gguf").toString()), 2, "-m", "--demo");
        assertSentence(CommandRun.of("convert", "--demo", "-m", control), 2, "-m", "--demo");
        assertSentence(CommandRun.of("convert", "-m", "missing.safetensors", "-o", "x.ckpt"), 2, "x.ckpt", ".gguf", ".safetensors");
        assertSentence(CommandRun.of("convert", "-m", "missing.safetensors", "-o", "x.safetensors", "--type", "q8_0"), 2, "q8_0", ".gguf");
        assertSentence(CommandRun.of("convert", "-m", "missing.safetensors", "--tensor-type-rules", "attn=q9"), 2, "attn=q9");
        assertSentence(CommandRun.of("convert", "-m", "missing.safetensors", "-o", folder.resolve("no/x.gguf").toString()), 2, "no");
        assertSentence(CommandRun.of("convert", "-m", "missing.safetensors", "-o", folder.resolve("x.gguf").toString()), 1, "missing.safetensors");
        assertSentence(CommandRun.of("convert", "-m", control, "-o", control), 2, "is the file that is read");
    }
}
