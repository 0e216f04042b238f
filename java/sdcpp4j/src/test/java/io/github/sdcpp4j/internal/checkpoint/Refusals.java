package io.github.sdcpp4j.internal.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.sdcpp4j.CheckpointException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractStringAssert;

/** What the tests of refusals share. */
final class Refusals {

    private Refusals() {
    }

    static Path write(Path directory, String name, byte[] content) {
        try {
            return Files.write(directory.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asserts that the file is refused, in one sentence that names it, and goes on with that sentence. */
    static AbstractStringAssert<?> assertRefusal(Path file) {
        Throwable thrown = catchThrowable(() -> CheckpointHeader.read(file));
        assertThat(thrown).isExactlyInstanceOf(CheckpointException.class);
        return assertThat(thrown.getMessage())
                .startsWith("Cannot use the model file '" + file + "': ")
                .endsWith(".")
                .doesNotContain("\n")
                .hasSizeLessThan(1_000);
    }
}
