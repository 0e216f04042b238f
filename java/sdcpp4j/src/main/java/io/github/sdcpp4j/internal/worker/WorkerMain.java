package io.github.sdcpp4j.internal.worker;

import io.github.sdcpp4j.internal.Context;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/** The child JVM's main class. Its main thread reads; the model has a thread of its own. */
public final class WorkerMain {

    private WorkerMain() {}

    /**
     * Serves the parent until it closes this process's standard input, or dies, which is the same: then ends at once, whatever
     * the model's thread is doing.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        OutputStream frames = new FileOutputStream(FileDescriptor.out);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true);
        System.setOut(err); // whatever prints in this process does not print between the frames
        int exitCode = 1;
        try {
            WorkerServer server = new WorkerServer(new FrameWriter(frames));
            Thread model = new Thread(null, server, "sdcpp4j worker model", Context.STACK_BYTES);
            model.setDaemon(true);
            model.start();
            FrameReader reader = new FrameReader(new FileInputStream(FileDescriptor.in));
            while (true) {
                server.accept(reader.read());
            }
        } catch (EOFException e) {
            exitCode = 0;
        } catch (Throwable t) {
            err.println(t);
        } finally {
            Runtime.getRuntime().halt(exitCode);
        }
    }
}
