package io.github.sdcpp4j.internal.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Headers of models: the few names and shapes that tell a kind; the data is empty or a hole. */
final class ModelBytes {

    private final Map<String, List<Long>> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    static ModelBytes of(String... names) {
        ModelBytes bytes = new ModelBytes();
        for (String name : names) {
            bytes.tensor(name, 1);
        }
        return bytes;
    }

    /** The LDM names of a checkpoint of SD 1.x (768), SD 2.x (1024) or SDXL (2048). */
    static ModelBytes unet(String prefix, long context, long channels) {
        return new ModelBytes().tensor(prefix + "input_blocks.0.0.weight", 1, channels, 1, 1)
                .tensor(prefix + "input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight", 1, context)
                .tensor(prefix + "output_blocks.0.0.in_layers.0.weight", 1);
    }

    ModelBytes clip(String prefix, long width) {
        return tensor(prefix + "text_model.embeddings.token_embedding.weight", 1, width)
                .tensor(prefix + "text_model.encoder.layers.0.self_attn.q_proj.weight", 1);
    }

    ModelBytes vae(String prefix) {
        return vaeDecoder(prefix).tensor(prefix + "encoder.conv_in.weight", 1);
    }

    ModelBytes vaeDecoder(String prefix) {
        return tensor(prefix + "decoder.conv_in.weight", 1, 4, 1, 1).tensor(prefix + "decoder.mid.block_1.norm1.weight", 1);
    }

    ModelBytes tensor(String name, long... shape) {
        List<Long> list = new ArrayList<>();
        for (long dimension : shape) {
            list.add(dimension);
        }
        tensors.put(name, list);
        return this;
    }

    ModelBytes without(String name) {
        tensors.remove(name);
        return this;
    }

    ModelBytes metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    byte[] safetensors() {
        long end = 0;
        List<String> members = new ArrayList<>();
        if (!metadata.isEmpty()) {
            members.add("\"__metadata__\":" + metadata.entrySet().stream()
                    .map(entry -> "\"%s\":\"%s\"".formatted(entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}")));
        }
        for (Map.Entry<String, List<Long>> tensor : tensors.entrySet()) {
            long begin = end;
            end += 2 * Quantities.product(tensor.getValue());
            members.add(SafetensorsBytes.tensor(
                    tensor.getKey(), "F16", tensor.getValue().toString(), "[%d,%d]".formatted(begin, end)));
        }
        return SafetensorsBytes.file("{" + String.join(",", members) + "}", (int) end);
    }

    byte[] gguf() {
        GgufBytes gguf = new GgufBytes();
        long offset = 0;
        for (Map.Entry<String, List<Long>> tensor : tensors.entrySet()) {
            gguf.tensor(tensor.getKey(), GgmlType.F16.id(), offset,
                    tensor.getValue().reversed().stream().mapToLong(Long::longValue).toArray());
            offset += Quantities.padded(2 * Quantities.product(tensor.getValue()), 32);
        }
        return gguf.bytes((int) offset);
    }
}
