package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.CancelledException.Reason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The wish that one call stops: told once, from any thread, and heard by native code through a flag in native memory that it
 * polls. The flag lives as long as the token, so that a late wish writes to memory that is still there.
 */
public final class CancelToken {

    private static final VarHandle FLAG = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment flag = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
    private final CompletableFuture<Reason> told = new CompletableFuture<>();

    /** Asks the call to stop; only the first reason counts. */
    public void cancel(Reason reason) {
        FLAG.setVolatile(flag, 0L, 1); // before the rest: whoever hears of it finds native code stopping
        told.complete(reason);
    }

    /** What {@code sdcpp4j_call.cancel} points to. */
    MemorySegment flag() {
        return flag;
    }

    /** Whether the wish was told. */
    public boolean isCancelled() {
        return told.isDone();
    }

    /** Runs at once when the wish was told before; in the telling thread otherwise. */
    public void whenCancelled(Consumer<Reason> action) {
        told.thenAccept(action);
    }

    /** Ends the caller's work when the wish was told. */
    public void throwIfCancelled() {
        if (isCancelled()) {
            throw exception();
        }
    }

    /** What a call ends with when it was stopped. */
    public CancelledException exception() {
        Reason reason = told.getNow(Reason.CANCELLED);
        return new CancelledException(switch (reason) {
            case INTERRUPTED -> "stopped: the thread that waited for the result was interrupted";
            case CANCELLED -> "stopped: the request was cancelled";
            case DEADLINE -> "stopped: the request's timeout had passed; allow more time, fewer steps or a smaller picture";
        }, reason);
    }
}
