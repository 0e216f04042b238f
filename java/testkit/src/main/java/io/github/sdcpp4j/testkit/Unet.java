package io.github.sdcpp4j.testkit;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The SD 1.x UNet: 686 tensors under {@code model.diffusion_model}, laid out as in CompVis'
 * {@code openaimodel.UNetModel} with channel multipliers 1, 2, 4, 4, two residual blocks per level, attention at
 * the three larger levels and context width 768; the 8 heads leave no trace in the file.
 *
 * <p>All of it is random, but for what {@link UnetHead} needs in order to predict something that samplers can live
 * with.
 */
final class Unet {
    private static final int LATENTS = 4;
    private static final int CONTEXT = 768;
    private static final int[] MULTIPLIERS = {1, 2, 4, 4};
    private static final int BLOCKS_PER_LEVEL = 2;
    private static final int ATTENTION_LEVELS = 3;
    /** Query and key gain of cross attention, see the text encoder. */
    private static final double CHOOSY = 1.7;

    private final Scope model;
    private final int width;
    private final UnetHead head;

    private Unet(Scope model, int width) {
        this.model = model;
        this.width = width;
        this.head = new UnetHead(width);
    }

    static void addTo(Scope root, int modelChannels) {
        new Unet(root.in("model.diffusion_model"), modelChannels).add();
    }

    private void add() {
        head.timeEmbedding(model);
        Deque<Integer> skips = new ArrayDeque<>();
        int channels = inputBlocks(skips);
        residual(model.in("middle_block.0"), channels, channels);
        transformer(model.in("middle_block.1"), channels);
        residual(model.in("middle_block.2"), channels, channels);
        outputBlocks(channels, skips);
        head.output(model);
    }

    private int inputBlocks(Deque<Integer> skips) {
        model.conv("input_blocks.0.0", width, LATENTS, 3, head.firstKernel(model), Values.ZERO);
        skips.push(width);
        int channels = width;
        int index = 1;
        for (int level = 0; level < MULTIPLIERS.length; level++) {
            for (int i = 0; i < BLOCKS_PER_LEVEL; i++) {
                Scope block = model.in("input_blocks." + index++);
                int out = MULTIPLIERS[level] * width;
                residual(block.in("0"), channels, out);
                channels = out;
                if (level < ATTENTION_LEVELS) {
                    transformer(block.in("1"), channels);
                }
                skips.push(channels);
            }
            if (level < MULTIPLIERS.length - 1) {
                model.conv("input_blocks." + index++ + ".0.op", channels, channels, 3, 1);
                skips.push(channels);
            }
        }
        return channels;
    }

    private void outputBlocks(int channels, Deque<Integer> skips) {
        int index = 0;
        for (int level = MULTIPLIERS.length - 1; level >= 0; level--) {
            for (int i = 0; i <= BLOCKS_PER_LEVEL; i++) {
                Scope block = model.in("output_blocks." + index++);
                int out = MULTIPLIERS[level] * width;
                int in = channels + skips.pop();
                channels = out;
                int next = 1;
                if (skips.isEmpty()) {
                    head.residual(block.in("0"), in);
                    transformerBody(block.in("1"), channels);
                    head.projectOut(block.in("1"));
                } else {
                    residual(block.in("0"), in, out);
                    if (level < ATTENTION_LEVELS) {
                        transformer(block.in(Integer.toString(next++)), channels);
                    }
                }
                if (level > 0 && i == BLOCKS_PER_LEVEL) {
                    block.conv(next + ".conv", channels, channels, 3, 1);
                }
            }
        }
    }

    private void residual(Scope block, int in, int out) {
        block.norm("in_layers.0", in);
        block.conv("in_layers.2", out, in, 3, 1);
        block.linear("emb_layers.1", out, 4 * width, 1);
        block.norm("out_layers.0", out);
        block.conv("out_layers.3", out, out, 3, 1);
        if (in != out) {
            block.conv("skip_connection", out, in, 1, 1);
        }
    }

    private static void transformer(Scope block, int channels) {
        transformerBody(block, channels);
        block.conv("proj_out", channels, channels, 1, 1);
    }

    private static void transformerBody(Scope block, int channels) {
        block.norm("norm", channels);
        block.conv("proj_in", channels, channels, 1, 1);
        Scope body = block.in("transformer_blocks.0");
        attention(body.in("attn1"), channels, channels);
        body.linear("ff.net.0.proj", 8 * channels, channels, 1); // GEGLU: value and gate
        body.linear("ff.net.2", channels, 4 * channels, 1);
        attention(body.in("attn2"), channels, CONTEXT);
        body.norm("norm1", channels);
        body.norm("norm2", channels);
        body.norm("norm3", channels);
    }

    private static void attention(Scope attention, int channels, int context) {
        attention.projection("to_q", channels, channels, CHOOSY);
        attention.projection("to_k", channels, context, CHOOSY);
        attention.projection("to_v", channels, context, 1);
        attention.linear("to_out.0", channels, channels, 1);
    }
}
