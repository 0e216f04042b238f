package io.github.sdcpp4j.internal.checkpoint;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The tensors of one file, found by name; the questions that the rules about kinds ask. */
final class TensorNames {

    private final NavigableMap<String, TensorInfo> byName = new TreeMap<>();

    TensorNames(List<TensorInfo> tensors) {
        tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
    }

    int size() {
        return byName.size();
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    boolean starts(String prefix) {
        String next = byName.ceilingKey(prefix);
        return next != null && next.startsWith(prefix);
    }

    boolean any(Predicate<String> condition) {
        return byName.keySet().stream().anyMatch(condition);
    }

    long count(Predicate<String> condition) {
        return byName.keySet().stream().filter(condition).count();
    }

    /** The first tensor of such a name, in the order of the names. */
    Optional<TensorInfo> find(Predicate<String> condition) {
        return byName.values().stream().filter(tensor -> condition.test(tensor.name())).findFirst();
    }

    boolean all(Predicate<TensorInfo> condition) {
        return byName.values().stream().allMatch(condition);
    }
}
