package io.github.sdcpp4j.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One load or conversion at a time. Lines that the loader's worker threads log belong to no call that native code could
 * name: this way they belong to that one. It also keeps two large models from being read at once.
 */
final class LoadTurn implements AutoCloseable {

    private static final ReentrantLock LOADS = new ReentrantLock(true);

    private LoadTurn() {}

    /** Waits for its turn, but not longer than its caller does. */
    static LoadTurn await(CancelToken token) {
        boolean locked = false;
        while (!locked) {
            token.throwIfCancelled();
            try {
                locked = LOADS.tryLock(20, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts a model's own thread", e);
            }
        }
        return new LoadTurn();
    }

    /** Whether another one waits at this moment. */
    static boolean isAwaited() {
        return LOADS.hasQueuedThreads();
    }

    @Override
    public void close() {
        LOADS.unlock();
    }
}
