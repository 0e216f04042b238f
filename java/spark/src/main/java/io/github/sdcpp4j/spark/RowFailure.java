package io.github.sdcpp4j.spark;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.NativeLibraryException;
import io.github.sdcpp4j.StableDiffusionException;
import io.github.sdcpp4j.WorkerException;

/** Tells a row's own failure, which its error column says, from one of the executor, which a task's next attempt may not have. */
final class RowFailure {

    private RowFailure() {}

    /**
     * Decides.
     *
     * @param lastAttempt whether Spark would end the job with the next failure of the task: the row that ended a worker each
     *     time is then given up, so that the others get their pictures
     */
    static boolean isOfTheRow(StableDiffusionException failure, boolean lastAttempt) {
        return switch (failure) {
            case WorkerException e -> lastAttempt;
            case NativeLibraryException e -> false;
            case CancelledException e -> e.reason() == CancelledException.Reason.DEADLINE;
            default -> true;
        };
    }

    static String sentence(StableDiffusionException failure) {
        return String.valueOf(failure.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
