package io.github.sdcpp4j;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A LoRA, LoHa or LoKr and how much of it: a file of changes to a model's weights, for a style or a subject.
 *
 * @param file a .safetensors, .ckpt or .gguf file, in the naming of kohya, diffusers, PEFT or LyCORIS
 * @param weight how much, -100 to 100; 1 is what it was trained for, less is weaker, below 0 is away from it
 */
public record Lora(Path file, double weight) {

    private static final double MOST = 100;

    /**
     * Checks the values.
     *
     * @throws InvalidRequestException when the weight is out of its range
     */
    public Lora {
        Objects.requireNonNull(file, "file");
        Check.range("the LoRA's weight", weight, -MOST, MOST);
    }

    /**
     * A LoRA with the weight 1.
     *
     * @param file the file
     * @return the LoRA
     */
    public static Lora of(Path file) {
        return new Lora(file, 1);
    }
}
