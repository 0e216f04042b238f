package io.github.sdcpp4j;

import static io.github.sdcpp4j.support.Models.pixels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.support.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a worker process starts, and how it ends when nobody needs it any more. */
class WorkerLoadTest {

    private static final TextToImage REQUEST =
            TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(1).seed(1).build();

    @TempDir
    private Path folder;

    @AfterEach
    void nothingStaysBehind() {
        assertThat(Workers.all(ProcessHandle.current())).isEmpty();
        assertThat(Workers.sharedFiles()).isEmpty();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName).noneMatch(name -> name.startsWith("sdcpp4j worker"));
    }

    private static LoadOptions.Builder options(WorkerOptions worker) {
        return StableDiffusion.builder(Models.smallSd1()).worker(worker);
    }

    private Path stranger() throws IOException {
        byte[] header = "{\"some.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}"
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        return Files.write(folder.resolve("stranger.safetensors"), file.putLong(header.length).put(header).array());
    }

    @Test
    void aBadCheckpointIsRefusedWithTheSameWords() throws IOException {
        Path stranger = stranger();
        Throwable here = catchThrowable(() -> StableDiffusion.load(stranger));
        assertThatThrownBy(() -> StableDiffusion.builder(stranger).worker().load())
                .isInstanceOf(CheckpointException.class)
                .hasMessage(here.getMessage());
        Path missing = folder.resolve("missing.safetensors");
        assertThatThrownBy(() -> StableDiffusion.builder(missing).worker().load())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(missing.toString());
    }

    @Test
    void aCheckpointThatIsGoneWhenTheWorkerStartsAgainFailsThatRequestOnly() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("model.safetensors"), Models.smallSd1().toAbsolutePath());
        try (StableDiffusion sd = StableDiffusion.builder(link).worker().load()) {
            Workers.signal(Workers.only(), "KILL");
            Files.delete(link);
            assertThatThrownBy(() -> sd.generate(REQUEST))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(link.toString());
            Files.createSymbolicLink(link, Models.smallSd1().toAbsolutePath());
            assertThat(sd.generate(REQUEST)).hasSize(1);
        }
    }

    @Test
    void loadingReportsProgressAndStopsWithWhatAListenerThrows() {
        List<Phase> phases = new ArrayList<>();
        options(WorkerOptions.defaults()).progress(progress -> phases.add(progress.phase())).load().close();
        assertThat(phases.stream().distinct()).containsExactly(Phase.LOAD);
        IllegalArgumentException mine = new IllegalArgumentException("mine");
        assertThatThrownBy(() -> options(WorkerOptions.defaults()).progress(progress -> {
            throw mine;
        }).load()).isSameAs(mine);
    }

    @Test
    void anInterruptStopsTheLoading() {
        Thread caller = Thread.currentThread();
        assertThatThrownBy(() -> options(WorkerOptions.defaults()).progress(progress -> caller.interrupt()).load())
                .isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aWorkerThatDiesWhileItLoadsFailsTheLoad() {
        WorkerException thrown = catchThrowableOfType(WorkerException.class, () ->
                options(WorkerOptions.defaults()).progress(progress -> Workers.signal(Workers.only(), "KILL")).load());
        assertThat(thrown).hasMessageContaining("SIGKILL while it loaded the model");
        assertThat(thrown.signal()).hasValue(9);
    }

    @Test
    void aJvmThatDoesNotStartSaysWhy() {
        assertThatThrownBy(() -> options(WorkerOptions.defaults().withJvmOptions("-nonsense")).load())
                .isInstanceOf(WorkerException.class)
                .hasMessageContaining("-nonsense")
                .hasMessageContaining("loading the model again");
        assertThatThrownBy(() -> options(WorkerOptions.defaults().withClassPath(folder.toString())).load())
                .isInstanceOf(WorkerException.class)
                .hasMessageContaining("WorkerMain");
    }

    @Test
    void anotherWritersOutputIsNoticed() {
        assertThatThrownBy(() -> options(WorkerOptions.defaults().withJvmOptions("--show-version")).load())
                .isInstanceOf(WorkerException.class)
                .hasMessageContaining("kept for messages");
    }

    @Test
    void anIdleWorkerEndsAndTheNextRequestStartsAnother() {
        WorkerOptions idle = WorkerOptions.defaults().withIdleTimeout(Duration.ofMillis(300));
        try (StableDiffusion sd = options(idle).load()) {
            byte[] first = pixels(sd.generate(REQUEST).getFirst());
            ProcessHandle process = Workers.only();
            Workers.await("the idle worker has ended", Duration.ofSeconds(5), () -> Workers.ended(process));
            assertThat(pixels(sd.generate(REQUEST).getFirst())).isEqualTo(first);
        }
    }
}
