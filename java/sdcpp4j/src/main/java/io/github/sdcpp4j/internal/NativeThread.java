package io.github.sdcpp4j.internal;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The thread on which one model's native work runs, a call at a time, in the order of arrival.
 *
 * <p>Why an own thread and not a lock: OpenMP keeps a pool of workers for each thread that ever called it, so a server's
 * request threads would collect hundreds; upstream's prompt parser recurses and wants a large stack; and a waiting virtual
 * thread is parked instead of pinned.
 */
final class NativeThread {

    private static final long STACK_BYTES = 64L << 20;

    private final ExecutorService executor;
    private volatile Thread thread;

    NativeThread(String name) {
        executor = Executors.newSingleThreadExecutor(work -> {
            Thread created = new Thread(null, work, name, STACK_BYTES);
            created.setDaemon(true); // a model that was never closed must not keep the JVM alive
            thread = created;
            return created;
        });
    }

    /** Runs the work and waits for it; what it throws is thrown here. */
    <T> T call(Callable<T> work) {
        checkNotInside();
        Future<T> result;
        try {
            result = executor.submit(work);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("this model is closed", e);
        }
        return await(result);
    }

    /** Runs the last work; does nothing but wait when another closer came first. */
    void close(Runnable last) {
        checkNotInside();
        synchronized (this) {
            if (!executor.isShutdown()) {
                executor.execute(last);
                executor.shutdown();
            }
        }
        // not executor.close(): interrupted, that one drops what still waits, and with it the last work
        uninterruptibly(() -> executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS));
    }

    boolean isClosed() {
        return executor.isShutdown();
    }

    private void checkNotInside() {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a listener must not call the model it listens to: hand the call to another thread");
        }
    }

    private static <T> T await(Future<T> result) {
        try {
            return uninterruptibly(result::get);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new AssertionError(e.getCause()); // the work declares no checked exception
            }
        }
    }

    private interface Wait<T, E extends Exception> {
        T await() throws InterruptedException, E;
    }

    /** Native work cannot be left half done: waits it out, and leaves the interrupt to the caller. */
    private static <T, E extends Exception> T uninterruptibly(Wait<T, E> wait) throws E {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
