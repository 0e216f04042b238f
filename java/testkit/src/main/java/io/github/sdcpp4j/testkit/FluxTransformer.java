package io.github.sdcpp4j.testkit;

/**
 * The transformer of Flux.1, named as by Black Forest Labs, 128 wide, which makes one head. The runtime takes the width and the
 * number of blocks from the file. It predicts a velocity, see {@link Mmdit}.
 *
 * @param guided whether the guidance scale is one of its inputs, as in Flux.1 dev; Flux.1 schnell has no such layers
 */
record FluxTransformer(boolean guided) {
    static final int WIDTH = 128;
    private static final int HEAD = 128;
    private static final int DOUBLE_BLOCKS = 2;
    private static final int SINGLE_BLOCKS = 2;
    /** 16 latents in patches of 2x2. */
    private static final int PATCH = 64;
    private static final int FREQUENCIES = 256;
    private static final int POOLED = 768;
    private static final int CONTEXT = 4096;
    private static final double VELOCITY = 0.7;

    void addTo(Scope model) {
        model.linear("img_in", WIDTH, PATCH, 1);
        embedder(model.in("time_in"), FREQUENCIES);
        embedder(model.in("vector_in"), POOLED);
        if (guided) {
            embedder(model.in("guidance_in"), FREQUENCIES);
        }
        model.linear("txt_in", WIDTH, CONTEXT, 1);
        for (int i = 0; i < DOUBLE_BLOCKS; i++) {
            Scope block = model.in("double_blocks." + i);
            stream(block, "img");
            stream(block, "txt");
        }
        for (int i = 0; i < SINGLE_BLOCKS; i++) {
            Scope block = model.in("single_blocks." + i);
            block.linear("linear1", 7 * WIDTH, WIDTH, 1); // query, key, value, and four times the width to the MLP
            block.linear("linear2", WIDTH, 5 * WIDTH, 1);
            norms(block.in("norm"));
            block.linear("modulation.lin", 3 * WIDTH, WIDTH, 1);
        }
        model.linear("final_layer.linear", PATCH, WIDTH, VELOCITY);
        model.linear("final_layer.adaLN_modulation.1", 2 * WIDTH, WIDTH, 1);
    }

    private static void embedder(Scope mlp, int in) {
        mlp.linear("in_layer", WIDTH, in, 1);
        mlp.linear("out_layer", WIDTH, WIDTH, 1);
    }

    private static void stream(Scope block, String name) {
        block.linear(name + "_mod.lin", 6 * WIDTH, WIDTH, 1);
        Scope attention = block.in(name + "_attn");
        attention.linear("qkv", 3 * WIDTH, WIDTH, 1);
        norms(attention.in("norm"));
        attention.linear("proj", WIDTH, WIDTH, 1);
        block.linear(name + "_mlp.0", 4 * WIDTH, WIDTH, 1);
        block.linear(name + "_mlp.2", WIDTH, 4 * WIDTH, 1);
    }

    private static void norms(Scope norm) {
        norm.add("query_norm.scale", Values.constant(1), HEAD);
        norm.add("key_norm.scale", Values.constant(1), HEAD);
    }
}
