package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.internal.checkpoint.PickleValue.Storage;
import io.github.sdcpp4j.internal.checkpoint.PickleValue.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Reads the format before PyTorch 1.6: pickles one after the other, which are a magic number, the version 1001, what
 * machine wrote it, the tensors, the keys of their storages; then for each key the number of elements and the elements.
 * Where a pickle does more than describe tensors, they stay unknown.
 */
final class TorchLegacy {

    /** LONG1 of ten bytes, the magic number 0x1950a86a20f9469cfc6c, STOP; before it stand PROTO and its number. */
    private static final byte[] MAGIC = HexFormat.of().parseHex("8a0a6cfc9c46f9206aa850192e");

    /** PROTO 2, BININT2 1001, STOP. */
    private static final byte[] VERSION = HexFormat.of().parseHex("80024de9032e");

    private static final int PROTOCOL_BYTES = 2;
    private static final int START_BYTES = PROTOCOL_BYTES + MAGIC.length + VERSION.length;

    private TorchLegacy() {
    }

    static boolean matches(byte[] head) {
        int end = PROTOCOL_BYTES + MAGIC.length;
        return head.length >= end && (head[0] & 0xff) == 0x80
                && Arrays.equals(head, PROTOCOL_BYTES, end, MAGIC, 0, MAGIC.length);
    }

    static CheckpointHeader read(CheckpointFile file) throws IOException {
        byte[] head = file.read(0, START_BYTES);
        if (file.size() <= START_BYTES) {
            throw file.refuse("it is truncated: it ends after " + file.size()
                    + " bytes, within the beginning of a PyTorch file; download it again");
        }
        // The protocol number of the second pickle follows that of the first.
        int version = PROTOCOL_BYTES + MAGIC.length;
        int number = version + PROTOCOL_BYTES;
        if ((head[version] & 0xff) != 0x80
                || !Arrays.equals(head, number, START_BYTES, VERSION, PROTOCOL_BYTES, VERSION.length)) {
            throw file.damaged("it has the magic number of torch.save, but after it "
                    + HexFormat.of().formatHex(head, version, START_BYTES) + " instead of the version 1001 ("
                    + HexFormat.of().formatHex(VERSION) + ")");
        }
        return new CheckpointHeader(file.path(), CheckpointFormat.TORCH_LEGACY, file.size(), readTensors(file), Map.of());
    }

    private static List<TensorInfo> readTensors(CheckpointFile file) throws IOException {
        var input = new HeaderInput(file, START_BYTES, START_BYTES + Limits.PICKLE_BYTES);
        try {
            PickleReader.read(input);
            PickleReader.Pickle pickle = PickleReader.read(input);
            PickleReader.read(input);
            Map<String, Tensor> tensors = StateDict.tensorsOf(file, pickle.value());
            return tensors.isEmpty() ? List.of() : place(file, tensors, pickle.storages().values(), input.position());
        } catch (PickleException e) {
            if (e.isDamage()) {
                throw file.damaged("its pickle contradicts itself: " + e.getMessage());
            }
            return List.of();
        } catch (EOFException e) {
            throw file.refuse("it is truncated: it ends after " + file.size()
                    + " bytes, within its description of the tensors; download it again", e);
        }
    }

    private static List<TensorInfo> place(
            CheckpointFile file, Map<String, Tensor> tensors, Collection<Storage> storages, long dataStart) throws IOException {
        var torch = new TorchTensors(file);
        Map<String, TorchTensors.Place> places = new HashMap<>();
        long position = dataStart;
        for (Storage storage : storages) {
            String what = "the storage " + Texts.quote(storage.key()) + " ";
            long length = torch.bytesOf(what, storage);
            long start = position + Long.BYTES;
            if (start > file.size()) {
                throw file.truncated(start);
            }
            // a view of a storage gives its own length in the pickle; then the places cannot be known from it
            if (new HeaderInput(file, position, start).i64() != storage.elements()) {
                return List.of();
            }
            if (length > file.size() - start) {
                throw file.truncated(length > Long.MAX_VALUE - start ? Long.MAX_VALUE : start + length);
            }
            places.put(storage.key(), new TorchTensors.Place(start, length));
            position = start + length;
        }
        return torch.place(tensors, (what, storage) -> places.get(storage.key()));
    }
}
