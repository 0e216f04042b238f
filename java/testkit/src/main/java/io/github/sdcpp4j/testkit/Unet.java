package io.github.sdcpp4j.testkit;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The UNet of SD 1.x, 686 tensors under {@code model.diffusion_model}, or of SDXL, 1680; laid out as in CompVis'
 * {@code openaimodel.UNetModel} with two residual blocks per level; the heads leave no trace in the file.
 *
 * <p>All of it is random, but for what {@link UnetHead} needs in order to predict something that samplers can live
 * with.
 */
final class Unet {
    /**
     * What the families differ in.
     *
     * @param context     width of the text
     * @param vector      width of the pooled text and the sizes, 0 for none
     * @param multipliers the levels' widths
     * @param depths      transformer blocks in a row at each level, 0 for no attention; the last number is the middle's
     */
    private record Shape(int context, int vector, int[] multipliers, int[] depths) {
        static final Shape SD1 = new Shape(768, 0, new int[] {1, 2, 4, 4}, new int[] {1, 1, 1, 0, 1});
        static final Shape SDXL = new Shape(2048, 2816, new int[] {1, 2, 4}, new int[] {0, 2, 10, 10});
    }

    private static final int LATENTS = 4;
    private static final int BLOCKS_PER_LEVEL = 2;
    /** Query and key gain of cross attention, see the text encoder. */
    private static final double CHOOSY = 1.7;

    private final Scope model;
    private final Shape shape;
    private final int width;
    private final UnetHead head;

    private Unet(Scope model, Shape shape, int width) {
        this.model = model;
        this.shape = shape;
        this.width = width;
        this.head = new UnetHead(width);
    }

    static void addTo(Scope root, int modelChannels) {
        new Unet(root.in("model.diffusion_model"), Shape.SD1, modelChannels).add();
    }

    /** The smallest of SDXL; of transformer blocks in a row all but the first pass their input on. */
    static void addSdxlTo(Scope root) {
        new Unet(root.in("model.diffusion_model"), Shape.SDXL, Carrier.MIN_CHANNELS).add();
    }

    private void add() {
        head.timeEmbedding(model);
        if (shape.vector() > 0) {
            head.vectorEmbedding(model, shape.vector());
        }
        Deque<Integer> skips = new ArrayDeque<>();
        int channels = inputBlocks(skips);
        residual(model.in("middle_block.0"), channels, channels);
        transformer(model.in("middle_block.1"), channels, shape.multipliers().length);
        residual(model.in("middle_block.2"), channels, channels);
        outputBlocks(channels, skips);
        head.output(model);
    }

    private int inputBlocks(Deque<Integer> skips) {
        model.conv("input_blocks.0.0", width, LATENTS, 3, head.firstKernel(model), Values.ZERO);
        skips.push(width);
        int channels = width;
        int index = 1;
        for (int level = 0; level < shape.multipliers().length; level++) {
            for (int i = 0; i < BLOCKS_PER_LEVEL; i++) {
                Scope block = model.in("input_blocks." + index++);
                int out = shape.multipliers()[level] * width;
                residual(block.in("0"), channels, out);
                channels = out;
                if (shape.depths()[level] > 0) {
                    transformer(block.in("1"), channels, level);
                }
                skips.push(channels);
            }
            if (level < shape.multipliers().length - 1) {
                model.conv("input_blocks." + index++ + ".0.op", channels, channels, 3, 1);
                skips.push(channels);
            }
        }
        return channels;
    }

    private void outputBlocks(int channels, Deque<Integer> skips) {
        int index = 0;
        for (int level = shape.multipliers().length - 1; level >= 0; level--) {
            for (int i = 0; i <= BLOCKS_PER_LEVEL; i++) {
                Scope block = model.in("output_blocks." + index++);
                int out = shape.multipliers()[level] * width;
                int in = channels + skips.pop();
                channels = out;
                int next = 1;
                if (skips.isEmpty()) {
                    head.residual(block.in("0"), in);
                    if (shape.depths()[level] > 0) {
                        transformerBody(block.in("1"), channels, level);
                        head.projectOut(block.in("1"));
                    }
                } else {
                    residual(block.in("0"), in, out);
                    if (shape.depths()[level] > 0) {
                        transformer(block.in(Integer.toString(next++)), channels, level);
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

    private void transformer(Scope block, int channels, int level) {
        transformerBody(block, channels, level);
        pointwise(block, "proj_out", channels);
    }

    private void transformerBody(Scope block, int channels, int level) {
        block.norm("norm", channels);
        pointwise(block, "proj_in", channels);
        for (int i = 0; i < shape.depths()[level]; i++) {
            Scope body = block.in("transformer_blocks." + i);
            double gain = i == 0 ? 1 : 0;
            attention(body.in("attn1"), channels, channels, gain);
            body.linear("ff.net.0.proj", 8 * channels, channels, gain); // GEGLU: value and gate
            body.linear("ff.net.2", channels, 4 * channels, gain);
            attention(body.in("attn2"), channels, shape.context(), gain);
            body.norm("norm1", channels);
            body.norm("norm2", channels);
            body.norm("norm3", channels);
        }
    }

    /** A linear layer in SDXL, a convolution in SD 1.x. */
    private void pointwise(Scope block, String name, int channels) {
        if (shape == Shape.SDXL) {
            block.linear(name, channels, channels, 1);
        } else {
            block.conv(name, channels, channels, 1, 1);
        }
    }

    private static void attention(Scope attention, int channels, int context, double gain) {
        attention.projection("to_q", channels, channels, gain * CHOOSY);
        attention.projection("to_k", channels, context, gain * CHOOSY);
        attention.projection("to_v", channels, context, gain);
        attention.linear("to_out.0", channels, channels, gain);
    }
}
