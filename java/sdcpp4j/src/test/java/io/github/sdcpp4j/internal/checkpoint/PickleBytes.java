package io.github.sdcpp4j.internal.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes pickles of protocol 2 operation by operation, and tensors as torch.save does. */
final class PickleBytes {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final GgufBytes.Out out = new GgufBytes.Out(bytes);

    PickleBytes() {
        op(0x80).op(2);
    }

    /** A dict with one F16 tensor [2, 3] named {@code w} in the storage 0 of six elements. */
    static PickleBytes valid() {
        return new PickleBytes().dict(dict -> dict.entry("w").tensor("HalfStorage", "0", 6, 0, 2, 3));
    }

    interface Part {
        void write(PickleBytes pickle);
    }

    PickleBytes dict(Part members) {
        op('}').op('(');
        members.write(this);
        return op('u');
    }

    PickleBytes entry(String key) {
        return text(key);
    }

    /** A contiguous tensor. */
    PickleBytes tensor(String storage, String key, int elements, int offset, int... shape) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape[i];
        }
        return tensor(storage, key, elements, offset, shape, strides);
    }

    PickleBytes tensor(String storage, String key, int elements, int offset, int[] shape, int[] strides) {
        return global("torch._utils", "_rebuild_tensor_v2").op('(')
                .op('(').text("storage").global("torch", storage).text(key).text("cpu").whole(elements).op('t').op('Q')
                .whole(offset).tuple(shape).tuple(strides).op(0x89).global("collections", "OrderedDict").op(')').op('R')
                .op('t').op('R');
    }

    PickleBytes tuple(int... numbers) {
        op('(');
        for (int number : numbers) {
            whole(number);
        }
        return op('t');
    }

    PickleBytes whole(int number) {
        out.i8('J').i32(number);
        return this;
    }

    PickleBytes text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.i8('X').i32(utf8.length).raw(utf8);
        return this;
    }

    PickleBytes global(String module, String name) {
        out.i8('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    PickleBytes op(int opcode) {
        out.i8(opcode);
        return this;
    }

    PickleBytes raw(byte... value) {
        out.raw(value);
        return this;
    }

    byte[] end() {
        return op('.').bytes.toByteArray();
    }

    /** The archive around it, with one storage of so many bytes. */
    byte[] zip(int storageBytes) {
        return new ZipBytes().stored("archive/data.pkl", end()).stored("archive/data/0", new byte[storageBytes]).bytes();
    }
}
