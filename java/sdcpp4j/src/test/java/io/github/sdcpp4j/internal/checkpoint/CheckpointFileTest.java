package io.github.sdcpp4j.internal.checkpoint;

import static io.github.sdcpp4j.internal.checkpoint.Refusals.assertRefusal;
import static io.github.sdcpp4j.internal.checkpoint.Refusals.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.sdcpp4j.CheckpointException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFileTest {

    @TempDir
    private Path directory;

    @Test
    void namesAMissingFile() {
        assertRefusal(directory.resolve("absent.safetensors")).contains("does not exist").contains("check the path");
    }

    @Test
    void tellsWhereItLookedForARelativePath() {
        assertRefusal(Path.of("absent.safetensors"))
                .contains("looked at " + Path.of("absent.safetensors").toAbsolutePath());
    }

    @Test
    void refusesADanglingLink() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link.gguf"), directory.resolve("gone.gguf"));

        assertRefusal(link).contains("does not exist");
    }

    @Test
    void followsALink() throws IOException {
        Path target = write(directory, "blob", SafetensorsBytes.valid());
        Path link = Files.createSymbolicLink(directory.resolve("model.safetensors"), target);

        assertThat(CheckpointHeader.read(link).tensors()).hasSize(2);
    }

    @Test
    void asksForTheFileInADirectory() {
        assertRefusal(directory).contains("is a directory").contains("checkpoint file in it");
    }

    @Test
    void recognisesADiffusersFolder() throws IOException {
        Files.writeString(directory.resolve("model_index.json"), "{}");

        assertRefusal(directory).contains("diffusers folder").contains("model_index.json").contains("single file")
                .contains("download");
    }

    @Test
    void refusesAnEmptyFile() {
        assertRefusal(write(directory, "empty.safetensors", new byte[0])).contains("empty (0 bytes)")
                .contains("download it again");
    }

    @Test
    void refusesAnUnreadableFile() {
        Path file = write(directory, "secret.safetensors", SafetensorsBytes.valid());
        assumeThat(file.toFile().setReadable(false)).isTrue();
        assumeThat(Files.isReadable(file)).as("root reads everything").isFalse();

        assertRefusal(file).contains("may not read").contains("permissions");
    }

    @Test
    void refusesADevice() {
        Path device = Path.of("/dev/zero");
        assumeThat(Files.exists(device)).isTrue();

        assertRefusal(device).contains("device").contains("regular file");
    }

    @Test
    void refusesAPathBelowAFile() {
        Path file = write(directory, "file", SafetensorsBytes.valid());

        assertRefusal(file.resolve("model.safetensors")).containsAnyOf("does not exist", "cannot be read");
    }

    @Test
    void refusesAFileInsideAnArchive() throws IOException {
        URI archive = URI.create("jar:" + directory.resolve("a.zip").toUri());
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path file = Files.write(zip.getPath("/model.safetensors"), SafetensorsBytes.valid());

            assertRefusal(file).contains("not on a disk").contains("copy it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"modèle – größe.safetensors", "模型 画像.safetensors", "🦊 emoji.safetensors"})
    void readsNamesOutsideAscii(String name) {
        Path file;
        try {
            file = directory.resolve(name);
        } catch (InvalidPathException e) {
            // A JVM whose sun.jnu.encoding is ASCII has no such path at all.
            assumeThat(e).isNull();
            return;
        }
        write(directory, name, SafetensorsBytes.valid());

        assertThat(CheckpointHeader.read(file).path()).isEqualTo(file);
        write(directory, name, new byte[0]);
        assertRefusal(file).contains("empty");
    }

    @Test
    void turnsAnInterruptIntoARefusalAndKeepsIt() {
        Path file = write(directory, "a.safetensors", SafetensorsBytes.valid());
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> CheckpointHeader.read(file))
                    .withMessageContaining("interrupted").withMessageContaining("try again")
                    .withCauseInstanceOf(ClosedByInterruptException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void rejectsNull() {
        assertThatNullPointerException().isThrownBy(() -> CheckpointHeader.read(null)).withMessage("path");
    }
}
