package io.github.sdcpp4j.testkit;

/**
 * TAESD, the small autoencoder for previews, in the naming of diffusers' files; 64 channels wide, which is fixed by
 * the runtime. The weights are random: pictures are finite, and that is all.
 */
final class TinyAutoencoder {
    private static final int WIDTH = 64;
    private static final int RGB = 3;
    private static final int LATENTS = 4;
    private static final int STAGES = 3;
    private static final int BLOCKS_PER_STAGE = 3;

    private TinyAutoencoder() {}

    static void addTo(Scope root) {
        addEncoder(root.in("encoder.layers"));
        addDecoder(root.in("decoder.layers"));
    }

    private static void addEncoder(Scope layers) {
        layers.conv("0", WIDTH, RGB, 3, 1);
        block(layers, 1);
        int index = 2;
        for (int stage = 0; stage < STAGES; stage++) {
            withoutBias(layers, index++);
            for (int i = 0; i < BLOCKS_PER_STAGE; i++) {
                block(layers, index++);
            }
        }
        layers.conv(Integer.toString(index), LATENTS, WIDTH, 3, 1);
    }

    private static void addDecoder(Scope layers) {
        layers.conv("0", WIDTH, LATENTS, 3, 1);
        int index = 2; // 1 is an activation
        for (int stage = 0; stage < STAGES; stage++) {
            for (int i = 0; i < BLOCKS_PER_STAGE; i++) {
                block(layers, index++);
            }
            index++; // upsampling
            withoutBias(layers, index++);
        }
        block(layers, index++);
        layers.conv(Integer.toString(index), RGB, WIDTH, 3, 1);
    }

    private static void block(Scope layers, int index) {
        Scope block = layers.in(index + ".conv");
        for (String name : new String[] {"0", "2", "4"}) {
            block.conv(name, WIDTH, WIDTH, 3, 1);
        }
    }

    private static void withoutBias(Scope layers, int index) {
        String name = index + ".weight";
        layers.add(name, layers.random(name, 1, 9L * WIDTH), WIDTH, WIDTH, 3, 3);
    }
}
