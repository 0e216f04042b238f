package io.github.sdcpp4j.testkit;

/**
 * An ESRGAN upscaler of factor 4 with a single block, in the naming of BasicSR's {@code RRDBNet}; 64 channels, growth
 * 32, which are fixed by the runtime. The weights are random: pictures are finite, and that is all.
 */
final class Esrgan {
    private static final int RGB = 3;
    private static final int WIDTH = 64;
    private static final int GROWTH = 32;
    private static final int DENSE_BLOCKS = 3;
    private static final int CONVOLUTIONS = 5;

    private Esrgan() {}

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
}
