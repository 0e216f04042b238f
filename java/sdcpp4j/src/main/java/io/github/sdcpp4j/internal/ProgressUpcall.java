package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.Progress;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_progress_fn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one way up for progress: a single native function for the whole process, which finds its listener by number. An
 * exception that left an upcall would end the JVM, so a {@link GuardedListener} keeps what a listener throws.
 */
final class ProgressUpcall {

    private static final Phase[] PHASES = Phase.values();
    private static final Map<Long, Registration> RUNNING = new ConcurrentHashMap<>();
    private static final AtomicLong NEXT_ID = new AtomicLong();

    /** Created with the first listener, after the library was loaded. */
    private static final class Stub {
        static final MemorySegment FUNCTION = sdcpp4j_progress_fn.allocate(ProgressUpcall::onProgress, Arena.global());
    }

    private ProgressUpcall() {}

    static Registration register(ProgressListener listener, CancelToken token) {
        Registration registration = new Registration(NEXT_ID.incrementAndGet(), listener, token);
        if (registration.listens()) {
            RUNNING.put(registration.id, registration);
        }
        return registration;
    }

    private static void onProgress(int phase, int image, int step, int steps, long id) {
        try {
            Registration registration = RUNNING.get(id);
            if (registration != null) {
                registration.report(phase, image, step, steps);
            }
        } catch (Throwable t) {
            // nothing here may throw; the guarded listener keeps what the listener threw
        }
    }

    /** A listener for the time of one call. */
    static final class Registration implements AutoCloseable {
        private final long id;
        private final GuardedListener listener;
        private final long start = System.nanoTime();

        private Registration(long id, ProgressListener listener, CancelToken token) {
            this.id = id;
            this.listener = new GuardedListener(listener, token);
        }

        private boolean listens() {
            return listener.listens();
        }

        /** The function for native code; NULL when nobody listens, so that no upcall is made at all. */
        MemorySegment function() {
            return listens() ? Stub.FUNCTION : MemorySegment.NULL;
        }

        long id() {
            return id;
        }

        private void report(int phase, int image, int step, int steps) {
            listener.report(new Progress(PHASES[phase], image, step, steps, Duration.ofNanos(System.nanoTime() - start)));
        }

        void rethrow() {
            listener.rethrow();
        }

        @Override
        public void close() {
            RUNNING.remove(id);
        }
    }
}
