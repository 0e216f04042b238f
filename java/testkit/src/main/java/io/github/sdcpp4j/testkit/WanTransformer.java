package io.github.sdcpp4j.testkit;

/**
 * The diffusion model of Wan 2.1 T2V 1.3B, in the original names, with one VACE block; its sizes are fixed by the runtime. Of the
 * blocks all weights are zero, which makes them pass on what they get; only the VACE block adds to each patch the mean of all. So
 * what is predicted depends on the noise, the time and, by way of the VACE block, on the control frames and the reference. The
 * text goes nowhere.
 */
final class WanTransformer {
    private static final int WIDTH = 1536;
    private static final int FEED_FORWARD = 8960;
    private static final int BLOCKS = 30;
    private static final int LATENTS = 16;
    private static final int VACE_CHANNELS = 96;
    private static final int PATCH = 2;
    private static final int FREQUENCIES = 256;
    private static final int TEXT_WIDTH = 4096;
    private static final int MODULATIONS = 6;
    /** Which of the modulations multiplies what self attention adds. */
    private static final int ATTENTION_GATE = 2;

    private final Scope small;
    private final Scope large;

    private WanTransformer(Scope small, Scope large) {
        this.small = small;
        this.large = large;
    }

    /**
     * Adds the model.
     *
     * @param small gets the small tensors and those that are not zero
     * @param large the same scope for the large ones, which are zero
     */
    static void addTo(Scope small, Scope large) {
        new WanTransformer(small, large).addAll();
    }

    private void addAll() {
        // GGUF holds four dimensions: the two outermost of the kernel are one
        patches("patch_embedding", LATENTS);
        patches("vace_patch_embedding", VACE_CHANNELS);
        small.linear("text_embedding.0", WIDTH, TEXT_WIDTH, 0);
        small.linear("text_embedding.2", WIDTH, WIDTH, 0);
        small.linear("time_embedding.0", WIDTH, FREQUENCIES, 1);
        small.linear("time_embedding.2", WIDTH, WIDTH, 1);
        small.linear("time_projection.1", MODULATIONS * WIDTH, WIDTH, 0);
        for (int i = 0; i < BLOCKS; i++) {
            Scope block = small.in("blocks." + i);
            block(block, large.in("blocks." + i));
            attention(block.in("self_attn"), large.in("blocks." + i).in("self_attn"), 0);
            block.add("modulation", Values.ZERO, 1, MODULATIONS, WIDTH);
        }
        Scope vace = small.in("vace_blocks.0");
        block(vace, large.in("vace_blocks.0"));
        // queries and keys of zero: each patch looks at all of them alike
        attention(vace.in("self_attn"), large.in("vace_blocks.0").in("self_attn"), 1);
        vace.add("modulation", index -> index / WIDTH == ATTENTION_GATE ? 1 : 0, 1, MODULATIONS, WIDTH);
        small.linear("vace_blocks.0.before_proj", WIDTH, WIDTH, 1);
        small.linear("vace_blocks.0.after_proj", WIDTH, WIDTH, 1);
        small.linear("head.head", LATENTS * PATCH * PATCH, WIDTH, 1);
        small.add("head.modulation", Values.ZERO, 1, 2, WIDTH);
    }

    private void patches(String name, int channels) {
        small.add(name + ".weight", small.random(name + ".weight", 1, (long) channels * PATCH * PATCH), WIDTH * channels, 1, PATCH, PATCH);
        small.add(name + ".bias", Values.ZERO, WIDTH);
    }

    private static void block(Scope small, Scope large) {
        attention(small.in("cross_attn"), large.in("cross_attn"), 0);
        small.norm("norm3", WIDTH);
        large.add("ffn.0.weight", Values.ZERO, FEED_FORWARD, WIDTH);
        small.add("ffn.0.bias", Values.ZERO, FEED_FORWARD);
        large.add("ffn.2.weight", Values.ZERO, WIDTH, FEED_FORWARD);
        small.add("ffn.2.bias", Values.ZERO, WIDTH);
    }

    /** Without a gain all of it is zero. */
    private static void attention(Scope small, Scope large, double gain) {
        for (String name : new String[] {"q", "k", "v", "o"}) {
            boolean zero = gain == 0 || name.equals("q") || name.equals("k");
            (zero ? large : small).projection(name, WIDTH, WIDTH, zero ? 0 : gain);
            small.add(name + ".bias", Values.ZERO, WIDTH);
        }
        small.add("norm_q.weight", Values.constant(1), WIDTH);
        small.add("norm_k.weight", Values.constant(1), WIDTH);
    }
}
