package io.github.sdcpp4j.testkit;

import java.util.List;

/** Where the things are in a file that one of the writers made, and how its header is put together again. */
interface Layout {

    static Layout of(TensorFile content, Container container) {
        return switch (container) {
            case SAFETENSORS -> new SafetensorsLayout(content);
            case GGUF -> new GgufLayout(content);
            case CKPT -> new TorchLayout(content);
        };
    }

    /** What the header says, all of it true. */
    List<Entry> entries();

    /** The parts of the file that are not tensor data. */
    List<Span> headers();

    /** Where binary numbers are in the header. */
    List<Span> numbers();

    /** Where the data of each tensor is in the file, in the order of the entries. */
    List<Span> data();

    /**
     * A well-formed header that says something else and is exactly as long as the present one, so that no data moves.
     * Tensors that find no room in it are left out, see {@link Entry#fewer}.
     */
    Patch header(List<Entry> entries);

    /** The patches, and those that make checksums right again. */
    default List<Patch> sealed(List<Patch> patches) {
        return patches;
    }
}
