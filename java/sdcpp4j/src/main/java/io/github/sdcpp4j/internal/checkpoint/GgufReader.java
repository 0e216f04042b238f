package io.github.sdcpp4j.internal.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a GGUF header of version 2 or 3: counts, metadata, tensor descriptions, then the aligned data. What ggml's own
 * reader rejects is rejected here as well, since the fallback behind it checks nothing, and so is what it divides by.
 */
final class GgufReader {

    private static final int OLDEST = 2;
    private static final int NEWEST = 3;
    private static final int MAGIC_BYTES = 4;

    /** Length of an empty key, type, one byte of value. */
    private static final int LEAST_KEY_BYTES = 8 + 4 + 1;

    /** Length of an empty name, number of dimensions, type, offset. */
    private static final int LEAST_TENSOR_BYTES = 8 + 4 + 4 + 8;

    private final CheckpointFile file;
    private final GgufInput input;
    private final GgufMetadata metadata;

    /** As in the file, with the offset still counted from the beginning of the data. */
    private final List<TensorInfo> tensors = new ArrayList<>();

    private GgufReader(CheckpointFile file) {
        this.file = file;
        this.input = new GgufInput(file);
        this.metadata = new GgufMetadata(file, input);
    }

    static CheckpointHeader read(CheckpointFile file) throws IOException {
        return new GgufReader(file).read();
    }

    private CheckpointHeader read() throws IOException {
        try {
            readHeader();
        } catch (EOFException e) {
            throw input.ended(e);
        }
        long dataStart = Quantities.padded(input.position(), metadata.alignment());
        List<TensorInfo> placed = tensors.stream().map(tensor -> place(tensor, dataStart)).toList();
        TensorLayout.check(file, placed);
        return new CheckpointHeader(file.path(), CheckpointFormat.GGUF, file.size(), placed, metadata.values());
    }

    private void readHeader() throws IOException {
        input.pass(MAGIC_BYTES);
        checkVersion(input.u32());
        long tensorCount = count("tensors", input.i64(), LEAST_TENSOR_BYTES, Limits.TENSORS);
        long keyCount = count("metadata keys", input.i64(), LEAST_KEY_BYTES, Limits.METADATA_KEYS);
        metadata.read(keyCount);
        Set<String> names = new HashSet<>();
        for (long i = 0; i < tensorCount; i++) {
            TensorInfo tensor = tensor(i);
            if (!names.add(tensor.name())) {
                throw file.damaged("the tensor name " + Texts.quote(tensor.name()) + " occurs twice");
            }
            tensors.add(tensor);
        }
    }

    private void checkVersion(long version) {
        if (version >= OLDEST && version <= NEWEST) {
            return;
        }
        String remedy;
        if (Integer.reverseBytes((int) version) > 0 && Integer.reverseBytes((int) version) <= NEWEST) {
            remedy = ", the mark of a file for big-endian machines; download the little-endian file";
        } else if (version == 1) {
            remedy = ", which is no longer read; download a newer file or convert the original model to GGUF again";
        } else {
            remedy = ", but this library reads the versions " + OLDEST + " and " + NEWEST
                    + "; download the file again, or another version of it";
        }
        throw file.refuse("it has the GGUF version " + version + remedy);
    }

    private long count(String what, long count, int leastBytes, int most) {
        if (count < 0 || count > most) {
            throw file.damaged("its header claims " + Long.toUnsignedString(count) + " " + what
                    + ", but no model has more than " + most);
        }
        if (count > input.remaining() / leastBytes) {
            throw file.truncatedOrDamaged("its header claims " + count + " " + what + ", too many for a file of "
                    + file.size() + " bytes");
        }
        return count;
    }

    private TensorInfo tensor(long index) throws IOException {
        String name = input.name("the name of tensor " + index);
        long dimensions = input.u32();
        if (dimensions > Limits.GGUF_DIMENSIONS) {
            throw file.refuse(of(name) + "has " + dimensions + " dimensions, ggml takes at most "
                    + Limits.GGUF_DIMENSIONS + "; the file is damaged or of an unsupported model, download another");
        }
        var shape = new ArrayList<Long>(Limits.GGUF_DIMENSIONS);
        for (int i = 0; i < dimensions; i++) {
            // Innermost first in the file.
            shape.addFirst(input.i64());
        }
        // ggml divides by the dimensions, and 0 ends the process.
        if (shape.stream().anyMatch(dimension -> dimension <= 0)) {
            throw file.damaged(of(name) + "has the shape " + shape + ", but dimensions are at least 1");
        }
        GgmlType type = type(name, input.u32());
        long offset = input.i64();
        if (offset < 0 || offset % metadata.alignment() != 0) {
            throw file.damaged(of(name) + "has the offset " + Long.toUnsignedString(offset)
                    + ", not a multiple of the alignment " + metadata.alignment());
        }
        return new TensorInfo(name, type.name(), shape, offset, size(name, type, shape));
    }

    private GgmlType type(String name, long id) {
        return GgmlType.of(id).orElseThrow(() -> GgmlType.isRemoved(id)
                ? file.refuse(of(name) + "has the type " + id + ", which ggml has removed; download a newer file or"
                        + " convert the original model to GGUF again")
                : file.refuse(of(name) + "has the unknown type " + id + "; the file is damaged or made for a newer"
                        + " version of ggml, so download it again or take another quantisation"));
    }

    private long size(String name, GgmlType type, List<Long> shape) {
        long row = shape.isEmpty() ? 1 : shape.getLast();
        if (row % type.blockElements() != 0) {
            throw file.damaged(of(name) + "has rows of " + row + " elements, but " + type + " comes in blocks of "
                    + type.blockElements());
        }
        try {
            return Math.multiplyExact(Quantities.product(shape) / type.blockElements(), type.blockBytes());
        } catch (ArithmeticException e) {
            throw file.damaged(of(name) + "has the shape " + shape + ", more elements than any file can hold");
        }
    }

    private TensorInfo place(TensorInfo tensor, long dataStart) {
        if (tensor.offset() > Long.MAX_VALUE - dataStart - tensor.length()) {
            throw file.damaged(of(tensor.name()) + "has the offset " + tensor.offset()
                    + ", more than any file can hold");
        }
        return new TensorInfo(tensor.name(), tensor.dtype(), tensor.shape(), dataStart + tensor.offset(),
                tensor.length());
    }

    private static String of(String name) {
        return "the tensor " + Texts.quote(name) + " ";
    }
}
