package io.github.sdcpp4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointSpecTest {

    @Test
    void carriesTheTensorsOfADownloadedCheckpoint() {
        for (CheckpointSpec spec : List.of(CheckpointSpec.small(), CheckpointSpec.full())) {
            List<Tensor> tensors = spec.tensors();
            assertThat(tensors).hasSize(1131).extracting(Tensor::name).doesNotHaveDuplicates();
            assertThat(startingWith(tensors, "cond_stage_model.transformer.text_model.")).isEqualTo(197);
            assertThat(startingWith(tensors, "model.diffusion_model.")).isEqualTo(686);
            assertThat(startingWith(tensors, "first_stage_model.")).isEqualTo(248);
        }
    }

    @Test
    void fullShapesAreThoseOfStableDiffusion15() {
        List<Tensor> tensors = CheckpointSpec.full().tensors();
        assertThat(elements(tensors, "model.diffusion_model.")).isEqualTo(859_520_964L);
        assertThat(elements(tensors, "first_stage_model.")).isEqualTo(83_653_863L);
        assertThat(elements(tensors, "cond_stage_model.")).isEqualTo(123_060_480L + 77);
        assertThat(shape(tensors, "model.diffusion_model.output_blocks.5.2.conv.weight"))
                .containsExactly(1280, 1280, 3, 3);
        assertThat(shape(tensors, "model.diffusion_model.output_blocks.2.1.conv.weight"))
                .containsExactly(1280, 1280, 3, 3);
        assertThat(shape(tensors, "first_stage_model.decoder.up.0.block.0.nin_shortcut.weight"))
                .containsExactly(128, 256, 1, 1);
    }

    @Test
    void contentsDependOnTheRecordAlone() {
        CheckpointSpec spec = CheckpointSpec.small();
        // Same on every machine and JDK. A changed generator changes it, on purpose: then put the new key here.
        assertThat(spec.key()).isEqualTo("4a8196aabb1665ab");
        assertThat(spec.withSeed(43).key()).isNotEqualTo(spec.key());
        assertThat(CheckpointSpec.builder().weightType(DataType.F32).build().key()).isNotEqualTo(spec.key());
        assertThat(CheckpointSpec.builder().vaeEncoder(false).build().tensors()).hasSize(1131 - 108);
    }

    @Test
    void widthsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CheckpointSpec.builder().modelChannels(64).build())
                .withMessage("modelChannels is a multiple of 32 from 96 on, not 64");
        assertThatIllegalArgumentException().isThrownBy(() -> CheckpointSpec.builder().vaeChannels(100).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CheckpointSpec.builder().weightType(DataType.I64).build());
    }

    @Test
    void fixtureIsWrittenOnceAndWhole(@TempDir Path directory) throws IOException {
        List<Path> paths = IntStream.range(0, 4).parallel().mapToObj(i -> Fixtures.smallSd1(directory)).toList();
        Path path = paths.getFirst();
        assertThat(paths).containsOnly(path);
        assertThat(path).hasSize(CheckpointSpec.small().bytes(Container.SAFETENSORS));
        FileTime written = Files.getLastModifiedTime(path);
        assertThat(Fixtures.smallSd1(directory)).isEqualTo(path);
        assertThat(Files.getLastModifiedTime(path)).isEqualTo(written);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void writesTheSafetensorsFormat(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("tiny.safetensors");
        SafetensorsWriter.write(path, Map.of("title", "a \"b\""), List.of(
                new Tensor("ids", DataType.I64, List.of(1, 2), index -> index),
                new Tensor("half", DataType.F16, List.of(2), index -> index + 0.5f),
                new Tensor("hole", DataType.F16, List.of(4, 1000), Values.ZERO),
                new Tensor("single", DataType.F32, List.of(1), Values.constant(3)),
                new Tensor("end", DataType.F16, List.of(3), Values.ZERO)));
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(file.getLong());
        byte[] header = new byte[length];
        file.get(header);
        assertThat(length % 8).isZero();
        assertThat(new String(header, StandardCharsets.UTF_8).strip()).isEqualTo("""
                {"__metadata__":{"title":"a \\"b\\""},\
                "ids":{"dtype":"I64","shape":[1,2],"data_offsets":[0,16]},\
                "half":{"dtype":"F16","shape":[2],"data_offsets":[16,20]},\
                "hole":{"dtype":"F16","shape":[4,1000],"data_offsets":[20,8020]},\
                "single":{"dtype":"F32","shape":[1],"data_offsets":[8020,8024]},\
                "end":{"dtype":"F16","shape":[3],"data_offsets":[8024,8030]}}""");
        assertThat(file.remaining()).isEqualTo(8030);
        assertThat(file.getLong()).isZero();
        assertThat(file.getLong()).isOne();
        assertThat(Float.float16ToFloat(file.getShort())).isEqualTo(0.5f);
        assertThat(Float.float16ToFloat(file.getShort())).isEqualTo(1.5f);
        assertThat(file.getFloat(file.position() + 8000)).isEqualTo(3f);
    }

    @Test
    void generatorIsSplitMix64() {
        assertThat(SplitMix64.at(1234567, 0)).isEqualTo(6457827717110365317L);
        assertThat(SplitMix64.at(1234567, 1)).isEqualTo(3203168211198807973L);
        Values values = Values.random(7, 2, 16); // standard deviation 2 / sqrt(16)
        double mean = IntStream.range(0, 100_000).mapToDouble(values::at).average().orElseThrow();
        double square = IntStream.range(0, 100_000)
                .mapToDouble(i -> values.at(i) * values.at(i)).average().orElseThrow();
        assertThat(mean).isCloseTo(0, within(0.01));
        assertThat(Math.sqrt(square)).isCloseTo(0.5, within(0.005));
    }

    @Test
    void carriedSignalSurvivesNormalisationAndActivation() {
        for (int channels : new int[] {96, 128, 320, 512}) {
            Carrier carrier = new Carrier(channels, 1);
            int pixels = 64;
            double[] signal = IntStream.range(0, pixels).mapToDouble(i -> 0.7 + SplitMix64.symmetric(3, i)).toArray();
            Values split = carrier.pairs(Values.constant(1), 1);
            double[][] group = new double[carrier.groupSize()][pixels];
            for (int c = 0; c < group.length; c++) {
                for (int i = 0; i < pixels; i++) {
                    group[c][i] = split.at(c) * signal[i] + carrier.reference().at(c);
                }
            }
            double mean = Stream.of(group).flatMapToDouble(DoubleStream::of).average().orElseThrow();
            double variance = Stream.of(group).flatMapToDouble(DoubleStream::of)
                    .map(v -> (v - mean) * (v - mean)).average().orElseThrow();
            for (int i = 0; i < pixels; i++) {
                double joined = 0;
                for (int c = 0; c < group.length; c++) {
                    double normal = (group[c][i] - mean) / Math.sqrt(variance);
                    joined += carrier.sign(c, 0) * silu(normal * carrier.normWeight().at(c) + carrier.normBias().at(c));
                }
                assertThat(joined).isCloseTo(signal[i], within(0.01));
            }
        }
    }

    private static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    private static long startingWith(List<Tensor> tensors, String prefix) {
        return tensors.stream().filter(tensor -> tensor.name().startsWith(prefix)).count();
    }

    private static long elements(List<Tensor> tensors, String prefix) {
        return tensors.stream().filter(tensor -> tensor.name().startsWith(prefix)).mapToLong(Tensor::elements).sum();
    }

    private static List<Integer> shape(List<Tensor> tensors, String name) {
        return tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst().orElseThrow().shape();
    }
}
