package io.github.sdcpp4j.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * What a header says about a tensor; it need not be true.
 *
 * @param name  the tensor's name
 * @param type  element type
 * @param shape slowest dimension first
 * @param data  where the data lies, counted from the beginning of all data
 */
record Entry(String name, ElementType type, List<Long> shape, Span data) {

    Entry {
        shape = List.copyOf(shape);
    }

    /** The truth about tensors whose data lies one after the other, each on a multiple of {@code alignment} bytes. */
    static List<Entry> layOut(List<Tensor> tensors, int alignment) {
        List<Entry> entries = new ArrayList<>();
        long start = 0;
        for (Tensor tensor : tensors) {
            entries.add(new Entry(tensor.name(), ElementType.of(tensor.type()),
                    tensor.shape().stream().map(Integer::longValue).toList(), new Span(start, tensor.bytes())));
            start = Math.ceilDiv(start + tensor.bytes(), alignment) * alignment;
        }
        return entries;
    }

    /** One entry less: an integer one if there is any, since no runtime needs those, else the last. */
    static List<Entry> fewer(List<Entry> entries) {
        List<Entry> fewer = new ArrayList<>(entries);
        for (int i = 0; i < fewer.size(); i++) {
            if (fewer.get(i).type() == ElementType.I64) {
                fewer.remove(i);
                return fewer;
            }
        }
        fewer.removeLast();
        return fewer;
    }

    Entry withName(String value) {
        return new Entry(value, type, shape, data);
    }

    Entry withType(ElementType value) {
        return new Entry(name, value, shape, data);
    }

    Entry withShape(List<Long> value) {
        return new Entry(name, type, value, data);
    }

    Entry withData(Span value) {
        return new Entry(name, type, shape, value);
    }

    /** The same with the length that type and shape ask for, modulo 2<sup>64</sup>. */
    Entry fitted() {
        return withData(new Span(data.start(), elements() * type.bytes()));
    }

    /** The product of the dimensions, modulo 2<sup>64</sup>. */
    long elements() {
        return shape.stream().reduce(1L, (a, b) -> a * b);
    }
}
