package io.github.sdcpp4j.testkit;

/**
 * The transformer of Z-Image, named as in its files, 256 wide, which makes two heads and is the least that its time embedding
 * fits to. The runtime takes the width and the number of blocks from the file. It predicts a velocity, see {@link Mmdit}.
 *
 * @param context width of the text encoder
 */
record ZImageTransformer(int context) {
    static final int WIDTH = 256;
    private static final int HEAD = 128;
    private static final int INNER = 768; // 8/3 of the width, rounded up to a multiple of 256
    private static final int REFINERS = 1;
    private static final int LAYERS = 2;
    /** 16 latents in patches of 2x2. */
    private static final int PATCH = 64;
    private static final int TIME = 256;
    private static final double VELOCITY = 0.7;

    void addTo(Scope model) {
        model.linear("x_embedder", WIDTH, PATCH, 1);
        model.add("x_pad_token", model.random("x_pad_token", 1, 1), 1, WIDTH);
        model.add("cap_pad_token", model.random("cap_pad_token", 1, 1), 1, WIDTH);
        model.linear("t_embedder.mlp.0", WIDTH, TIME, 1);
        model.linear("t_embedder.mlp.2", TIME, WIDTH, 1);
        model.add("cap_embedder.0.weight", Values.constant(1), context);
        model.linear("cap_embedder.1", WIDTH, context, 1);
        for (int i = 0; i < REFINERS; i++) {
            block(model.in("noise_refiner." + i), true);
            block(model.in("context_refiner." + i), false);
        }
        for (int i = 0; i < LAYERS; i++) {
            block(model.in("layers." + i), true);
        }
        model.linear("final_layer.linear", PATCH, WIDTH, VELOCITY);
        model.linear("final_layer.adaLN_modulation.1", WIDTH, TIME, 1);
    }

    private static void block(Scope block, boolean modulated) {
        Scope attention = block.in("attention");
        attention.projection("qkv", 3 * WIDTH, WIDTH, 1);
        attention.projection("out", WIDTH, WIDTH, 1);
        attention.add("q_norm.weight", Values.constant(1), HEAD);
        attention.add("k_norm.weight", Values.constant(1), HEAD);
        block.projection("feed_forward.w1", INNER, WIDTH, 1);
        block.projection("feed_forward.w2", WIDTH, INNER, 1);
        block.projection("feed_forward.w3", INNER, WIDTH, 1);
        for (String norm : new String[] {"attention_norm1", "attention_norm2", "ffn_norm1", "ffn_norm2"}) {
            block.add(norm + ".weight", Values.constant(1), WIDTH);
        }
        if (modulated) {
            block.linear("adaLN_modulation.0", 4 * WIDTH, TIME, 1);
        }
    }
}
