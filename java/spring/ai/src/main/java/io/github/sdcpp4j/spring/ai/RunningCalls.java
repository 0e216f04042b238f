package io.github.sdcpp4j.spring.ai;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.GeneratedImage;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Waits for pictures, and stops all that are waited for when the application ends. */
final class RunningCalls {

    private final Set<CompletableFuture<?>> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    List<GeneratedImage> await(Supplier<CompletableFuture<List<GeneratedImage>>> submission) {
        CompletableFuture<List<GeneratedImage>> pictures = submit(submission);
        running.add(pictures);
        try {
            if (stopped) {
                pictures.cancel(true);
            }
            return pictures.get();
        } catch (InterruptedException e) {
            pictures.cancel(true);
            Thread.currentThread().interrupt();
            throw new CancelledException("the picture was stopped: its thread was interrupted", CancelledException.Reason.INTERRUPTED);
        } catch (CancellationException e) {
            throw ended();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            running.remove(pictures);
        }
    }

    /** An application that ends closes the model too, perhaps before a call gets there. */
    private CompletableFuture<List<GeneratedImage>> submit(Supplier<CompletableFuture<List<GeneratedImage>>> submission) {
        try {
            return submission.get();
        } catch (IllegalStateException e) {
            throw stopped ? ended() : e;
        }
    }

    private static CancelledException ended() {
        return new CancelledException("the picture was stopped: the application is ending", CancelledException.Reason.CANCELLED);
    }

    /** Stops what runs and what is asked for later. */
    void stop() {
        stopped = true;
        running.forEach(pictures -> pictures.cancel(true));
    }
}
