package io.github.sdcpp4j.internal.checkpoint;

import java.util.Comparator;
import java.util.List;

/** Checks that tensors lie inside their file and beside each other. */
final class TensorLayout {

    private TensorLayout() {
    }

    static void check(CheckpointFile file, List<TensorInfo> tensors) {
        if (tensors.isEmpty()) {
            throw file.refuse("its header lists no tensors; give the path of a file that holds the model's weights");
        }
        List<TensorInfo> placed = tensors.stream()
                .filter(tensor -> tensor.length() > 0)
                .sorted(Comparator.comparingLong(TensorInfo::offset))
                .toList();
        long end = 0;
        TensorInfo last = null;
        for (TensorInfo tensor : placed) {
            if (last != null && tensor.offset() < end) {
                throw file.damaged("the data of the tensors " + Texts.quote(last.name()) + " (up to byte " + end
                        + ") and " + Texts.quote(tensor.name()) + " (from byte " + tensor.offset() + ") overlap");
            }
            end = Math.addExact(tensor.offset(), tensor.length());
            last = tensor;
        }
        if (end > file.size()) {
            throw file.truncated(end);
        }
    }
}
