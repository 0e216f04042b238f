package io.github.sdcpp4j.testkit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ESRGAN upscalers with a single block, in the naming of BasicSR's {@code RRDBNet}; 64 channels, growth 32, which are
 * fixed by the runtime.
 */
final class Esrgan {
    private static final int RGB = 3;
    private static final int WIDTH = 64;
    private static final int GROWTH = 32;
    private static final int DENSE_BLOCKS = 3;
    private static final int CONVOLUTIONS = 5;

    private Esrgan() {}

    /** Factor 4 with random weights: pictures are finite, and that is all. */
    static void addTo(Scope root) {
        root.conv("conv_first", WIDTH, RGB, 3, 1);
        for (int i = 1; i <= DENSE_BLOCKS; i++) {
            Scope block = root.in("body.0.rdb" + i);
            for (int j = 1; j <= CONVOLUTIONS; j++) {
                block.conv("conv" + j, j < CONVOLUTIONS ? GROWTH : WIDTH, WIDTH + (j - 1) * GROWTH, 3, 1);
            }
        }
        for (String name : new String[] {"conv_body", "conv_up1", "conv_up2", "conv_hr"}) {
            root.conv(name, WIDTH, WIDTH, 3, 1);
        }
        root.conv("conv_last", RGB, WIDTH, 3, 1);
    }

    /**
     * One that repeats each pixel {@code factor} times to the right and down, and then averages each row with the weights
     * 1/4, 1/2, 1/4, with black beyond the edges. The dense blocks add nothing to what they are given, so that the block
     * answers with 1.2 times that (its residual is scaled by 0.2); half of it is added, and the layer that follows undoes
     * the 1.6.
     */
    static void addKnownTo(Scope root, int factor) {
        copy(root, "conv_first", WIDTH, RGB, 1);
        for (int i = 1; i <= DENSE_BLOCKS; i++) {
            Scope block = root.in("body.0.rdb" + i);
            for (int j = 1; j <= CONVOLUTIONS; j++) {
                block.conv("conv" + j, j < CONVOLUTIONS ? GROWTH : WIDTH, WIDTH + (j - 1) * GROWTH, 3, Values.ZERO, Values.ZERO);
            }
        }
        copy(root, "conv_body", WIDTH, WIDTH, 0.5f);
        if (factor >= 2) {
            copy(root, "conv_up1", WIDTH, WIDTH, 1);
        }
        if (factor == 4) {
            copy(root, "conv_up2", WIDTH, WIDTH, 1);
        }
        copy(root, "conv_hr", WIDTH, WIDTH, 0.625f);
        root.conv("conv_last", RGB, WIDTH, 3,
                Values.kernel(WIDTH, 3, (out, in, y, x) -> out != in || y != 1 ? 0 : x == 1 ? 0.5f : 0.25f), Values.ZERO);
    }

    private static void copy(Scope root, String name, int out, int in, float gain) {
        root.conv(name, out, in, 3, Values.kernel(in, 3, (o, i, y, x) -> o == i && y == 1 && x == 1 ? gain : 0), Values.ZERO);
    }

    /** The name of a tensor of the factor 4 as the first ESRGAN files had it. */
    static String oldName(String name) {
        Matcher block = Pattern.compile("body\\.(\\d+)\\.rdb(\\d)\\.(conv\\d)\\.(.*)").matcher(name);
        if (block.matches()) {
            return "model.1.sub.%s.RDB%s.%s.0.%s".formatted(block.group(1), block.group(2), block.group(3), block.group(4));
        }
        String layer = name.substring(0, name.indexOf('.'));
        String place = switch (layer) {
            case "conv_first" -> "0";
            case "conv_body" -> "1.sub.1"; // behind the only block
            case "conv_up1" -> "3";
            case "conv_up2" -> "6";
            case "conv_hr" -> "8";
            default -> "10";
        };
        return "model." + place + name.substring(layer.length());
    }
}
