package io.github.sdcpp4j.internal.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.Container;
import io.github.sdcpp4j.testkit.DamagedCopy;
import io.github.sdcpp4j.testkit.Mutation;
import io.github.sdcpp4j.testkit.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damages a whole checkpoint, where {@link MutationTest} damages files of a few bytes: read or refused, no more. */
class DamagedCheckpointTest {

    private static final int SEEDS = 300;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Container.class)
    void damageIsReadOrRefused(Container container) throws IOException {
        Mutations mutations = Mutations.ofSmallSd1(Models.fixtures(), container);
        int edits = 0;
        int accepted = 0;
        try (DamagedCopy copy = mutations.copyTo(directory.resolve("copy" + container.extension()))) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Mutation mutation = mutations.at(seed);
                boolean edit = mutation.kind() == Mutation.Kind.EDIT;
                edits += edit ? 1 : 0;
                DamagedCopy.Damage damage = copy.apply(mutation);
                try {
                    CheckpointHeader.read(copy.path());
                    accepted += edit ? 1 : 0;
                } catch (CheckpointException e) {
                    assertThat(e.getMessage()).as(mutation.toString()).doesNotContain("makes no sense");
                } finally {
                    damage.close();
                }
            }
            assertThat(Files.mismatch(mutations.base(), copy.path())).isEqualTo(-1);
        }
        assertThat(accepted).as("well-formed headers that get past the reader").isGreaterThan(edits / 3);
    }
}
