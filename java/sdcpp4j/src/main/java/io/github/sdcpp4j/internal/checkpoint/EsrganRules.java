package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.CheckpointException;
import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.ModelKind;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says why a file is no upscaler that the runtime can use. It knows one architecture, ESRGAN's RRDBNet with 64 features and a
 * growth of 32, under the names of <a href="https://github.com/XPixelGroup/BasicSR/blob/v1.4.2/basicsr/archs/rrdbnet_arch.py">BasicSR</a>
 * or under those of the first ESRGAN files; all its tensors are looked for here.
 */
public final class EsrganRules {

    private static final long FEATURES = 64;
    private static final long GROWTH = 32;
    private static final int DENSE_BLOCKS = 3;
    private static final int CONVOLUTIONS = 5;
    private static final int RGB = 3;

    /** Both are above any published model; the runtime knows the old names of so many blocks only. */
    private static final int MOST_BLOCKS = 64;
    private static final Pattern BLOCK = Pattern.compile("body\\.(\\d{1,3})\\..*");

    private static final Pattern OLD_BLOCK = Pattern.compile("model\\.1\\.sub\\.(\\d{1,3})\\.RDB([123])\\.conv([1-5])\\.0\\.(.*)");
    private static final Pattern OLD_BODY_END = Pattern.compile("model\\.1\\.sub\\.\\d{1,3}\\.(weight|bias)");
    /** Layers by their place in the old files, as convert_esrgan_tensor_name of stable-diffusion.cpp has them. */
    private static final Map<String, String> OLD_LAYERS = Map.of(
            "0", "conv_first", "2", "conv_hr", "3", "conv_up1", "4", "conv_last", "5", "conv_hr", "6", "conv_up2",
            "7", "conv_last", "8", "conv_hr", "10", "conv_last");
    private static final Pattern OLD_LAYER = Pattern.compile("model\\.(\\d{1,2})\\.(.*)");

    private static final String REMEDY = "; take an ESRGAN model such as RealESRGAN_x4plus";

    private EsrganRules() {
    }

    /**
     * Reads a file's header and judges it.
     *
     * @param file the upscaler
     * @throws CheckpointException if the file cannot be used; the message names it, what it is and the remedy
     */
    public static void check(Path file) {
        objection(CheckpointHeader.read(file)).ifPresent(objection -> {
            throw new CheckpointException(file + " " + objection);
        });
    }

    /** Why the file cannot be used, as the rest of a sentence that begins with its path. */
    static Optional<String> objection(CheckpointHeader header) {
        if (header.tensors().isEmpty()) {
            return Optional.empty(); // a pickle that only the runtime may understand
        }
        ModelIdentity identity = ModelIdentity.of(header);
        if (identity.kind() == ModelKind.UNKNOWN) {
            return Optional.of("holds nothing that is known as an upscaler (%d tensors)%s".formatted(identity.tensors(), REMEDY));
        }
        if (identity.kind() != ModelKind.UPSCALER) {
            return Optional.of("is %s, not an upscaler: %s".formatted(identity.description(), identity.kind().slot()
                    .map(ModelFile::flag).map(flag -> "give it as " + flag)
                    .orElse("name an ESRGAN model with --upscale-model")));
        }
        Map<String, TensorInfo> tensors = new HashMap<>();
        header.tensors().forEach(tensor -> tensors.put(newName(tensor.name()), tensor));
        if (!tensors.containsKey("body.0.rdb1.conv1.weight")) {
            return Optional.of("is an upscaler of another architecture than ESRGAN's RRDBNet, the only one that the runtime knows (%d tensors)%s"
                    .formatted(identity.tensors(), REMEDY));
        }
        return new Wanted(tensors).objection();
    }

    private static String newName(String name) {
        Matcher block = OLD_BLOCK.matcher(name);
        if (block.matches()) {
            return "body.%s.rdb%s.conv%s.%s".formatted(block.group(1), block.group(2), block.group(3), block.group(4));
        }
        Matcher end = OLD_BODY_END.matcher(name);
        if (end.matches()) {
            return "conv_body." + end.group(1);
        }
        Matcher layer = OLD_LAYER.matcher(name);
        return layer.matches() && OLD_LAYERS.containsKey(layer.group(1))
                ? OLD_LAYERS.get(layer.group(1)) + "." + layer.group(2)
                : name;
    }

    /** Compares the tensors that are there with those of the network; the first that does not fit is told. */
    private static final class Wanted {
        private final Map<String, TensorInfo> tensors;
        private String objection;

        Wanted(Map<String, TensorInfo> tensors) {
            this.tensors = tensors;
        }

        Optional<String> objection() {
            convolution("conv_first", FEATURES, RGB);
            int blocks = blocks();
            for (int i = 0; i < blocks && objection == null; i++) {
                for (int j = 1; j <= DENSE_BLOCKS; j++) {
                    for (int k = 1; k <= CONVOLUTIONS; k++) {
                        convolution("body.%d.rdb%d.conv%d".formatted(i, j, k),
                                k < CONVOLUTIONS ? GROWTH : FEATURES, FEATURES + (k - 1) * GROWTH);
                    }
                }
            }
            convolution("conv_body", FEATURES, FEATURES);
            // the runtime tells the factor by these two: none for 1, the first for 2, both for 4
            boolean four = tensors.containsKey("conv_up2.weight");
            if (four || tensors.containsKey("conv_up1.weight")) {
                convolution("conv_up1", FEATURES, FEATURES);
            }
            if (four) {
                convolution("conv_up2", FEATURES, FEATURES);
            }
            convolution("conv_hr", FEATURES, FEATURES);
            convolution("conv_last", RGB, FEATURES);
            return Optional.ofNullable(objection);
        }

        /** As the runtime counts them, which would make room for any number. */
        private int blocks() {
            int blocks = 0;
            for (String name : tensors.keySet()) {
                Matcher block = BLOCK.matcher(name);
                int index = block.matches() ? Integer.parseInt(block.group(1)) : name.startsWith("body.") ? MOST_BLOCKS : -1;
                if (index >= MOST_BLOCKS) {
                    object("has the tensor %s, which no ESRGAN upscaler has: it is damaged, or of another architecture%s"
                            .formatted(Texts.quote(tensors.get(name).name()), REMEDY));
                    return 0;
                }
                blocks = Math.max(blocks, index + 1);
            }
            return blocks;
        }

        private void convolution(String name, long out, long in) {
            tensor(name + ".weight", List.of(out, in, 3L, 3L));
            tensor(name + ".bias", List.of(out));
        }

        private void tensor(String name, List<Long> shape) {
            TensorInfo tensor = tensors.get(name);
            if (tensor == null) {
                object("is an ESRGAN upscaler without the tensor '%s': it is damaged, or a variant that the runtime does not know%s"
                        .formatted(name, REMEDY));
            } else if (name.equals("conv_first.weight") && tensor.shape().size() == 4 && tensor.shape().get(1) > RGB) {
                object("is an ESRGAN upscaler that reads pictures in blocks of pixels (%d channels), as RealESRGAN_x2plus does, which the runtime does not know%s"
                        .formatted(tensor.shape().get(1), REMEDY));
            } else if (!tensor.shape().equals(shape)) {
                object("is an ESRGAN upscaler whose tensor %s has the shape %s, and the runtime knows only %s there%s".formatted(
                        Texts.quote(tensor.name()), Texts.list(tensor.shape()), Texts.list(shape), REMEDY));
            } else if (!tensor.canBeAWeight()) {
                object("is an ESRGAN upscaler whose tensor %s is of the type %s, which no weight can be read from; download it again"
                        .formatted(Texts.quote(tensor.name()), tensor.dtype()));
            }
        }

        private void object(String what) {
            if (objection == null) {
                objection = what;
            }
        }
    }
}
