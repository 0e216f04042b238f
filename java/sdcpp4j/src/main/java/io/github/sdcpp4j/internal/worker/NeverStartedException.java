package io.github.sdcpp4j.internal.worker;

import io.github.sdcpp4j.WorkerException;

/** The child ended before it began with a call. */
final class NeverStartedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final WorkerException death;

    NeverStartedException(WorkerException death) {
        super(death);
        this.death = death;
    }

    /** What to tell a caller for whom nothing else can be tried. */
    WorkerException death() {
        return death;
    }
}
