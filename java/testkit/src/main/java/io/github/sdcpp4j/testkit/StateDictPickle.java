package io.github.sdcpp4j.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pickle inside a file of {@code torch.save}, protocol 2: a dictionary of one entry, whose value is an
 * {@code OrderedDict} of tensors. Objects that recur go through the memo, as in Python.
 */
final class StateDictPickle {
    private final LittleEndian out = new LittleEndian();
    private final Map<String, Integer> memo = new LinkedHashMap<>();

    private StateDictPickle() {}

    /**
     * A tensor in a pickle.
     *
     * @param name     its name
     * @param type     element type of the storage
     * @param storage  name of the storage
     * @param elements length of the storage
     * @param offset   where in the storage the tensor begins, in elements
     * @param shape    slowest dimension first; the strides are those of a tensor without gaps
     */
    record Item(String name, ElementType type, String storage, long elements, long offset, List<Long> shape) {}

    /**
     * The pickle's bytes.
     *
     * @param key   name of the outer entry: {@code state_dict}, or {@code string_to_param} for an embedding
     * @param items the tensors
     */
    static LittleEndian of(String key, List<Item> items) {
        return new StateDictPickle().write(key, items);
    }

    /** The true description of tensors of which each has a storage, named by its number. */
    static List<Item> items(List<Tensor> tensors) {
        List<Item> items = new ArrayList<>();
        for (Tensor tensor : tensors) {
            items.add(new Item(tensor.name(), ElementType.of(tensor.type()), Integer.toString(items.size()),
                    tensor.elements(), 0, tensor.shape().stream().map(Integer::longValue).toList()));
        }
        return items;
    }

    private LittleEndian write(String key, List<Item> items) {
        out.i8(0x80).i8(2); // PROTO
        out.i8('}').i8('('); // EMPTY_DICT, MARK
        unicode(key);
        global("collections", "OrderedDict");
        out.i8(')').i8('R').i8('('); // EMPTY_TUPLE, REDUCE, MARK
        for (Item item : items) {
            unicode(item.name());
            tensor(item);
        }
        return out.i8('u').i8('u').i8('.'); // SETITEMS, SETITEMS, STOP
    }

    private void tensor(Item item) {
        global("torch._utils", "_rebuild_tensor_v2");
        out.i8('(').i8('(');
        recurring("storage");
        global("torch", item.type().torch());
        unicode(item.storage());
        recurring("cpu");
        integer(item.elements());
        out.i8('t').i8('Q'); // TUPLE, BINPERSID
        integer(item.offset());
        tuple(item.shape());
        tuple(strides(item.shape()));
        out.i8(0x89); // NEWFALSE: requires_grad
        global("collections", "OrderedDict");
        out.i8(')').i8('R').i8('t').i8('R'); // no hooks; the arguments; the tensor
    }

    private void tuple(List<Long> values) {
        out.i8('(');
        values.forEach(this::integer);
        out.i8('t');
    }

    private void integer(long value) {
        if (value != (int) value) {
            out.i8(0x8A).i8(Long.BYTES).i64(value); // LONG1
        } else if (value >= 0 && value < 1 << 8) {
            out.i8('K').i8((int) value);
        } else if (value >= 0 && value < 1 << 16) {
            out.i8('M').i16((int) value);
        } else {
            out.i8('J').i32(value);
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

    private static List<Long> strides(List<Long> shape) {
        Long[] strides = new Long[shape.size()];
        long stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape.get(i);
        }
        return List.of(strides);
    }
}
