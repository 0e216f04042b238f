package io.github.sdcpp4j.testkit;

/**
 * A CLIP text encoder: ViT-L/14's of SD 1.x, 197 tensors, OpenCLIP
 * ViT-H/14's of SD 2.x, or OpenCLIP ViT-bigG/14's of SDXL and SD 3. Its size is fixed (vocabulary 49408, 77 positions), so a small file keeps only the first and the last
 * layer that is read alive, which is enough for tokens to see each other and for clip skip to matter; the others pass
 * their input on.
 *
 * @param width  768, 1024 or 1280
 * @param layers 12, 24 or 32
 * @param last   index of the last layer that is read
 */
record ClipTextEncoder(int width, int layers, int last) {
    /** CLIP ViT-L/14. */
    static final ClipTextEncoder VIT_L = new ClipTextEncoder(768, 12, 11);
    /** OpenCLIP ViT-H/14; the runtime leaves its last layer out, as SD 2.x does. */
    static final ClipTextEncoder VIT_H = new ClipTextEncoder(1024, 24, 22);

    /** OpenCLIP ViT-bigG/14; its last layer is read for the pooled prompt only. */
    static final ClipTextEncoder VIT_BIGG = new ClipTextEncoder(1280, 32, 30);

    private static final int VOCABULARY = 49408;
    private static final int POSITIONS = 77;
    /** Query and key gain: attention has to be choosy, or one word among 77 tokens would hardly be noticed. */
    private static final double CHOOSY = 1.7;
    /**
     * Mean of the final layer norm's output. Prompt weights such as {@code (word:1.3)} make the runtime rescale the
     * embedding so that its mean stays what it was; with a mean of zero that ratio would be rounding noise.
     */
    private static final float FINAL_MEAN = 0.25f;

    /** Adds the tensors of {@code text_model}, named as by the transformers library. */
    void addTo(Scope model, boolean everyLayer) {
        Scope embeddings = model.in("embeddings");
        embeddings.addIndices("position_ids", 1, POSITIONS);
        table(embeddings, "token_embedding.weight", VOCABULARY, 0.5);
        table(embeddings, "position_embedding.weight", POSITIONS, 0.25);
        for (int i = 0; i < layers; i++) {
            boolean alive = everyLayer || i == 0 || i == last;
            layer(model.in("encoder.layers." + i), alive ? 1 : 0);
        }
        model.norm("final_layer_norm", width, Values.constant(1), Values.constant(FINAL_MEAN));
    }

    /** Adds the tensors named as by OpenCLIP, query, key and value in one, with the projection of the pooled prompt. */
    void addOpenClipTo(Scope model) {
        table(model, "token_embedding.weight", VOCABULARY, 0.5);
        table(model, "positional_embedding", POSITIONS, 0.25);
        for (int i = 0; i < layers; i++) {
            openClipLayer(model.in("transformer.resblocks." + i), i == 0 || i == last ? 1 : 0);
        }
        model.norm("ln_final", width, Values.constant(1), Values.constant(FINAL_MEAN));
        projection(model, "text_projection");
    }

    /** The projection of the pooled prompt, which of the three only ViT-bigG's is used with. */
    void projection(Scope model, String name) {
        model.add(name, model.random(name, 1, width), width, width);
    }

    private void openClipLayer(Scope layer, double gain) {
        layer.add("attn.in_proj_weight", layer.random("attn.in_proj_weight", gain * CHOOSY, width), 3 * width, width);
        layer.add("attn.in_proj_bias", Values.ZERO, 3 * width);
        layer.linear("attn.out_proj", width, width, gain);
        layer.norm("ln_1", width);
        layer.linear("mlp.c_fc", 4 * width, width, gain);
        layer.linear("mlp.c_proj", width, 4 * width, gain);
        layer.norm("ln_2", width);
    }

    private void table(Scope embeddings, String name, int rows, double deviation) {
        embeddings.add(name, embeddings.random(name, deviation, 1), rows, width);
    }

    /** One layer named as by the transformers library; with a gain of 0 it passes its input on. */
    void layer(Scope layer, double gain) {
        Scope attention = layer.in("self_attn");
        attention.linear("q_proj", width, width, gain * CHOOSY);
        attention.linear("k_proj", width, width, gain * CHOOSY);
        attention.linear("v_proj", width, width, gain);
        attention.linear("out_proj", width, width, gain);
        layer.norm("layer_norm1", width);
        layer.linear("mlp.fc1", 4 * width, width, gain);
        layer.linear("mlp.fc2", width, 4 * width, gain);
        layer.norm("layer_norm2", width);
    }
}
