package io.github.sdcpp4j.testkit;

import java.util.List;

/**
 * A ControlNet for SD 1.5 in the naming of the original files: the UNet's first half under {@code control_model}, a
 * small network for the hint, and one convolution for each output. All weights but, if wanted, the hint's way to the first
 * output are zero, so that the file is little more than a header on file systems that know sparse files; the width 320 is
 * fixed by the runtime.
 */
final class ControlNet {
    private static final String UNET = "model.diffusion_model.";
    private static final List<String> FIRST_HALF = List.of("time_embed.", "input_blocks.", "middle_block.");
    private static final int[] HINT = {3, 16, 16, 32, 32, 96, 96, 256, 320};
    private static final int[] OUTPUTS = {320, 320, 320, 320, 640, 640, 640, 1280, 1280, 1280, 1280, 1280};

    private ControlNet() {}

    /**
     * Adds the layers.
     *
     * @param gain of the layers between the hint and the first output; 0 for none
     */
    static void addTo(Scope root, double gain) {
        Scope model = root.in("control_model");
        for (Tensor tensor : CheckpointSpec.full().tensors()) {
            String name = tensor.name().startsWith(UNET) ? tensor.name().substring(UNET.length()) : "";
            if (FIRST_HALF.stream().anyMatch(name::startsWith)) {
                model.add(name, Values.ZERO, tensor.shape().toArray(Integer[]::new));
            }
        }
        for (int i = 1; i < HINT.length; i++) {
            model.conv("input_hint_block." + 2 * (i - 1), HINT[i], HINT[i - 1], 3, gain);
        }
        for (int i = 0; i < OUTPUTS.length; i++) {
            model.conv("zero_convs." + i + ".0", OUTPUTS[i], OUTPUTS[i], 1, i == 0 ? gain : 0);
        }
        model.conv("middle_block_out.0", OUTPUTS[OUTPUTS.length - 1], OUTPUTS[OUTPUTS.length - 1], 1, 0);
    }
}
