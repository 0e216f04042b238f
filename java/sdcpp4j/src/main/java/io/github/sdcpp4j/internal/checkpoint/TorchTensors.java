package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.internal.checkpoint.PickleValue.Storage;
import io.github.sdcpp4j.internal.checkpoint.PickleValue.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks pickled tensors against the place where their elements lie. */
final class TorchTensors {

    /**
     * Where the elements of a storage lie in the file.
     *
     * @param offset from the beginning of the file
     * @param length in bytes
     */
    record Place(long offset, long length) {}

    /** Finds the bytes of a storage. */
    interface Places {
        /** Refuses the file when there are none; {@code what} is a tensor that needs them, as a subject. */
        Place of(String what, Storage storage);
    }

    /**
     * An element type.
     *
     * @param name as in the other formats
     * @param bytes of one element
     */
    private record Type(String name, int bytes) {}

    /** The storages that the native loader reads; it refuses the whole file for any other. */
    private static final Map<String, Type> TYPES = Map.of(
            "torch.FloatStorage", new Type("F32", 4),
            "torch.DoubleStorage", new Type("F64", 8),
            "torch.HalfStorage", new Type("F16", 2),
            "torch.BFloat16Storage", new Type("BF16", 2),
            "torch.IntStorage", new Type("I32", 4),
            "torch.LongStorage", new Type("I64", 8));

    private final CheckpointFile file;

    TorchTensors(CheckpointFile file) {
        this.file = file;
    }

    List<TensorInfo> place(Map<String, Tensor> tensors, Places places) {
        List<TensorInfo> placed = new ArrayList<>(tensors.size());
        tensors.forEach((name, tensor) -> placed.add(place(name, tensor, places)));
        return placed;
    }

    /** The bytes that a storage of a known type takes. */
    long bytesOf(String what, Storage storage) {
        Type type = type(what, storage);
        if (storage.elements() < 0 || storage.elements() > Long.MAX_VALUE / type.bytes()) {
            throw file.damaged(what + "lies in a storage of " + storage.elements() + " elements");
        }
        return storage.elements() * type.bytes();
    }

    private TensorInfo place(String name, Tensor tensor, Places places) {
        String what = "the tensor " + Texts.quote(name) + " ";
        Type type = type(what, tensor.storage());
        List<Long> shape = tensor.shape();
        if (shape.size() > Limits.SAFETENSORS_DIMENSIONS) {
            throw file.refuse(what + "has " + shape.size() + " dimensions " + Texts.list(shape)
                    + ", the native runtime takes at most " + Limits.SAFETENSORS_DIMENSIONS
                    + "; use a checkpoint of a supported model");
        }
        long length = length(what, tensor, type);
        if (length > 0 && !isContiguous(tensor)) {
            throw file.refuse(what + "is stored with the strides " + Texts.list(tensor.strides()) + " for the shape "
                    + Texts.list(shape) + ", which the native runtime cannot read; save it again as safetensors");
        }
        long storageBytes = bytesOf(what, tensor.storage());
        if (tensor.offset() < 0 || length > storageBytes || tensor.offset() > (storageBytes - length) / type.bytes()) {
            throw file.damaged(what + "takes " + length + " bytes from element " + tensor.offset() + " on, but its storage "
                    + Texts.quote(tensor.storage().key()) + " has " + storageBytes);
        }
        Place place = places.of(what, tensor.storage());
        if (place.length() < storageBytes) {
            throw file.damaged(what + "lies in the storage " + Texts.quote(tensor.storage().key()) + " of " + storageBytes
                    + " bytes, but the file has " + place.length() + " of them");
        }
        return new TensorInfo(name, type.name(), shape, place.offset() + tensor.offset() * type.bytes(), length);
    }

    private Type type(String what, Storage storage) {
        Type type = TYPES.get(storage.type());
        if (type == null) {
            throw file.refuse(what + "has the type " + Texts.quote(storage.type())
                    + ", which the native runtime cannot read; use an F16, BF16 or F32 version of the model");
        }
        return type;
    }

    private long length(String what, Tensor tensor, Type type) {
        try {
            if (tensor.shape().stream().allMatch(dimension -> dimension >= 0)) {
                return Math.multiplyExact(Quantities.product(tensor.shape()), type.bytes());
            }
        } catch (ArithmeticException e) {
            // said below
        }
        throw file.damaged(what + "has the shape " + Texts.list(tensor.shape()) + ", which no file can hold");
    }

    private static boolean isContiguous(Tensor tensor) {
        if (tensor.strides().size() != tensor.shape().size()) {
            return false;
        }
        long expected = 1;
        for (int i = tensor.shape().size() - 1; i >= 0; i--) {
            if (tensor.strides().get(i) != expected) {
                return false;
            }
            expected *= tensor.shape().get(i);
        }
        return true;
    }
}
