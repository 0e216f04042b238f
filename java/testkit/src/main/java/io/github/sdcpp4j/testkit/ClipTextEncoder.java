package io.github.sdcpp4j.testkit;

/**
 * CLIP ViT-L/14's text encoder: 197 tensors under {@code cond_stage_model.transformer.text_model}. Its size is
 * fixed (vocabulary 49408, 77 positions, width 768, 12 layers of 12 heads), so a small file keeps only the first
 * and the last layer alive, which is enough for tokens to see each other and for clip skip to matter; the others
 * pass their input on.
 */
final class ClipTextEncoder {
    private static final int VOCABULARY = 49408;
    private static final int POSITIONS = 77;
    private static final int WIDTH = 768;
    private static final int LAYERS = 12;
    /** Query and key gain: attention has to be choosy, or one word among 77 tokens would hardly be noticed. */
    private static final double CHOOSY = 1.7;
    /**
     * Mean of the final layer norm's output. Prompt weights such as {@code (word:1.3)} make the runtime rescale the
     * embedding so that its mean stays what it was; with a mean of zero that ratio would be rounding noise.
     */
    private static final float FINAL_MEAN = 0.25f;

    private ClipTextEncoder() {}

    static void addTo(Scope root, boolean everyLayer) {
        Scope model = root.in("cond_stage_model.transformer.text_model");
        Scope embeddings = model.in("embeddings");
        embeddings.addIndices("position_ids", 1, POSITIONS);
        table(embeddings, "token_embedding.weight", VOCABULARY, 0.5);
        table(embeddings, "position_embedding.weight", POSITIONS, 0.25);
        for (int i = 0; i < LAYERS; i++) {
            boolean alive = everyLayer || i == 0 || i == LAYERS - 1;
            layer(model.in("encoder.layers." + i), alive ? 1 : 0);
        }
        model.norm("final_layer_norm", WIDTH, Values.constant(1), Values.constant(FINAL_MEAN));
    }

    private static void table(Scope embeddings, String name, int rows, double deviation) {
        embeddings.add(name, embeddings.random(name, deviation, 1), rows, WIDTH);
    }

    private static void layer(Scope layer, double gain) {
        Scope attention = layer.in("self_attn");
        attention.linear("q_proj", WIDTH, WIDTH, gain * CHOOSY);
        attention.linear("k_proj", WIDTH, WIDTH, gain * CHOOSY);
        attention.linear("v_proj", WIDTH, WIDTH, gain);
        attention.linear("out_proj", WIDTH, WIDTH, gain);
        layer.norm("layer_norm1", WIDTH);
        layer.linear("mlp.fc1", 4 * WIDTH, WIDTH, gain);
        layer.linear("mlp.fc2", WIDTH, 4 * WIDTH, gain);
        layer.norm("layer_norm2", WIDTH);
    }
}
