package io.github.sdcpp4j.internal.checkpoint;

import java.util.ArrayList;
import java.util.List;

/** What {@link PickleReader} makes of a pickle: enough for dicts of tensors, and {@link Other} for all else. */
sealed interface PickleValue {

    /** A text. */
    record Text(String value) implements PickleValue {}

    /** An integer that fits. */
    record Whole(long value) implements PickleValue {}

    /** A tuple. */
    record Tuple(List<PickleValue> items) implements PickleValue {
        boolean areWhole() {
            return items.stream().allMatch(Whole.class::isInstance);
        }

        List<Long> wholes() {
            return items.stream().map(item -> ((Whole) item).value()).toList();
        }
    }

    /** The name of a class or a function. It is never looked up. */
    record Global(String name) implements PickleValue {}

    /** A key and its value. */
    record Member(PickleValue key, PickleValue value) {}

    /** A dict, filled by the operations that follow it. */
    record Dict(List<Member> members) implements PickleValue {
        Dict() {
            this(new ArrayList<>());
        }
    }

    /** Where the elements of tensors lie: a class of torch, a key, a number of elements. */
    record Storage(String type, String key, long elements) implements PickleValue {}

    /** A view into a storage; offset and strides count elements. */
    record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides) implements PickleValue {}

    /** Where a tuple or a run of items began; it never leaves the stack. */
    enum Mark implements PickleValue { MARK }

    /** What makes no difference: lists, floats, None, objects of any class. */
    enum Other implements PickleValue { OTHER }
}
