package io.github.sdcpp4j.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Ctrl-C, and what else asks the process to end: stops the command, and gives it a moment to say so and to tidy up. The
 * exit code is then the JVM's own, 130 after Ctrl-C.
 */
final class Interruption {

    /** Native work stops within milliseconds; a user who waits a second presses Ctrl-C again. */
    private static final long PATIENCE_MILLIS = 900;

    private Interruption() {}

    /**
     * Runs a command in this thread, which is interrupted when the process is asked to end.
     *
     * @param command returns the exit code
     * @return the command's exit code
     */
    static int guard(IntSupplier command) {
        Thread worker = Thread.currentThread();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(worker, ended), "stop"));
        try {
            return command.getAsInt();
        } finally {
            ended.countDown();
        }
    }

    /**
     * Does what an interrupt would spoil, such as writing a file that has cost minutes: one that was there before is there
     * again afterwards.
     */
    static void withhold(Runnable work) {
        boolean interrupted = Thread.interrupted();
        try {
            work.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void stop(Thread worker, CountDownLatch ended) {
        if (ended.getCount() == 0) {
            return;
        }
        worker.interrupt();
        try {
            ended.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // then not even that long
        }
    }
}
