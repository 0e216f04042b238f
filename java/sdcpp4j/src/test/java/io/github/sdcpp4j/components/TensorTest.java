package io.github.sdcpp4j.components;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.schedulers.TorchCpuNoise;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Tensors need no model and no native library. */
class TensorTest {

    private static Tensor of(float... values) {
        return Tensor.of(values, values.length);
    }

    @Test
    void holdsWhatItWasGivenInItsShape() {
        float[] values = {1, 2, 3, 4, 5, 6};
        try (Tensor tensor = Tensor.of(values, 1, 2, 3); Tensor zeros = Tensor.zeros(2, 2)) {
            assertThat(tensor.shape()).containsExactly(1, 2, 3);
            assertThat(tensor.size()).isEqualTo(6);
            assertThat(tensor.toArray()).containsExactly(values);
            assertThat(tensor).hasToString("Tensor 1x2x3");
            values[0] = 9;
            tensor.shape()[0] = 9;
            assertThat(tensor.toArray()[0]).isEqualTo(1);
            assertThat(tensor.shape()[0]).isEqualTo(1);
            assertThat(zeros.toArray()).containsExactly(0, 0, 0, 0);
        }
    }

    @Test
    void noiseIsOneCallToItsSource() {
        try (Tensor noise = Tensor.randn(new TorchCpuNoise(7), 1, 4, 8, 8)) {
            assertThat(noise.shape()).containsExactly(1, 4, 8, 8);
            assertThat(noise.toArray()).isEqualTo(new TorchCpuNoise(7).next(256));
        }
    }

    @Test
    void arithmeticIsDoneInPlaceAndChained() {
        try (Tensor a = of(1, 2, 4); Tensor b = of(10, 0, -1)) {
            assertThat(a.scale(2)).isSameAs(a);
            assertThat(a.toArray()).containsExactly(2, 4, 8);
            assertThat(a.axpy(0.5, b)).isSameAs(a);
            assertThat(a.toArray()).containsExactly(7, 4, 7.5f);
            assertThat(a.set(new float[] {0, 1, 2}).lerp(b, 3).toArray()).containsExactly(30, -2, -7);
            assertThat(b.toArray()).containsExactly(10, 0, -1);
        }
    }

    @Test
    void lerpToTheEndIsTheEndAndToTheStartTheStart() {
        try (Tensor a = of(0.1f, -3); Tensor b = of(0.7f, 1e6f)) {
            assertThat(a.copy().lerp(b, 0).toArray()).containsExactly(0.1f, -3);
            assertThat(a.copy().lerp(b, 1).toArray()).containsExactly(0.7f, 1e6f);
        }
    }

    @Test
    void batchesAreJoinedAndTakenApart() {
        try (Tensor a = Tensor.of(new float[] {1, 2}, 1, 2); Tensor b = Tensor.of(new float[] {3, 4, 5, 6}, 2, 2);
                Tensor all = Tensor.concat(a, b); Tensor middle = all.slice(1, 2); Tensor copy = all.copy()) {
            assertThat(all.shape()).containsExactly(3, 2);
            assertThat(all.toArray()).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(middle.shape()).containsExactly(1, 2);
            assertThat(middle.toArray()).containsExactly(3, 4);
            all.scale(0);
            assertThat(middle.toArray()).as("a copy").containsExactly(3, 4);
            assertThat(copy.toArray()).as("a copy").containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void theBufferIsTheTensorItself() {
        try (Tensor tensor = of(1, 2)) {
            tensor.buffer().put(1, 5);
            assertThat(tensor.toArray()).containsExactly(1, 5);
            FloatBuffer read = tensor.buffer();
            read.get();
            assertThat(tensor.buffer().position()).as("of another buffer").isZero();
        }
    }

    @Test
    void whatDoesNotFitIsRefusedWithASentence() {
        refused(() -> Tensor.of(new float[3], 2, 2), "there are 3 values for the shape 2x2, which has 4");
        refused(() -> Tensor.zeros(), "no dimensions");
        refused(() -> Tensor.zeros(1, 0, 4), "1x0x4");
        refused(() -> Tensor.zeros(1 << 16, 1 << 16), "65536x65536");
        refused(() -> Tensor.zeros(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE), "at most");
        refused(() -> Tensor.randn(length -> new float[1], 2), "there are 1 values for the shape 2");
        refused(() -> Tensor.concat(), "no tensors");
        try (Tensor a = of(1, 2); Tensor b = of(1, 2, 3); Tensor square = Tensor.zeros(2, 2)) {
            refused(() -> a.axpy(1, b), "the shapes 2 and 3 differ");
            refused(() -> a.lerp(b, 1), "the shapes 2 and 3 differ");
            refused(() -> a.set(new float[1]), "there are 1 values for the shape 2");
            refused(() -> Tensor.concat(a, square), "the shapes 2 and 2x2 differ");
            refused(() -> a.slice(1, 1), "1 to 1 is no part of the 2");
            refused(() -> a.slice(-1, 1), "-1 to 1");
            refused(() -> a.slice(0, 3), "0 to 3");
        }
    }

    private static void refused(Runnable work, String message) {
        assertThatThrownBy(work::run).isInstanceOf(InvalidRequestException.class).hasMessageContaining(message);
    }

    @Test
    void aClosedOneIsClosedForAllButClosingAgain() {
        Tensor closed = of(1, 2);
        FloatBuffer buffer = closed.buffer();
        closed.close();
        closed.close();
        List<Consumer<Tensor>> uses = List.of(Tensor::shape, Tensor::size, Tensor::toArray, Tensor::buffer, Tensor::copy,
                tensor -> tensor.scale(2), tensor -> tensor.set(new float[2]), tensor -> tensor.slice(0, 1),
                tensor -> tensor.axpy(1, tensor), tensor -> tensor.lerp(tensor, 1), Tensor::concat);
        assertThat(uses).allSatisfy(use ->
                assertThatThrownBy(() -> use.accept(closed)).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed"));
        assertThatThrownBy(() -> buffer.get(0)).isInstanceOf(IllegalStateException.class);
        try (Tensor open = of(3, 4)) {
            assertThatThrownBy(() -> open.axpy(1, closed)).isInstanceOf(IllegalStateException.class);
            assertThat(open.toArray()).containsExactly(3, 4);
        }
    }
}
