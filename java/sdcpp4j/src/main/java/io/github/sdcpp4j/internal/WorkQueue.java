package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.CancelledException.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * The thread on which one model's work runs, a call at a time, in the order of arrival.
 *
 * <p>Why an own thread and not a lock: OpenMP keeps a pool of workers for each thread that ever called it, so a server's
 * request threads would collect hundreds; upstream's prompt parser recurses and wants a large stack; and a waiting virtual
 * thread is parked instead of pinned.
 */
final class WorkQueue {

    private final ExecutorService executor;
    private volatile Thread thread;

    WorkQueue(String name) {
        executor = Executors.newSingleThreadExecutor(work -> {
            Thread created = new Thread(null, work, name, Context.STACK_BYTES);
            created.setDaemon(true); // a model that was never closed must not keep the JVM alive
            thread = created;
            return created;
        });
    }

    /**
     * Does the work that opens what all later work uses, and waits for it. When it fails there is no later work: the thread
     * ends.
     */
    <T> T open(Function<CancelToken, T> work) {
        try {
            return call(Optional.empty(), work);
        } catch (Throwable t) {
            close(() -> {});
            throw t;
        }
    }

    /** Queues the work and waits for it, as {@link #await} does. */
    <T> T call(Optional<Duration> patience, Function<CancelToken, T> work) {
        CancelToken token = new CancelToken();
        return await(submit(token, () -> work.apply(token)), token, patience);
    }

    /**
     * Queues the work. The result is there when the work is done; when the token is cancelled before the work's turn, at once.
     *
     * @throws IllegalStateException when closed, or when called by a listener of this model
     */
    <T> CompletableFuture<T> submit(CancelToken token, Callable<T> work) {
        checkNotInside();
        CompletableFuture<T> result = new CompletableFuture<>();
        AtomicBoolean taken = new AtomicBoolean();
        try {
            executor.execute(() -> {
                if (!taken.compareAndSet(false, true)) {
                    return;
                }
                try {
                    token.throwIfCancelled();
                    result.complete(work.call());
                } catch (Throwable t) {
                    result.completeExceptionally(t);
                }
            });
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("this model is closed", e);
        }
        token.whenCancelled(reason -> {
            if (taken.compareAndSet(false, true)) {
                result.completeExceptionally(token.exception());
            }
        });
        return result;
    }

    /**
     * Waits for a result. An interrupt or the end of the patience cancels the work; the wait then goes on until the work has
     * stopped, which it does soon, and an interrupt is left to the caller.
     */
    private static <T> T await(CompletableFuture<T> result, CancelToken token, Optional<Duration> patience) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + patience.map(WorkQueue::saturatedNanos).orElse(0L);
        boolean patient = patience.isEmpty();
        try {
            while (true) {
                try {
                    return patient ? result.get() : result.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                    token.cancel(Reason.INTERRUPTED);
                } catch (TimeoutException e) {
                    patient = true;
                    token.cancel(Reason.DEADLINE);
                } catch (ExecutionException e) {
                    throw rethrown(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A duration that is longer than a long has nanoseconds is as good as the longest. */
    private static long saturatedNanos(Duration duration) {
        return Math.min(TimeUnit.NANOSECONDS.convert(duration), Long.MAX_VALUE / 2);
    }

    private static RuntimeException rethrown(Throwable cause) {
        switch (cause) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError(cause); // the work declares no checked exception
        }
    }

    /** Runs the last work; does nothing but wait when another closer came first. An interrupt does not end the wait. */
    void close(Runnable last) {
        checkNotInside();
        synchronized (this) {
            if (!executor.isShutdown()) {
                executor.execute(last);
                executor.shutdown();
            }
        }
        // not executor.close(): interrupted, that one drops what still waits, and with it the last work
        boolean interrupted = false;
        while (!executor.isTerminated()) {
            try {
                executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Refuses what needs an open model but no turn in the queue. */
    void checkOpen() {
        if (executor.isShutdown()) {
            throw new IllegalStateException("this model is closed");
        }
    }

    private void checkNotInside() {
        if (Thread.currentThread() == thread || PreviewDelivery.worksFor(thread)) {
            throw new IllegalStateException("a listener must not call the model it listens to: hand the call to another thread");
        }
    }
}
