package io.github.sdcpp4j.testkit;

/**
 * The transformer of Flux.2 klein, named as by Black Forest Labs, 128 wide, which makes one head. Nothing has a bias, and all blocks
 * share their modulation. The runtime takes the width and the number of blocks from the file. It predicts a velocity, see
 * {@link Mmdit}.
 *
 * @param context width of the prompt's embedding
 */
record Flux2Transformer(int context) {
    private static final int WIDTH = 128;
    private static final int HEAD = 128;
    private static final int BLOCKS = 2;
    /** 32 latents in patches of 2x2, which the VAE makes. */
    private static final int PATCH = 128;
    private static final int FREQUENCIES = 256;
    private static final double VELOCITY = 0.7;

    void addTo(Scope model) {
        model.projection("img_in", WIDTH, PATCH, 1);
        model.projection("txt_in", WIDTH, context, 1);
        model.projection("time_in.in_layer", WIDTH, FREQUENCIES, 1);
        model.projection("time_in.out_layer", WIDTH, WIDTH, 1);
        model.projection("double_stream_modulation_img.lin", 6 * WIDTH, WIDTH, 1);
        model.projection("double_stream_modulation_txt.lin", 6 * WIDTH, WIDTH, 1);
        model.projection("single_stream_modulation.lin", 3 * WIDTH, WIDTH, 1);
        for (int i = 0; i < BLOCKS; i++) {
            Scope block = model.in("double_blocks." + i);
            stream(block, "img");
            stream(block, "txt");
        }
        for (int i = 0; i < BLOCKS; i++) {
            Scope block = model.in("single_blocks." + i);
            block.projection("linear1", 9 * WIDTH, WIDTH, 1); // query, key, value, and twice three widths to the gated MLP
            block.projection("linear2", WIDTH, 4 * WIDTH, 1);
            norms(block.in("norm"));
        }
        model.projection("final_layer.linear", PATCH, WIDTH, VELOCITY);
        model.projection("final_layer.adaLN_modulation.1", 2 * WIDTH, WIDTH, 1);
    }

    private static void stream(Scope block, String name) {
        Scope attention = block.in(name + "_attn");
        attention.projection("qkv", 3 * WIDTH, WIDTH, 1);
        norms(attention.in("norm"));
        attention.projection("proj", WIDTH, WIDTH, 1);
        block.projection(name + "_mlp.0", 6 * WIDTH, WIDTH, 1);
        block.projection(name + "_mlp.2", WIDTH, 3 * WIDTH, 1);
    }

    private static void norms(Scope norm) {
        norm.add("query_norm.scale", Values.constant(1), HEAD);
        norm.add("key_norm.scale", Values.constant(1), HEAD);
    }
}
