package io.github.sdcpp4j.testkit;

/**
 * TAEHV, the small autoencoder for videos of Wan 2.1, in the names of its own files; its sizes are fixed by the runtime. The
 * weights are random: frames are finite and colourful, and depend on latents near by in space and time.
 */
final class TinyVideoAutoencoder {
    private static final int RGB = 3;
    private static final int LATENTS = 16;
    private static final int ENCODER_WIDTH = 64;
    private static final int[] DECODER_WIDTHS = {256, 128, 64, 64};
    private static final boolean[] HALVES_TIME = {true, true, false};
    private static final boolean[] DOUBLES_TIME = {false, true, true};
    private static final int BLOCKS_PER_STAGE = 3;
    /** What a rectified layer takes away. */
    private static final double GAIN = 1.2;

    private TinyVideoAutoencoder() {}

    static void addTo(Scope root) {
        addEncoder(root.in("encoder"));
        addDecoder(root.in("decoder"));
    }

    private static void addEncoder(Scope layers) {
        layers.conv("0", ENCODER_WIDTH, RGB, 3, 3);
        int index = 2; // 1 is an activation
        for (boolean halves : HALVES_TIME) {
            int frames = halves ? 2 : 1;
            withoutBias(layers.in(Integer.toString(index++)), "conv", ENCODER_WIDTH, ENCODER_WIDTH * frames, 1);
            withoutBias(layers, Integer.toString(index++), ENCODER_WIDTH, ENCODER_WIDTH, 3);
            for (int i = 0; i < BLOCKS_PER_STAGE; i++) {
                block(layers, index++, ENCODER_WIDTH);
            }
        }
        layers.conv(Integer.toString(index), LATENTS, ENCODER_WIDTH, 3, 1);
    }

    private static void addDecoder(Scope layers) {
        layers.conv("1", DECODER_WIDTHS[0], LATENTS, 3, GAIN); // 0 clamps
        int index = 3; // 2 is an activation
        for (int stage = 0; stage < DOUBLES_TIME.length; stage++) {
            int width = DECODER_WIDTHS[stage];
            for (int i = 0; i < BLOCKS_PER_STAGE; i++) {
                block(layers, index++, width);
            }
            index++; // enlarges
            withoutBias(layers.in(Integer.toString(index++)), "conv", DOUBLES_TIME[stage] ? 2 * width : width, width, 1);
            withoutBias(layers, Integer.toString(index++), DECODER_WIDTHS[stage + 1], width, 3);
        }
        index++; // an activation
        String last = Integer.toString(index);
        layers.conv(last, RGB, ENCODER_WIDTH, 3, layers.random(last + ".weight", 0.4, 9L * ENCODER_WIDTH), Values.constant(0.5f));
    }

    private static void block(Scope layers, int index, int width) {
        Scope conv = layers.in(index + ".conv");
        conv.conv("0", width, 2 * width, 3, 1); // beside its own frame it sees the one before
        conv.conv("2", width, width, 3, 1);
        conv.conv("4", width, width, 3, 0.5);
    }

    private static void withoutBias(Scope layers, String name, int out, int in, int size) {
        layers.add(name + ".weight", layers.random(name + ".weight", GAIN, (long) in * size * size), out, in, size, size);
    }
}
