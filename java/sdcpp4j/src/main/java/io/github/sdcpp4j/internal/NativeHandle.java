package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.GenerationException;
import io.github.sdcpp4j.InsufficientMemoryException;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.StableDiffusionException;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_call;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.library.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.Function;

/** What native code has loaded: bound to the arena that frees it, and not used again once an assertion failed in it. */
final class NativeHandle implements AutoCloseable {

    private final Arena arena;
    private final MemorySegment segment;
    private String brokenBy;

    /** The native call that loads. */
    @FunctionalInterface
    interface Loader {
        /** Marshals into the call's arena, stores the pointer at {@code out} and returns the status. */
        int load(NativeCall call, MemorySegment out);
    }

    private NativeHandle(Arena arena, MemorySegment segment) {
        this.arena = arena;
        this.segment = segment;
    }

    /**
     * Loads, one at a time in this process.
     *
     * @param progress hears of the loading
     * @param token stops the loading
     * @param loader the native call
     * @param free the native call that takes back what it loaded
     * @param failure makes the exception from the runtime's own words
     */
    static NativeHandle load(ProgressListener progress, CancelToken token, Loader loader, Consumer<MemorySegment> free,
            Function<String, CheckpointException> failure) {
        NativeLibrary.ensureLoaded();
        try (LoadTurn _ = LoadTurn.await(token)) {
            return loadNow(progress, token, loader, free, failure);
        }
    }

    /** What a load leaves behind when it fails is given back before the next one has its turn. */
    private static NativeHandle loadNow(ProgressListener progress, CancelToken token, Loader loader, Consumer<MemorySegment> free,
            Function<String, CheckpointException> failure) {
        Arena arena = Arena.ofShared();
        try (NativeCall call = new NativeCall(progress, token)) {
            MemorySegment out = call.arena().allocate(sdcpp4j_h.C_POINTER);
            int status = loader.load(call, out);
            MemorySegment handle = out.get(sdcpp4j_h.C_POINTER, 0);
            if (status == sdcpp4j_h.SDCPP4J_OK()) {
                handle = handle.reinterpret(0, arena, free);
            }
            call.check(status, text -> failure(status, call, text, failure));
            return new NativeHandle(arena, handle);
        } catch (Throwable t) {
            arena.close();
            throw t;
        }
    }

    private static StableDiffusionException failure(
            int status, NativeCall call, String text, Function<String, CheckpointException> failure) {
        long needed = sdcpp4j_call.bytes_needed(call.segment());
        long free = sdcpp4j_call.bytes_free(call.segment());
        if (status != sdcpp4j_h.SDCPP4J_OUT_OF_MEMORY() || needed == 0) {
            return failure.apply(text);
        }
        return new InsufficientMemoryException(
                "the weights need %d MB of the memory of %s, and %d MB are free: lighter weights need less (--type q8_0), weights can be kept in the machine's memory (--params-backend cpu) or within a budget (--max-vram -1), or parts be computed elsewhere (--backend diffusion=cuda0,te=cpu)"
                        .formatted(HostMemory.megabytes(needed), text, HostMemory.megabytes(free)), needed, free);
    }

    MemorySegment segment() {
        return segment;
    }

    boolean isBroken() {
        return brokenBy != null;
    }

    void throwIfBroken() {
        if (brokenBy != null) {
            throw new GenerationException("this model cannot be used any more after an earlier failure (%s): close it and load it again"
                    .formatted(brokenBy));
        }
    }

    /** Looks at the status of a call that used it, before {@link NativeCall#check} does: a listener's exception must not hide it. */
    void remember(int status, NativeCall call) {
        if (status == sdcpp4j_h.SDCPP4J_ABORTED()) {
            brokenBy = call.errorText();
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
