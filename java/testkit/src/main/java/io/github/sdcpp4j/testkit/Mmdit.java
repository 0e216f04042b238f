package io.github.sdcpp4j.testkit;

import java.util.Set;

/**
 * The multimodal diffusion transformer of SD 3.5 (Esser et al., "Scaling Rectified Flow Transformers for High-Resolution Image
 * Synthesis", 2024), named as in its files. The runtime takes the width from the file, and at least 24 blocks with as many
 * heads, so a small one is narrow; all of its blocks but a few pass their input on.
 *
 * <p>It predicts a velocity, which samplers can live with whatever it is: noise of unit variance, and what a random network
 * adds to it, stay near unit variance.
 *
 * @param width a multiple of 24
 */
record Mmdit(int width) {
    /** Blocks, and heads; SD 3.5 Medium has as many. */
    static final int DEPTH = 24;
    /** A block in the middle that changes pictures, so that leaving it out does too. */
    static final int SEEN_BLOCK = 7;

    private static final int LATENTS = 16;
    private static final int PATCH = 2;
    private static final int TIME = 256;
    private static final int POOLED = 768 + 1280;
    private static final int CONTEXT = 4096;
    private static final int POSITIONS = 64 * 64;
    private static final Set<Integer> ALIVE = Set.of(0, SEEN_BLOCK, DEPTH - 1);
    /** Of a token's 4096 values only the two CLIPs' are not zero. */
    private static final double CONTEXT_GAIN = Math.sqrt((double) CONTEXT / POOLED);
    private static final double VELOCITY = 0.7;

    void addTo(Scope model) {
        model.conv("x_embedder.proj", width, LATENTS, PATCH, 1);
        model.add("pos_embed", model.random("pos_embed", 0.5, 1), 1, POSITIONS, width);
        embedder(model.in("t_embedder.mlp"), TIME);
        embedder(model.in("y_embedder.mlp"), POOLED);
        model.linear("context_embedder", width, CONTEXT, CONTEXT_GAIN);
        for (int i = 0; i < DEPTH; i++) {
            Scope block = model.in("joint_blocks." + i);
            double gain = ALIVE.contains(i) ? 1 : 0;
            stream(block.in("context_block"), gain, i == DEPTH - 1);
            stream(block.in("x_block"), gain, false);
        }
        model.linear("final_layer.linear", PATCH * PATCH * LATENTS, width, VELOCITY);
        model.linear("final_layer.adaLN_modulation.1", 2 * width, width, 1);
    }

    private void embedder(Scope mlp, int in) {
        mlp.linear("0", width, in, 1);
        mlp.linear("2", width, width, 1);
    }

    /** The part of a block that text or picture have for themselves; the last one of the text only lends keys and values. */
    private void stream(Scope block, double gain, boolean last) {
        Scope attention = block.in("attn");
        attention.linear("qkv", 3 * width, width, gain);
        attention.add("ln_q.weight", Values.constant(1), width / DEPTH);
        attention.add("ln_k.weight", Values.constant(1), width / DEPTH);
        block.linear("adaLN_modulation.1", (last ? 2 : 6) * width, width, gain);
        if (!last) {
            attention.linear("proj", width, width, gain);
            block.linear("mlp.fc1", 4 * width, width, gain);
            block.linear("mlp.fc2", width, 4 * width, gain);
        }
    }
}
