package io.github.sdcpp4j.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.CancelledException.Reason;
import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.Previews;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.Scheduler;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.WorkerException;
import io.github.sdcpp4j.WorkerOptions;
import io.github.sdcpp4j.internal.CancelToken;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.support.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.CodeSource;
import java.security.cert.Certificate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkerPartsTest {

    @Test
    void aChildThatDoesNotAnswerACancelIsKilledAndReplaced() {
        TextToImage request = TextToImage.builder().size(64, 64).steps(1).seed(1)
                .sampler(Sampler.EULER).scheduler(Scheduler.DISCRETE).build();
        CancelToken token = new CancelToken();
        WorkerEngine engine = WorkerEngine.load(
                StableDiffusion.builder(Models.smallSd1()).worker().build(), token, Duration.ofMillis(500));
        try {
            ProcessHandle stuck = Workers.only();
            ProgressListener freeze = progress -> {
                if (progress.phase() == Phase.SAMPLE) {
                    Workers.signal(stuck, "STOP");
                    token.cancel(Reason.DEADLINE);
                }
            };
            assertThatThrownBy(() -> engine.generate(request, freeze, Previews.NONE, token))
                    .isInstanceOfSatisfying(CancelledException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DEADLINE));
            assertThat(Workers.ended(stuck)).isTrue();
            assertThat(engine.generate(request, ProgressListener.NONE, Previews.NONE, new CancelToken()).images()).hasSize(1);
        } finally {
            engine.close();
        }
    }

    @Test
    void sharedMemoryIsTheOwnersAloneLosesItsNameAndGrows() throws Exception {
        Path file;
        try (SharedPixels parent = SharedPixels.create()) {
            file = parent.file();
            if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
            }
            try (SharedPixels child = SharedPixels.open(file)) {
                for (long bytes : new long[] {100, 20L << 20, 5000}) {
                    parent.reserve(bytes);
                    try (Arena arena = Arena.ofConfined()) {
                        MemorySegment here = parent.map(bytes, arena);
                        MemorySegment there = child.map(bytes, arena);
                        here.set(ValueLayout.JAVA_BYTE, bytes - 1, (byte) bytes);
                        assertThat(there.get(ValueLayout.JAVA_BYTE, bytes - 1)).isEqualTo((byte) bytes);
                    }
                    parent.trim();
                }
            }
        }
        assertThat(file).doesNotExist();
    }

    private static CodeSource source(String location) throws Exception {
        return new CodeSource(URI.create(location).toURL(), (Certificate[]) null);
    }

    @Test
    void theClassPathIsWhereThisLibraryWasLoadedFrom() throws Exception {
        Path folder = Files.createTempDirectory("with space ü");
        try {
            assertThat(WorkerCommand.fromCodeSource(source(folder.toUri().toString())))
                    .containsExactly("-cp", folder.toString(), WorkerMain.class.getName());
        } finally {
            Files.delete(folder);
        }
        assertThat(WorkerCommand.fromCodeSource(source("jrt:/io.github.sdcpp4j")))
                .containsExactly("-m", "io.github.sdcpp4j/" + WorkerMain.class.getName());
        for (CodeSource odd : new CodeSource[] {
            null, source("jar:file:/app.jar!/BOOT-INF/lib/sdcpp4j.jar"), source("file:/no/such.jar"), source("http://host/a.jar")
        }) {
            assertThatThrownBy(() -> WorkerCommand.fromCodeSource(odd))
                    .isInstanceOf(WorkerException.class)
                    .hasMessageContaining("WorkerOptions.withClassPath");
        }
    }

    @Test
    void theUsersJvmOptionsComeAfterOurs() {
        var command = WorkerCommand.of(
                WorkerOptions.defaults().withJvmOptions("-XX:+CreateCoredumpOnCrash").withClassPath("a.jar"),
                Path.of("/lib"));
        assertThat(command).endsWith("-XX:+CreateCoredumpOnCrash", "-cp", "a.jar", WorkerMain.class.getName());
    }
}
