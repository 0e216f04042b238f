package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_progress_fn;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Reports progress as native code does. It lies in the library's package because the library keeps its progress function
 * to itself.
 */
public final class ProgressProbe implements AutoCloseable {

    private final Upcalls.Registration registration;
    private final MemorySegment function;

    /** Registers a listener as a call does. */
    public ProgressProbe(ProgressListener listener) {
        registration = Upcalls.register(listener, Optional.empty(), new CancelToken());
        function = registration.progress();
    }

    /** Calls down to the very function that native code is given, which calls up at once: no C code lies between. */
    public void report(int phase, int image, int step, int steps) {
        sdcpp4j_progress_fn.invoke(function, phase, image, step, steps, registration.id());
    }

    @Override
    public void close() {
        registration.close();
    }
}
