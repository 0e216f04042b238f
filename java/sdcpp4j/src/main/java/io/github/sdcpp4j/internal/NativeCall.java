package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.Phase;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.Timings;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_call;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * What one guarded native call carries besides its arguments: the arena of everything marshalled for it, the error text,
 * who listens. To be used by one thread and closed there.
 */
final class NativeCall implements AutoCloseable {

    private static final int ERROR_BYTES = 8192;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment segment = sdcpp4j_call.allocate(arena);
    private final MemorySegment error = arena.allocate(ERROR_BYTES);
    private final CancelToken token;
    private final Upcalls.Registration listeners;

    NativeCall(ProgressListener listener, CancelToken token) {
        this(listener, Optional.empty(), token);
    }

    NativeCall(ProgressListener listener, Optional<PreviewFrames> previews, CancelToken token) {
        this.token = token;
        listeners = Upcalls.register(listener, previews, token);
        sdcpp4j_call.cancel(segment, token.flag());
        sdcpp4j_call.progress(segment, listeners.progress());
        sdcpp4j_call.data(segment, listeners.id());
        sdcpp4j_call.preview(segment, listeners.preview());
        previews.ifPresent(frames -> {
            sdcpp4j_call.preview_mode(segment, frames.mode());
            sdcpp4j_call.preview_interval(segment, frames.interval());
        });
        sdcpp4j_call.error(segment, error);
        sdcpp4j_call.error_capacity(segment, ERROR_BYTES);
    }

    Arena arena() {
        return arena;
    }

    MemorySegment segment() {
        return segment;
    }

    /** The runtime's own words; empty unless the call failed. */
    String errorText() {
        return error.getString(0);
    }

    /**
     * The one place where a status is looked at. What a listener threw comes first: that was there before the status.
     *
     * @param failure makes the domain's exception from the runtime's own words
     */
    void check(int status, Function<String, RuntimeException> failure) {
        listeners.rethrow();
        if (status == sdcpp4j_h.SDCPP4J_OK()) {
            return;
        }
        String text = errorText();
        if (status == sdcpp4j_h.SDCPP4J_CANCELLED()) {
            throw token.exception();
        }
        if (status == sdcpp4j_h.SDCPP4J_INVALID_ARGUMENT()) {
            throw new InvalidRequestException(text);
        }
        throw failure.apply(text);
    }

    Timings timings() {
        Duration[] phases = new Duration[Phase.values().length];
        Duration total = Duration.ZERO;
        for (Phase phase : Phase.values()) {
            double seconds = sdcpp4j_call.seconds(segment, phase.ordinal());
            phases[phase.ordinal()] = Duration.ofNanos(Math.round(seconds * 1e9));
            total = total.plus(phases[phase.ordinal()]);
        }
        return new Timings(
                phases[Phase.ENCODE_IMAGE.ordinal()], phases[Phase.ENCODE_TEXT.ordinal()], phases[Phase.SAMPLE.ordinal()],
                phases[Phase.DECODE.ordinal()], total);
    }

    @Override
    public void close() {
        listeners.close();
        arena.close();
    }
}
