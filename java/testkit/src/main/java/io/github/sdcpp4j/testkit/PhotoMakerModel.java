package io.github.sdcpp4j.testkit;

/**
 * PhotoMaker, as the runtime reads it: CLIP ViT-L/14's image encoder with two projections, the module that fuses what it
 * saw into the prompt, and a LoRA for the UNet. The encoder has a fixed size, so only its first layer is alive, which is
 * enough for its class token to see the picture; the other 23 pass their input on.
 */
final class PhotoMakerModel {
    private static final int WIDTH = ClipVisionEncoder.WIDTH;
    private static final int[] PROJECTIONS = {768, 1280};
    private static final int CONTEXT = 2048;

    private PhotoMakerModel() {}

    /** Version 1. */
    static void addTo(Scope root) {
        Scope vision = root.in("vision_model");
        ClipVisionEncoder.embeddings(vision);
        vision.norm("pre_layernorm", WIDTH);
        for (int i = 0; i < ClipVisionEncoder.LAYERS; i++) {
            ClipVisionEncoder.layer(vision, i, i == 0 ? 1 : 0);
        }
        vision.norm("post_layernorm", WIDTH);
        vision.projection("visual_projection", PROJECTIONS[0], WIDTH, 1);
        root.projection("visual_projection_2", PROJECTIONS[1], WIDTH, 1);

        Scope fuse = root.in("fuse_module");
        fuseBlock(fuse.in("mlp1"), 2 * CONTEXT);
        fuseBlock(fuse.in("mlp2"), CONTEXT);
        fuse.norm("layer_norm", CONTEXT);

        Scope attention = root.in("unet.up_blocks.0.attentions.0.transformer_blocks.0.attn2.processor");
        attention.projection("to_v_lora.down", 4, CONTEXT, 1);
        attention.projection("to_v_lora.up", 4 * Carrier.MIN_CHANNELS, 4, 1);
    }

    /** Enough of version 2 to be known as such. */
    static void addVersion2To(Scope root) {
        fuseBlock(root.in("fuse_module.mlp1"), 2 * CONTEXT);
        root.norm("qformer_perceiver.token_norm", CONTEXT);
    }

    private static void fuseBlock(Scope block, int in) {
        block.norm("layernorm", in);
        block.linear("fc1", CONTEXT, in, 1);
        block.linear("fc2", CONTEXT, CONTEXT, 1);
    }
}
