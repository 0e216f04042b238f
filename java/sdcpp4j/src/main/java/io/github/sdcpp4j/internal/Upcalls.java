package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.Progress;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_preview_fn;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_progress_fn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one way up for progress and previews: a native function of each for the whole process, which finds its call by number.
 * An exception that left an upcall would end the JVM, so a {@link GuardedListener} keeps what a listener throws, and
 * {@link PreviewFrames} throws nothing.
 */
final class Upcalls {

    private static final Phase[] PHASES = Phase.values();
    private static final Map<Long, Registration> RUNNING = new ConcurrentHashMap<>();
    private static final AtomicLong NEXT_ID = new AtomicLong();

    /** Created with the first listener, after the library was loaded. */
    private static final class ProgressStub {
        static final MemorySegment FUNCTION = sdcpp4j_progress_fn.allocate(Upcalls::onProgress, Arena.global());
    }

    /** Created with the first wish for previews. */
    private static final class PreviewStub {
        static final MemorySegment FUNCTION = sdcpp4j_preview_fn.allocate(Upcalls::onPreview, Arena.global());
    }

    private Upcalls() {}

    static Registration register(ProgressListener listener, Optional<PreviewFrames> previews, CancelToken token) {
        Registration registration = new Registration(NEXT_ID.incrementAndGet(), listener, previews, token);
        if (registration.listens()) {
            RUNNING.put(registration.id, registration);
        }
        return registration;
    }

    /** How many calls are listened to. */
    static int registered() {
        return RUNNING.size();
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

    private static void onPreview(int image, int step, int width, int height, MemorySegment rgb, long id) {
        try {
            Registration registration = RUNNING.get(id);
            if (registration != null) {
                registration.show(image, step, width, height, rgb);
            }
        } catch (Throwable t) {
            // nothing here may throw; what can go wrong with a preview ends the call
        }
    }

    /** Who listens, for the time of one call. */
    static final class Registration implements AutoCloseable {
        private final long id;
        private final GuardedListener listener;
        private final Optional<PreviewFrames> previews;
        private final long start = System.nanoTime();
        private int steps; // of sampling; told before the first preview

        private Registration(long id, ProgressListener listener, Optional<PreviewFrames> previews, CancelToken token) {
            this.id = id;
            this.listener = new GuardedListener(listener, token);
            this.previews = previews;
        }

        private boolean listens() {
            return listener.listens() || previews.isPresent();
        }

        /** The function for native code; NULL when nobody listens, so that no upcall is made at all. */
        MemorySegment progress() {
            return listens() ? ProgressStub.FUNCTION : MemorySegment.NULL;
        }

        /** The same for previews. */
        MemorySegment preview() {
            return previews.isPresent() ? PreviewStub.FUNCTION : MemorySegment.NULL;
        }

        long id() {
            return id;
        }

        private void report(int phase, int image, int step, int steps) {
            if (PHASES[phase] == Phase.SAMPLE) {
                this.steps = steps;
            }
            if (listener.listens()) {
                listener.report(new Progress(PHASES[phase], image, step, steps, Duration.ofNanos(System.nanoTime() - start)));
            }
        }

        private void show(int image, int step, int width, int height, MemorySegment rgb) {
            previews.ifPresent(frames -> frames.take(image, step, steps, width, height, rgb));
        }

        void rethrow() {
            listener.rethrow();
            previews.ifPresent(PreviewFrames::rethrow);
        }

        @Override
        public void close() {
            RUNNING.remove(id);
        }
    }
}
