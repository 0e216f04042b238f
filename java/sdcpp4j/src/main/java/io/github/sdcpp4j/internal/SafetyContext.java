package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.GenerationException;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.SafetyCheckerOptions;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.images.ClipPixels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One native safety checker: its handle, and the way from pixels to a picture's embedding. Used by one thread at a time. */
final class SafetyContext implements AutoCloseable {

    private final NativeHandle handle;
    private final SafetyConcepts concepts;

    private SafetyContext(NativeHandle handle, SafetyConcepts concepts) {
        this.handle = handle;
        this.concepts = concepts;
    }

    /** Loads a safety checker whose file was checked. */
    static SafetyContext load(SafetyCheckerOptions options, CancelToken token) {
        BackendNames.check(options.backend(), DeviceList.known());
        NativeHandle handle = NativeHandle.load(options.progress(), token,
                (call, out) -> sdcpp4j_h.sdcpp4j_load_vision(call.segment(),
                        Marshal.path(options.model(), call.arena()), options.threads(),
                        call.arena().allocateFrom(options.backend()), out),
                sdcpp4j_h::sdcpp4j_free_vision,
                text -> cannotBeLoaded(options, text));
        try {
            return new SafetyContext(handle, SafetyConcepts.of((name, count) -> table(handle, name, count, options, token)));
        } catch (Throwable t) {
            handle.close();
            throw t;
        }
    }

    private static CheckpointException cannotBeLoaded(SafetyCheckerOptions options, String text) {
        return new CheckpointException("%s cannot be loaded: %s".formatted(options.model(), text));
    }

    private static float[] table(NativeHandle handle, String name, int count, SafetyCheckerOptions options, CancelToken token) {
        try (NativeCall call = new NativeCall(ProgressListener.NONE, token)) {
            MemorySegment values = call.arena().allocate(ValueLayout.JAVA_FLOAT, count);
            int status = sdcpp4j_h.sdcpp4j_vision_table(
                    call.segment(), handle.segment(), call.arena().allocateFrom(name), values, count);
            call.check(status, text -> cannotBeLoaded(options, text));
            return values.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    SafetyConcepts concepts() {
        return concepts;
    }

    /** Turns pixels, as {@link ClipPixels} makes them, into the numbers by which a picture is compared with the concepts. */
    float[] embed(float[] pixels, CancelToken token) {
        handle.throwIfBroken();
        try (NativeCall call = new NativeCall(ProgressListener.NONE, token)) {
            MemorySegment embedding = call.arena().allocate(ValueLayout.JAVA_FLOAT, SafetyConcepts.WIDTH);
            int status = sdcpp4j_h.sdcpp4j_embed_picture(call.segment(), handle.segment(),
                    call.arena().allocateFrom(ValueLayout.JAVA_FLOAT, pixels), embedding);
            handle.remember(status, call);
            call.check(status, text -> new GenerationException(status == sdcpp4j_h.SDCPP4J_NOT_A_NUMBER()
                    ? "the safety checker computed NaN, so it cannot tell what the picture shows: its weights are damaged"
                    : "the safety checker could not look at the picture: " + text));
            return embedding.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    @Override
    public void close() {
        handle.close();
    }
}
