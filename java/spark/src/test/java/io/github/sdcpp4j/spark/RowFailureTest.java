package io.github.sdcpp4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.CancelledException;
import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.NativeLibraryException;
import io.github.sdcpp4j.StableDiffusionException;
import io.github.sdcpp4j.WorkerException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowFailureTest {

    @Test
    void leavesARowToItsErrorColumnWhereAnotherAttemptWouldFailToo() {
        assertThat(isOfTheRow(new InvalidRequestException("steps is 0"))).isTrue();
        assertThat(isOfTheRow(new CheckpointException("there is no LoRA 'cat'"))).isTrue();
        assertThat(isOfTheRow(new CancelledException("over", CancelledException.Reason.DEADLINE))).isTrue();
    }

    @Test
    void failsTheAttemptWhereItIsTheExecutorsFault() {
        assertThat(isOfTheRow(new NativeLibraryException("not found"))).isFalse();
        assertThat(isOfTheRow(new CancelledException("killed", CancelledException.Reason.INTERRUPTED))).isFalse();
        assertThat(isOfTheRow(workerDied())).isFalse();
    }

    @Test
    void givesUpTheRowThatEndedItsWorkerInTheLastAttempt() {
        assertThat(RowFailure.isOfTheRow(workerDied(), true)).isTrue();
    }

    @Test
    void saysItInOneLine() {
        assertThat(RowFailure.sentence(new InvalidRequestException("one\n  two "))).isEqualTo("one two");
    }

    private static WorkerException workerDied() {
        return new WorkerException("the worker ended", 137, List.of(), null);
    }

    private static boolean isOfTheRow(StableDiffusionException failure) {
        return RowFailure.isOfTheRow(failure, false);
    }
}
