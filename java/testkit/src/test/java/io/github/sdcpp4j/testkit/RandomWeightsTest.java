package io.github.sdcpp4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RandomWeightsTest {

    private static final List<Tensor> SMALL = CheckpointSpec.small().tensors();
    private static final List<Tensor> RANDOM = SMALL.stream().map(new RandomWeights(42)::apply).toList();

    @Test
    void noTensorIsZeroOrConstant() {
        for (Tensor tensor : RANDOM) {
            assertThat(firstValues(tensor).distinct().count()).as(tensor.name()).isGreaterThan(2);
        }
    }

    @Test
    void namesShapesAndTypesStay() {
        for (int i = 0; i < SMALL.size(); i++) {
            Tensor small = SMALL.get(i);
            assertThat(RANDOM.get(i).with(small.values())).isEqualTo(small);
        }
    }

    @Test
    void noTwoTensorsAreEqual() {
        assertThat(RANDOM.stream().filter(tensor -> tensor.elements() >= 8).map(tensor -> firstValues(tensor).boxed().toList()))
                .doesNotHaveDuplicates();
    }

    private static DoubleStream firstValues(Tensor tensor) {
        return LongStream.range(0, Math.min(8, tensor.elements())).mapToDouble(tensor.values()::at);
    }
}
