package io.github.sdcpp4j.internal.worker;

import java.io.IOException;

/** The child does not talk any more. */
final class WorkerGoneException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean started;
    private final IOException how;

    WorkerGoneException(boolean started, IOException how) {
        super(how);
        this.started = started;
        this.how = how;
    }

    /** Whether the child had begun with the call. */
    boolean started() {
        return started;
    }

    IOException how() {
        return how;
    }
}
