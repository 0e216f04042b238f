package io.github.sdcpp4j.internal.worker;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.GenerationException;
import io.github.sdcpp4j.InsufficientMemoryException;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.NativeLibraryException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** What a call in the child threw, so that the parent throws the same. The stack trace is the parent's own. */
final class FailureCodec {

    /** The types that callers tell apart. */
    private enum Type { CHECKPOINT, GENERATION, INVALID_REQUEST, INSUFFICIENT_MEMORY, CANCELLED, NATIVE_LIBRARY, STATE, OTHER }

    private FailureCodec() {}

    static void write(DataOutputStream out, Throwable failure) throws IOException {
        Type type = switch (failure) {
            case CheckpointException e -> Type.CHECKPOINT;
            case GenerationException e -> Type.GENERATION;
            case InvalidRequestException e -> Type.INVALID_REQUEST;
            case InsufficientMemoryException e -> Type.INSUFFICIENT_MEMORY;
            case CancelledException e -> Type.CANCELLED;
            case NativeLibraryException e -> Type.NATIVE_LIBRARY;
            case IllegalStateException e -> Type.STATE;
            default -> Type.OTHER;
        };
        Wire.constant(out, type);
        Wire.text(out, type == Type.OTHER ? failure.toString() : String.valueOf(failure.getMessage()));
        switch (failure) {
            case InsufficientMemoryException e -> {
                out.writeLong(e.needed());
                out.writeLong(e.available());
            }
            case CancelledException e -> Wire.constant(out, e.reason());
            default -> {}
        }
    }

    static RuntimeException read(DataInputStream in) throws IOException {
        Type type = Wire.constant(in, Type.class);
        String message = Wire.text(in);
        return switch (type) {
            case CHECKPOINT -> new CheckpointException(message);
            case GENERATION -> new GenerationException(message);
            case INVALID_REQUEST -> new InvalidRequestException(message);
            case INSUFFICIENT_MEMORY -> new InsufficientMemoryException(message, in.readLong(), in.readLong());
            case CANCELLED -> new CancelledException(message, Wire.constant(in, CancelledException.Reason.class));
            case NATIVE_LIBRARY -> new NativeLibraryException(message);
            case STATE -> new IllegalStateException(message);
            case OTHER -> new GenerationException("the worker process failed: " + message
                    + ". An OutOfMemoryError there asks for WorkerOptions.withJvmOptions(\"-Xmx1g\"); anything else is a bug worth a report");
        };
    }
}
