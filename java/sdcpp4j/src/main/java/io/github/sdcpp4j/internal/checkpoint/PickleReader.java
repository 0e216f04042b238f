package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.internal.checkpoint.PickleValue.Dict;
import io.github.sdcpp4j.internal.checkpoint.PickleValue.Global;
import io.github.sdcpp4j.internal.checkpoint.PickleValue.Mark;
import io.github.sdcpp4j.internal.checkpoint.PickleValue.Member;
import io.github.sdcpp4j.internal.checkpoint.PickleValue.Other;
import io.github.sdcpp4j.internal.checkpoint.PickleValue.Storage;
import io.github.sdcpp4j.internal.checkpoint.PickleValue.Tensor;
import io.github.sdcpp4j.internal.checkpoint.PickleValue.Text;
import io.github.sdcpp4j.internal.checkpoint.PickleValue.Tuple;
import io.github.sdcpp4j.internal.checkpoint.PickleValue.Whole;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Runs a pickle without running code: a name stays a name, a call of anything but torch's three functions that rebuild a
 * tensor gives {@link Other}. Opcodes as in CPython's pickletools. Memory is bounded by the number of operations and the
 * length of the texts; nothing is nested by recursion.
 */
final class PickleReader {

    private static final String REBUILD = "torch._utils._rebuild_tensor";
    private static final String REBUILD_V2 = "torch._utils._rebuild_tensor_v2";
    private static final String REBUILD_PARAMETER = "torch._utils._rebuild_parameter";
    private static final String ORDERED_DICT = "collections.OrderedDict";

    /**
     * What a pickle holds.
     *
     * @param value the object
     * @param storages all storages by key, in the order of the keys; also those of tensors that lie too deep in the object
     */
    record Pickle(PickleValue value, SortedMap<String, Storage> storages) {}

    private final InputStream input;
    private final SortedMap<String, Storage> storages = new TreeMap<>();
    private final List<PickleValue> stack = new ArrayList<>();
    private final Map<Integer, PickleValue> memo = new HashMap<>();
    private long kept;

    private PickleReader(InputStream input) {
        this.input = input;
    }

    /** Reads up to and including the end of one pickle. */
    static Pickle read(InputStream input) throws IOException, PickleException {
        return new PickleReader(input).run();
    }

    private Pickle run() throws IOException, PickleException {
        for (int operations = 0; operations < Limits.PICKLE_OPERATIONS; operations++) {
            int opcode = u8();
            if (opcode == '.') {
                return new Pickle(pop(), storages);
            }
            execute(opcode);
        }
        throw PickleException.unsupported("it has more than " + Limits.PICKLE_OPERATIONS + " operations");
    }

    private void execute(int opcode) throws IOException, PickleException {
        switch (opcode) {
            case 0x80 -> u8(); // PROTO
            case 0x95 -> number(8); // FRAME
            case '}' -> push(new Dict());
            case ']', 0x8f, 'N', 0x88, 0x89 -> push(Other.OTHER); // EMPTY_LIST, EMPTY_SET, NONE, TRUE, FALSE
            case '(' -> push(Mark.MARK);
            case ')' -> push(new Tuple(List.of()));
            case 't' -> push(new Tuple(popToMark()));
            case 0x85, 0x86, 0x87 -> push(new Tuple(pop(opcode - 0x84)));
            case 'l', 0x91 -> replace(popToMark()); // LIST, FROZENSET
            case 'e', 0x90 -> { // APPENDS, ADDITEMS
                popToMark();
                top();
            }
            case 'a' -> { // APPEND
                pop();
                top();
            }
            case 'u' -> setItems(popToMark());
            case 's' -> setItems(pop(2));
            case 'K' -> push(new Whole(u8()));
            case 'M' -> push(new Whole(number(2)));
            case 'J' -> push(new Whole((int) number(4)));
            case 0x8a -> longInteger(u8());
            case 0x8b -> longInteger(number(4));
            case 'G' -> skip(8); // BINFLOAT
            case 'I', 'L', 'F', 'S', 'V' -> { // the numbers and texts of protocol 0, which torch.save does not write
                line();
                push(Other.OTHER);
            }
            case 'X' -> text(number(4));
            case 0x8c -> text(u8());
            case 0x8d -> text(number(8));
            case 'U' -> text(u8()); // SHORT_BINSTRING
            case 'T' -> text(number(4)); // BINSTRING
            case 'C' -> skip(u8()); // bytes of several lengths
            case 'B' -> skip(number(4));
            case 0x8e, 0x96 -> skip(number(8));
            case 'c' -> push(new Global(line() + "." + line()));
            case 0x93 -> stackGlobal();
            case 'h' -> get(u8());
            case 'j' -> get((int) number(4));
            case 'q' -> memo.put(u8(), top());
            case 'r' -> memo.put((int) number(4), top());
            case 0x94 -> memo.put(memo.size(), top());
            case '0' -> pop();
            case '1' -> popToMark();
            case '2' -> push(top());
            case 'Q' -> push(persistent(pop()));
            case 'R' -> reduce();
            case 0x81 -> replace(pop(2)); // NEWOBJ
            case 0x92 -> replace(pop(3)); // NEWOBJ_EX
            case 'o' -> replace(popToMark());
            case 'i' -> { // INST
                line();
                line();
                replace(popToMark());
            }
            case 'b' -> { // BUILD: the state of an object makes no difference
                pop();
                top();
            }
            default -> throw PickleException.unsupported("it has the operation 0x" + Integer.toHexString(opcode));
        }
    }

    private void setItems(List<PickleValue> items) throws PickleException {
        if (items.size() % 2 != 0) {
            throw PickleException.damaged("it sets a key without a value");
        }
        if (top() instanceof Dict dict) {
            for (int i = 0; i < items.size(); i += 2) {
                dict.members().add(new Member(items.get(i), items.get(i + 1)));
            }
        }
    }

    private void reduce() throws PickleException {
        PickleValue arguments = pop();
        PickleValue callable = pop();
        push(callable instanceof Global global && arguments instanceof Tuple tuple
                ? call(global.name(), tuple.items()) : Other.OTHER);
    }

    private static PickleValue call(String name, List<PickleValue> arguments) {
        return switch (name) {
            case ORDERED_DICT -> arguments.isEmpty() ? new Dict() : Other.OTHER;
            case REBUILD, REBUILD_V2 -> tensor(arguments);
            case REBUILD_PARAMETER -> !arguments.isEmpty() && arguments.getFirst() instanceof Tensor tensor
                    ? tensor : Other.OTHER;
            default -> Other.OTHER;
        };
    }

    private static PickleValue tensor(List<PickleValue> arguments) {
        return arguments.size() >= 4
                && arguments.get(0) instanceof Storage storage && arguments.get(1) instanceof Whole offset
                && arguments.get(2) instanceof Tuple shape && shape.areWhole()
                && arguments.get(3) instanceof Tuple strides && strides.areWhole()
                ? new Tensor(storage, offset.value(), shape.wholes(), strides.wholes()) : Other.OTHER;
    }

    /** The only persistent ids that torch.save writes: ("storage", class, key, device, number of elements, ...). */
    private PickleValue persistent(PickleValue id) {
        if (id instanceof Tuple tuple && tuple.items().size() >= 5
                && tuple.items().get(0) instanceof Text kind && kind.value().equals("storage")
                && tuple.items().get(1) instanceof Global type && tuple.items().get(4) instanceof Whole elements) {
            return switch (tuple.items().get(2)) {
                case Text key -> storage(type.name(), key.value(), elements.value());
                case Whole key -> storage(type.name(), Long.toString(key.value()), elements.value());
                default -> Other.OTHER;
            };
        }
        return Other.OTHER;
    }

    private Storage storage(String type, String key, long elements) {
        Storage storage = new Storage(type, key, elements);
        storages.put(key, storage);
        return storage;
    }

    private void stackGlobal() throws PickleException {
        PickleValue name = pop();
        PickleValue module = pop();
        push(module instanceof Text m && name instanceof Text n ? new Global(m.value() + "." + n.value()) : Other.OTHER);
    }

    private void get(int index) throws PickleException {
        PickleValue value = memo.get(index);
        if (value == null) {
            throw PickleException.damaged("it uses the value " + Integer.toUnsignedString(index) + ", which it never stored");
        }
        push(value);
    }

    private void replace(List<PickleValue> ignored) {
        push(Other.OTHER);
    }

    private void push(PickleValue value) {
        stack.add(value);
    }

    private PickleValue top() throws PickleException {
        if (stack.isEmpty()) {
            throw PickleException.damaged("it takes more values than it made");
        }
        return stack.getLast();
    }

    private PickleValue pop() throws PickleException {
        PickleValue value = top();
        stack.removeLast();
        return value;
    }

    private List<PickleValue> pop(int count) throws PickleException {
        if (stack.size() < count) {
            throw PickleException.damaged("it takes more values than it made");
        }
        return cut(stack.size() - count, stack.size() - count);
    }

    private List<PickleValue> popToMark() throws PickleException {
        int mark = stack.lastIndexOf(Mark.MARK);
        if (mark < 0) {
            throw PickleException.damaged("it ends a group that it never began");
        }
        return cut(mark, mark + 1);
    }

    private List<PickleValue> cut(int from, int firstKept) {
        List<PickleValue> items = List.copyOf(stack.subList(firstKept, stack.size()));
        stack.subList(from, stack.size()).clear();
        return items;
    }

    private void longInteger(long length) throws IOException, PickleException {
        if (length > Long.BYTES) {
            skip(length);
            return;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (long) u8() << (8 * i);
        }
        // two's complement of that many bytes
        int unused = Long.SIZE - 8 * (int) length;
        push(new Whole(length == 0 ? 0 : value << unused >> unused));
    }

    private void text(long length) throws IOException, PickleException {
        if (length < 0 || length > Limits.NAME_BYTES) {
            skip(length);
            return;
        }
        keep(length);
        byte[] bytes = input.readNBytes((int) length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        push(new Text(new String(bytes, StandardCharsets.UTF_8)));
    }

    private String line() throws IOException, PickleException {
        StringBuilder line = new StringBuilder();
        for (int c = u8(); c != '\n'; c = u8()) {
            if (line.length() == Limits.NAME_BYTES) {
                throw PickleException.unsupported("it has a line of more than " + Limits.NAME_BYTES + " bytes");
            }
            line.append((char) c);
        }
        keep(line.length());
        return line.toString();
    }

    private void keep(long bytes) throws PickleException {
        kept += bytes;
        if (kept > Limits.TEXT_BYTES) {
            throw PickleException.unsupported("it has more than " + Limits.TEXT_BYTES + " bytes of text");
        }
    }

    /** Passes over bytes that make no difference. */
    private void skip(long count) throws IOException {
        if (count < 0) {
            throw new EOFException();
        }
        input.skipNBytes(count);
        push(Other.OTHER);
    }

    private long number(int bytes) throws IOException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) u8() << (8 * i);
        }
        return value;
    }

    private int u8() throws IOException {
        int value = input.read();
        if (value < 0) {
            throw new EOFException();
        }
        return value;
    }
}
