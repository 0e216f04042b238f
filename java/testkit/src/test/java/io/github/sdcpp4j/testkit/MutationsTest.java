package io.github.sdcpp4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MutationsTest {

    private static final int SEEDS = 1000;
    private static final TensorFile TINY = new TensorFile(Map.of("title", "room for longer entries ".repeat(10)), List.of(
            new Tensor("ids", DataType.I64, List.of(1, 2), index -> index),
            new Tensor("a.0.weight", DataType.F16, List.of(3, 2), index -> index + 0.5f),
            new Tensor("a.1.weight", DataType.F16, List.of(2, 3), index -> index - 0.5f),
            new Tensor("hole", DataType.F16, List.of(100, 1000), Values.ZERO),
            new Tensor("alpha", DataType.F16, List.of(), Values.constant(1)),
            new Tensor("end", DataType.F32, List.of(40_000), Values.ZERO)));

    @TempDir
    private Path directory;

    private Mutations mutations(Container container) throws IOException {
        Path base = directory.resolve("base" + container.extension());
        TINY.write(base, container);
        return Mutations.of(base, TINY, container);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void everyDamageIsUndone(Container container) throws IOException {
        Mutations mutations = mutations(container);
        Map<Mutation.Kind, Integer> kinds = new EnumMap<>(Mutation.Kind.class);
        Set<String> texts = new HashSet<>();
        int differing = 0;
        Path path = directory.resolve("copy" + container.extension());
        try (DamagedCopy copy = mutations.copyTo(path)) {
            assertThat(Files.mismatch(mutations.base(), path)).isEqualTo(-1);
            for (long seed = 0; seed < SEEDS; seed++) {
                Mutation mutation = mutations.at(seed);
                kinds.merge(mutation.kind(), 1, Integer::sum);
                texts.add(mutation.toString());
                try (DamagedCopy.Damage damage = copy.apply(mutation)) {
                    assertThat(path).as(damage.toString()).hasSize(mutation.fileBytes());
                    differing += Files.mismatch(mutations.base(), path) >= 0 ? 1 : 0;
                }
                assertThat(Files.mismatch(mutations.base(), path)).as(mutation.toString()).isEqualTo(-1);
            }
        }
        assertThat(path).doesNotExist();
        assertThat(kinds).containsOnlyKeys(Mutation.Kind.values());
        assertThat(kinds.get(Mutation.Kind.EDIT)).isBetween(SEEDS * 2 / 5, SEEDS * 3 / 5);
        assertThat(kinds.get(Mutation.Kind.WEIGHTS)).isLessThan(SEEDS / 10);
        assertThat(texts).hasSize(SEEDS);
        assertThat(differing).isGreaterThan(SEEDS * 9 / 10);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void theSameSeedGivesTheSameDamage(Container container) throws IOException {
        Mutations mutations = mutations(container);
        for (long seed = 0; seed < SEEDS; seed++) {
            Mutation first = mutations.at(seed);
            Mutation second = mutations.at(seed);
            assertThat(second).hasToString(first.toString());
            assertThat(second.fileBytes()).isEqualTo(first.fileBytes());
            assertThat(second.patches().stream().map(patch -> ByteBuffer.wrap(patch.bytes())))
                    .isEqualTo(first.patches().stream().map(patch -> ByteBuffer.wrap(patch.bytes())).toList());
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void anEditedHeaderIsAsLongAsTheTrueOne(Container container) {
        Layout layout = Layout.of(TINY, container);
        Patch same = layout.header(layout.entries());
        for (long seed = 0; seed < SEEDS; seed++) {
            HeaderEdits.Edited edited = HeaderEdits.edit(layout.entries(), new Dice(seed));
            Patch patch = layout.header(edited.entries());
            assertThat(patch.span()).as(edited.what()).isEqualTo(same.span());
        }
    }

    @Test
    void onlyOneDamageAtATime() throws IOException {
        Mutations mutations = mutations(Container.SAFETENSORS);
        try (DamagedCopy copy = mutations.copyTo(directory.resolve("copy"))) {
            DamagedCopy.Damage damage = copy.apply(mutations.at(1));
            assertThatIllegalStateException().isThrownBy(() -> copy.apply(mutations.at(2)));
            damage.close();
            damage.close();
            copy.apply(mutations.at(2)).close();
        }
    }
}
