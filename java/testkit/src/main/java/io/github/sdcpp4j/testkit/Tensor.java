package io.github.sdcpp4j.testkit;

import java.util.List;

/**
 * A tensor to be written.
 *
 * @param name   its name in the file
 * @param type   element type
 * @param shape  in PyTorch's order, slowest dimension first
 * @param values contents
 */
record Tensor(String name, DataType type, List<Integer> shape, Values values) {

    Tensor {
        shape = List.copyOf(shape);
        if (type == DataType.Q4_0 && values != Values.ZERO) {
            throw new IllegalArgumentException(name + " is not all zero, and nothing here quantises");
        }
    }

    /** The same tensor with other contents. */
    Tensor with(Values contents) {
        return new Tensor(name, type, shape, contents);
    }

    long elements() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    long bytes() {
        return type.bytes(elements());
    }
}
