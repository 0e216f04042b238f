package io.github.sdcpp4j.internal.checkpoint;

/** The container of a checkpoint, told from its first bytes and never from the name of the file. */
public enum CheckpointFormat {

    /** Eight bytes of length, a JSON header, then the tensors. */
    SAFETENSORS("safetensors"),

    /** The container of ggml, with quantised types. */
    GGUF("GGUF"),

    /** What {@code torch.save} writes since PyTorch 1.6: a zip archive around a pickle. */
    TORCH_ZIP("PyTorch zip"),

    /** What {@code torch.save} wrote before PyTorch 1.6: pickles one after the other, then the tensors. */
    TORCH_LEGACY("PyTorch legacy");

    private final String label;

    CheckpointFormat(String label) {
        this.label = label;
    }

    /**
     * The name to show to people.
     *
     * @return for example {@code "safetensors"}
     */
    public String label() {
        return label;
    }
}
