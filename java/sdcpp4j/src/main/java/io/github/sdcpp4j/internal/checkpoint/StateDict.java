package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.internal.checkpoint.PickleValue.Dict;
import io.github.sdcpp4j.internal.checkpoint.PickleValue.Member;
import io.github.sdcpp4j.internal.checkpoint.PickleValue.Tensor;
import io.github.sdcpp4j.internal.checkpoint.PickleValue.Text;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Collects the tensors of a pickled dict as the runtime does: those of dicts in dicts under their own names, such as
 * {@code state_dict} in a file of Lightning. Where two dicts have the same name, the later one counts there too.
 */
final class StateDict {

    private final CheckpointFile file;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Set<Dict> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private StateDict(CheckpointFile file) {
        this.file = file;
    }

    static Map<String, Tensor> tensorsOf(CheckpointFile file, PickleValue value) {
        StateDict dict = new StateDict(file);
        if (value instanceof Dict root) {
            dict.collect(root, 0);
        }
        return dict.tensors;
    }

    private void collect(Dict dict, int depth) {
        if (depth > Limits.PICKLE_DEPTH || !seen.add(dict)) {
            return;
        }
        Set<String> names = new HashSet<>();
        for (Member member : dict.members()) {
            if (member.value() instanceof Dict nested) {
                collect(nested, depth + 1);
            } else if (member.key() instanceof Text name && member.value() instanceof Tensor tensor) {
                if (!names.add(name.value())) {
                    throw file.damaged("the tensor name " + Texts.quote(name.value()) + " occurs twice");
                }
                if (tensors.size() == Limits.TENSORS) {
                    throw file.damaged("its pickle lists more than " + Limits.TENSORS + " tensors");
                }
                tensors.put(name.value(), tensor);
            }
        }
    }
}
