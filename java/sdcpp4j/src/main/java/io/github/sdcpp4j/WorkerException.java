package io.github.sdcpp4j;

import java.util.List;
import java.util.OptionalInt;

/**
 * The process that ran a model ended in the middle of a request, or did not start. The request is lost; the model can be used
 * again: the next request starts a fresh process.
 */
public final class WorkerException extends StableDiffusionException {

    private static final long serialVersionUID = 1L;

    /** How the process ended. */
    private final int exitCode;

    /** What it said last. */
    private final List<String> lastLines;

    /**
     * Creates the exception.
     *
     * @param message what happened, with the exit code or signal and the last lines
     * @param exitCode the process's exit code as the JVM reports it: 128 and the number of the signal that ended it, on Unix
     * @param lastLines what the process logged and printed last, oldest first
     * @param cause what lies behind it, may be null
     */
    public WorkerException(String message, int exitCode, List<String> lastLines, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.lastLines = List.copyOf(lastLines);
    }

    /**
     * Returns how the process ended.
     *
     * @return its exit code as the JVM reports it; after a crash that the child's own report tells of, 128 and the number of
     *     the signal there; -1 when it never ran
     */
    public int exitCode() {
        return exitCode;
    }

    /**
     * Returns the signal that ended the process.
     *
     * @return such as 9 for SIGKILL, 6 for SIGABRT; empty when it was none
     */
    public OptionalInt signal() {
        return exitCode > 128 && exitCode < 160 ? OptionalInt.of(exitCode - 128) : OptionalInt.empty();
    }

    /**
     * Returns what the process said last.
     *
     * @return lines of the native log and of its standard error, oldest first
     */
    public List<String> lastLines() {
        return lastLines;
    }
}
