package io.github.sdcpp4j.testkit;

/**
 * A language model of the Qwen3 family, named as by the transformers library. The runtime takes its width and the number of layers
 * from the file; the heads, 32 for queries and 8 for keys and values, and the vocabulary are fixed.
 *
 * @param width its own, and so of the prompt's embedding
 */
record Qwen3TextEncoder(int width) {
    private static final int LAYERS = 2;
    private static final int VOCABULARY = 151_936;
    private static final int HEAD = 128;
    private static final int QUERIES = 32 * HEAD;
    private static final int KEYS = 8 * HEAD;

    void addTo(Scope root) {
        Scope model = root.in("model");
        model.add("embed_tokens.weight", model.random("embed_tokens.weight", 1, 1), VOCABULARY, width);
        for (int i = 0; i < LAYERS; i++) {
            layer(model.in("layers." + i));
        }
        model.add("norm.weight", Values.constant(1), width);
    }

    private void layer(Scope layer) {
        Scope attention = layer.in("self_attn");
        attention.projection("q_proj", QUERIES, width, 1);
        attention.projection("k_proj", KEYS, width, 1);
        attention.projection("v_proj", KEYS, width, 1);
        attention.projection("o_proj", width, QUERIES, 1);
        attention.add("q_norm.weight", Values.constant(1), HEAD);
        attention.add("k_norm.weight", Values.constant(1), HEAD);
        layer.projection("mlp.gate_proj", 3 * width, width, 1);
        layer.projection("mlp.up_proj", 3 * width, width, 1);
        layer.projection("mlp.down_proj", width, 3 * width, 1);
        layer.add("input_layernorm.weight", Values.constant(1), width);
        layer.add("post_attention_layernorm.weight", Values.constant(1), width);
    }
}
