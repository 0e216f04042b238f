package io.github.sdcpp4j.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The file formats that a checkpoint can be written in. */
public enum Container {
    /** JSON header and raw tensors. */
    SAFETENSORS(".safetensors"),
    /** ggml's own format, version 3. */
    GGUF(".gguf"),
    /** The zip archive of {@code torch.save}; it holds no metadata. */
    CKPT(".ckpt");

    private final String extension;

    Container(String extension) {
        this.extension = extension;
    }

    /** End of the file name, with the dot. */
    public String extension() {
        return extension;
    }

    /**
     * The container that a file name speaks of; {@link #SAFETENSORS} for an unknown ending, and {@link #CKPT} for
     * {@code .pt} and {@code .pth} too.
     */
    public static Container of(Path path) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(GGUF.extension)) {
            return GGUF;
        }
        return name.endsWith(CKPT.extension) || name.endsWith(".pt") || name.endsWith(".pth") ? CKPT : SAFETENSORS;
    }

    /** Writes a new file; fails if {@code path} exists. */
    void write(Path path, TensorFile content) throws IOException {
        Map<String, String> metadata = content.metadata();
        List<Tensor> tensors = content.tensors();
        switch (this) {
            case SAFETENSORS -> SafetensorsWriter.write(path, metadata, tensors);
            case GGUF -> GgufWriter.write(path, metadata, tensors);
            case CKPT -> TorchZipWriter.write(path, content.torchKey(), tensors);
        }
    }

    /** The length of the file that {@link #write} makes. */
    long fileBytes(TensorFile content) {
        return switch (this) {
            case SAFETENSORS -> SafetensorsWriter.fileBytes(content.metadata(), content.tensors());
            case GGUF -> GgufWriter.fileBytes(content.metadata(), content.tensors());
            case CKPT -> TorchZipWriter.fileBytes(content.torchKey(), content.tensors());
        };
    }
}
