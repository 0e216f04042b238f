package io.github.sdcpp4j.testkit;

/**
 * A LoRA in the naming of kohya's sd-scripts, which is what download sites offer: for each layer of rank 4
 * {@code lora_down.weight [4, in]}, {@code lora_up.weight [out, 4]} and a scalar {@code alpha}. It changes a handful of
 * attention layers of the UNet and two layers of the text encoder, about as strongly as their own weights.
 *
 * @param width   UNet width of the model it is for
 * @param context width of the prompt's embedding that the UNet expects
 * @param text    width of the text encoder
 */
record Lora(int width, int context, int text) {
    private static final int RANK = 4;
    private static final float ALPHA = 2;

    void addTo(Scope root) {
        attention(root, "lora_unet_down_blocks_0_attentions_0", width);
        attention(root, "lora_unet_down_blocks_1_attentions_1", 2 * width);
        attention(root, "lora_unet_mid_block_attentions_0", 4 * width);
        attention(root, "lora_unet_up_blocks_1_attentions_0", 4 * width);
        attention(root, "lora_unet_up_blocks_3_attentions_2", width);
        layer(root, "lora_te_text_model_encoder_layers_0_self_attn_v_proj", text, text);
        layer(root, "lora_te_text_model_encoder_layers_11_mlp_fc1", 4 * text, text);
    }

    private void attention(Scope root, String block, int channels) {
        String body = block + "_transformer_blocks_0_";
        layer(root, body + "attn1_to_q", channels, channels);
        layer(root, body + "attn1_to_out_0", channels, channels);
        layer(root, body + "attn2_to_k", channels, context);
        layer(root, body + "attn2_to_v", channels, context);
    }

    /** One layer that the model has as well, and one of a block that no UNet of this family has. */
    void addPartlyUnknownTo(Scope root) {
        layer(root, "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_v", 4 * width, context);
        layer(root, "lora_unet_down_blocks_7_attentions_0_transformer_blocks_0_attn2_to_v", 4 * width, context);
    }

    /** Only what has no place in the model. */
    void addUnknownTo(Scope root) {
        layer(root, "lora_unet_down_blocks_7_attentions_0_transformer_blocks_0_attn2_to_v", 4 * width, context);
    }

    /** One layer, whose name begins with {@code lora_}. */
    static void layer(Scope root, String name, int out, int in) {
        Scope layer = root.in(name);
        layer.projection("lora_down", RANK, in, 1);
        layer.projection("lora_up", out, RANK, 1);
        layer.add("alpha", Values.constant(ALPHA));
    }

    /** One layer as the peft library names it, without alpha. */
    static void peftLayer(Scope root, String name, int out, int in) {
        Scope layer = root.in(name);
        layer.projection("lora_A", RANK, in, 1);
        layer.projection("lora_B", out, RANK, 1);
    }
}
