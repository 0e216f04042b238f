package io.github.sdcpp4j.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Floats in native memory, and their shape. The memory can be used by all threads, also that of a model. */
public final class NativeTensor implements AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private final int[] shape;
    private final FloatBuffer buffer;

    /**
     * Allocates zeros.
     *
     * @param shape the slowest dimension first; the caller has checked it and does not change it any more
     */
    public NativeTensor(int... shape) {
        this.shape = shape;
        long size = 1;
        for (int side : shape) {
            size *= side;
        }
        try {
            segment = arena.allocate(ValueLayout.JAVA_FLOAT, size);
            buffer = segment.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
        } catch (Throwable t) {
            arena.close();
            throw t;
        }
    }

    /**
     * Returns the shape.
     *
     * @return not a copy
     */
    public int[] shape() {
        return shape;
    }

    /**
     * Returns a view of the floats.
     *
     * @return all of them; after {@link #close} its methods throw {@link IllegalStateException}
     * @throws IllegalStateException when closed
     */
    public FloatBuffer buffer() {
        checkOpen();
        return buffer.duplicate();
    }

    /** Bound to the arena, so that native code that works with it holds it open. */
    MemorySegment segment() {
        checkOpen();
        return segment;
    }

    private void checkOpen() {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("this tensor is closed");
        }
    }

    /**
     * Frees the memory; does nothing the second time.
     *
     * @throws IllegalStateException when a model works with it
     */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
