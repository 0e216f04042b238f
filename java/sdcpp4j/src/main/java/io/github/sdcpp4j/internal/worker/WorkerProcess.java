package io.github.sdcpp4j.internal.worker;

import io.github.sdcpp4j.WorkerException;
import io.github.sdcpp4j.WorkerOptions;
import io.github.sdcpp4j.internal.library.NativeLibrary;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A child JVM as its parent sees it: a process, the frames to and from it, what it says, the memory shared with it. */
final class WorkerProcess {

    /** A process that closed its output is about to end; one that wrote something strange may not be. */
    private static final Duration DYING = Duration.ofMillis(800);

    private static final Duration LEAVING = Duration.ofSeconds(5);

    private final Process process;
    private final FrameWriter writer;
    private final FrameReader reader;
    private final LastLines lines = new LastLines();
    private final Thread drain;
    private SharedPixels pixels;

    private WorkerProcess(Process process) {
        this.process = process;
        this.writer = new FrameWriter(process.getOutputStream());
        this.reader = new FrameReader(process.getInputStream());
        this.drain = Thread.ofPlatform().daemon().name("sdcpp4j worker " + process.pid()).start(this::drain);
    }

    /**
     * Starts a child that has loaded nothing yet.
     *
     * @throws WorkerException when the system refuses
     */
    static WorkerProcess start(WorkerOptions options) {
        Path library = NativeLibrary.locate();
        ProcessBuilder builder = new ProcessBuilder(WorkerCommand.of(options, library));
        try {
            // meant for this JVM: its debugger or agent would stop the child, or print where only frames may be
            builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
            return new WorkerProcess(builder.start());
        } catch (IOException e) {
            throw new WorkerException(
                    "the worker process cannot be started (%s): it needs the `java` of this JVM in %s"
                            .formatted(e.getMessage(), System.getProperty("java.home")),
                    Obituary.NEVER_RAN, List.of(), e);
        }
    }

    /**
     * Makes the shared memory. Only once the child runs: from the moment the name is on its way, the child deletes the file,
     * even when this process is killed.
     *
     * @throws IOException when there is no room for it
     */
    void share() throws IOException {
        pixels = SharedPixels.create();
        try {
            writer.write(Frame.Kind.PIXELS, 0, out -> Wire.text(out, pixels.file().toString()));
        } catch (IOException e) {
            // the child has just died, which the next request notices
        }
    }

    /** Reads all that the child prints, so that it never has to wait for a reader. */
    private void drain() {
        try (BufferedReader text = process.errorReader()) {
            for (String line = text.readLine(); line != null; line = text.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            // the pipe is closed: nothing more to read
        }
    }

    SharedPixels pixels() {
        return pixels;
    }

    LastLines lines() {
        return lines;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void send(Frame.Kind kind, int call, FrameWriter.Content content) throws IOException {
        writer.write(kind, call, content);
    }

    Frame read() throws IOException {
        return reader.read();
    }

    /** Ends the child without asking it. Who waits for a frame hears of it. */
    void kill() {
        process.destroyForcibly();
    }

    /**
     * Waits for the end of a child that does not talk any more, and frees what belongs to it.
     *
     * @param when such as {@code while it loaded the model}
     * @param remedy such as {@code the next request starts another one}
     * @param cause how the end was noticed
     * @return what to tell the caller
     */
    WorkerException bury(String when, String remedy, IOException cause) {
        end(DYING);
        return Obituary.of(when, remedy, process.exitValue(), lines, cause);
    }

    /** Ends the child and frees what belongs to it. */
    void close() {
        try {
            process.getOutputStream().close(); // the end of its input is the end of the child
        } catch (IOException e) {
            // it is gone already
        }
        end(LEAVING);
    }

    private void end(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
                process.waitFor();
            }
            drain.join(); // ends with the pipe, which only the child had
            process.getOutputStream().close();
            process.getInputStream().close();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts a model's own thread", e);
        } catch (IOException e) {
            // what could not be flushed any more
        } finally {
            if (pixels != null) {
                pixels.close();
            }
        }
    }
}
