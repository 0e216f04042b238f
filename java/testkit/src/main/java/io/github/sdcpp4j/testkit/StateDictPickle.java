package io.github.sdcpp4j.testkit;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pickle inside a file of {@code torch.save}, protocol 2: a dictionary of one entry, whose value is an
 * {@code OrderedDict} of tensors. Tensor i is all of storage i. Objects that recur go through the memo, as in Python.
 */
final class StateDictPickle {
    private final LittleEndian out = new LittleEndian();
    private final Map<String, Integer> memo = new LinkedHashMap<>();

    private StateDictPickle() {}

    /**
     * The pickle's bytes.
     *
     * @param key     name of the outer entry: {@code state_dict}, or {@code string_to_param} for an embedding
     * @param tensors the tensors
     */
    static byte[] of(String key, List<Tensor> tensors) {
        return new StateDictPickle().write(key, tensors);
    }

    private byte[] write(String key, List<Tensor> tensors) {
        out.i8(0x80).i8(2); // PROTO
        out.i8('}').i8('('); // EMPTY_DICT, MARK
        unicode(key);
        global("collections", "OrderedDict");
        out.i8(')').i8('R').i8('('); // EMPTY_TUPLE, REDUCE, MARK
        for (int i = 0; i < tensors.size(); i++) {
            unicode(tensors.get(i).name());
            tensor(tensors.get(i), Integer.toString(i));
        }
        out.i8('u').i8('u').i8('.'); // SETITEMS, SETITEMS, STOP
        return out.toByteArray();
    }

    private void tensor(Tensor tensor, String storage) {
        global("torch._utils", "_rebuild_tensor_v2");
        out.i8('(').i8('(');
        recurring("storage");
        global("torch", storageClass(tensor.type()));
        unicode(storage);
        recurring("cpu");
        integer(tensor.elements());
        out.i8('t').i8('Q'); // TUPLE, BINPERSID
        integer(0);
        tuple(tensor.shape());
        tuple(strides(tensor.shape()));
        out.i8(0x89); // NEWFALSE: requires_grad
        global("collections", "OrderedDict");
        out.i8(')').i8('R').i8('t').i8('R'); // no hooks; the arguments; the tensor
    }

    private void tuple(List<Integer> values) {
        out.i8('(');
        values.forEach(this::integer);
        out.i8('t');
    }

    private void integer(long value) {
        if (value < 1 << 8) {
            out.i8('K').i8((int) value);
        } else if (value < 1 << 16) {
            out.i8('M').i16((int) value);
        } else {
            out.i8('J').i32(Math.toIntExact(value));
        }
    }

    private void unicode(String value) {
        out.i8('X').i32(value.getBytes(StandardCharsets.UTF_8).length).text(value);
    }

    private void recurring(String value) {
        if (!recall(value)) {
            unicode(value);
            memorise(value);
        }
    }

    private void global(String module, String name) {
        String lines = module + "\n" + name + "\n";
        if (!recall(lines)) {
            out.i8('c').text(lines);
            memorise(lines);
        }
    }

    private boolean recall(String object) {
        Integer index = memo.get(object);
        if (index != null) {
            out.i8('h').i8(index); // BINGET
        }
        return index != null;
    }

    private void memorise(String object) {
        out.i8('q').i8(memo.size()); // BINPUT
        memo.put(object, memo.size());
    }

    private static String storageClass(DataType type) {
        return switch (type) {
            case F16 -> "HalfStorage";
            case F32 -> "FloatStorage";
            case I64 -> "LongStorage";
        };
    }

    private static List<Integer> strides(List<Integer> shape) {
        Integer[] strides = new Integer[shape.size()];
        int stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape.get(i);
        }
        return List.of(strides);
    }
}
