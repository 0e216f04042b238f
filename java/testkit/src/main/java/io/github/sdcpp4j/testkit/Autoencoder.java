package io.github.sdcpp4j.testkit;

/**
 * The SD 1.x autoencoder: 248 tensors under {@code first_stage_model}, laid out as in CompVis'
 * {@code AutoencoderKL} with channel multipliers 1, 2, 4, 4.
 *
 * <p>It is built, not trained: the encoder averages each 8x8 block of pixels, the decoder paints each latent as an
 * 8x8 block. {@code decode(encode(image))} is the block-averaged image, within two or three levels of 255, and a
 * tiled run equals an untiled one as closely. Latents are {@code SCALE * T rgb} with rgb in -1..1 and T the corners
 * of a tetrahedron, so that all four channels matter; {@code T^t T = 4 I} makes the inverse
 * {@code T^t / (4 SCALE)}. SCALE is the inverse of SD 1.x's latent factor 0.18215: ordinary pictures have latents
 * of about unit variance after scaling.
 */
final class Autoencoder {
    private static final int RGB = 3;
    private static final int LATENTS = 4;
    private static final int[][] TETRAHEDRON = {{1, 1, 1}, {1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}};
    private static final double SCALE = 1 / 0.18215;
    /** exp(-30 / 2) is 3e-7: the encoder's distribution is a point, so encoding does not depend on a seed. */
    private static final float LOG_VARIANCE = -30f;
    private static final int[] MULTIPLIERS = {1, 2, 4, 4};
    private static final int LAST_LEVEL = MULTIPLIERS.length - 1;
    private static final int BLOCKS_PER_LEVEL = 2;
    /** Fixed by the runtime; only the decoder's width is taken from the file. */
    private static final int ENCODER_WIDTH = 128;
    /** Gain of a live residual branch: enough for its layers to be noticed in the numbers, too little for the eye. */
    private static final double WHISPER = 0.005;

    private final Scope model;
    private final boolean everyBlock;

    private Autoencoder(Scope model, boolean everyBlock) {
        this.model = model;
        this.everyBlock = everyBlock;
    }

    static void addTo(Scope root, int decoderWidth, boolean withEncoder, boolean everyBlock) {
        Autoencoder autoencoder = new Autoencoder(root.in("first_stage_model"), everyBlock);
        if (withEncoder) {
            autoencoder.addEncoder();
        }
        autoencoder.addDecoder(decoderWidth);
    }

    private void addEncoder() {
        Scope encoder = model.in("encoder");
        Carrier carrier = new Carrier(ENCODER_WIDTH * MULTIPLIERS[LAST_LEVEL], RGB);
        encoder.conv("conv_in", ENCODER_WIDTH, RGB, 3, diagonal(RGB, 3), Values.ZERO);
        int channels = ENCODER_WIDTH;
        for (int level = 0; level < MULTIPLIERS.length; level++) {
            Scope down = encoder.in("down." + level);
            for (int i = 0; i < BLOCKS_PER_LEVEL; i++) {
                int out = MULTIPLIERS[level] * ENCODER_WIDTH;
                residual(down.in("block." + i), channels, out, out == carrier.channels() ? carrier : null);
                channels = out;
            }
            if (level < LAST_LEVEL) {
                down.conv("downsample.conv", channels, channels, 3, average(channels), Values.ZERO);
            }
        }
        middle(encoder.in("mid"), channels);
        encoder.norm("norm_out", channels, carrier.normWeight(), carrier.normBias());
        encoder.conv("conv_out", 2 * LATENTS, channels, 3, Values.kernel(channels, 3, (latent, channel, y, x) -> {
            if (!centre(y, x) || latent >= LATENTS) {
                return 0f;
            }
            float sum = 0;
            for (int colour = 0; colour < RGB; colour++) {
                sum += TETRAHEDRON[latent][colour] * carrier.sign(channel, colour);
            }
            return (float) (SCALE * sum);
        }), index -> index < LATENTS ? 0f : LOG_VARIANCE);
        model.conv("quant_conv", 2 * LATENTS, 2 * LATENTS, 1, diagonal(2 * LATENTS, 1), Values.ZERO);
    }

    private void addDecoder(int width) {
        model.conv("post_quant_conv", LATENTS, LATENTS, 1, diagonal(LATENTS, 1), Values.ZERO);
        Scope decoder = model.in("decoder");
        Carrier carrier = new Carrier(width, RGB);
        int channels = MULTIPLIERS[LAST_LEVEL] * width;
        decoder.conv("conv_in", channels, LATENTS, 3, Values.kernel(LATENTS, 3, (colour, latent, y, x) ->
                centre(y, x) && colour < RGB ? (float) (TETRAHEDRON[latent][colour] / (LATENTS * SCALE)) : 0f),
                Values.ZERO);
        middle(decoder.in("mid"), channels);
        for (int level = LAST_LEVEL; level >= 0; level--) {
            Scope up = decoder.in("up." + level);
            for (int i = 0; i <= BLOCKS_PER_LEVEL; i++) {
                int out = MULTIPLIERS[level] * width;
                residual(up.in("block." + i), channels, out, level == 0 ? carrier : null);
                channels = out;
            }
            if (level > 0) {
                up.conv("upsample.conv", channels, channels, 3, diagonal(channels, 3), Values.ZERO);
            }
        }
        decoder.norm("norm_out", width, carrier.normWeight(), carrier.normBias());
        decoder.conv("conv_out", RGB, width, 3, Values.kernel(width, 3,
                (colour, channel, y, x) -> centre(y, x) ? carrier.sign(channel, colour) : 0f), Values.ZERO);
    }

    private void middle(Scope middle, int channels) {
        residualBranch(middle.in("block_1"), channels, channels, true);
        Scope attention = middle.in("attn_1");
        attention.norm("norm", channels);
        for (String name : new String[] {"q", "k", "v"}) {
            attention.conv(name, channels, channels, 1, 1);
        }
        attention.conv("proj_out", channels, channels, 1, WHISPER);
        residualBranch(middle.in("block_2"), channels, channels, everyBlock);
    }

    /** A block that keeps the first channels or, where its width changes to the {@code carrier}'s, makes them pairs. */
    private void residual(Scope block, int in, int out, Carrier carrier) {
        residualBranch(block, in, out, everyBlock);
        if (in == out) {
            return;
        }
        if (carrier == null) {
            block.conv("nin_shortcut", out, in, 1, diagonal(in, 1), Values.ZERO);
        } else {
            block.conv("nin_shortcut", out, in, 1, carrier.pairs(diagonal(in, 1), in), carrier.reference());
        }
    }

    private static void residualBranch(Scope block, int in, int out, boolean alive) {
        block.norm("norm1", in);
        block.conv("conv1", out, in, 3, alive ? 1 : 0);
        block.norm("norm2", out);
        block.conv("conv2", out, out, 3, alive ? WHISPER : 0);
    }

    private static Values diagonal(int in, int size) {
        int middle = size / 2;
        return Values.kernel(in, size, (out, from, y, x) -> out == from && y == middle && x == middle ? 1f : 0f);
    }

    /** Means of 2x2 pixels: padding goes right and below, so tap 0 is the pixel itself and tap 2 the next one's. */
    private static Values average(int channels) {
        return Values.kernel(channels, 3, (out, in, y, x) -> out == in && y < 2 && x < 2 ? 0.25f : 0f);
    }

    private static boolean centre(int y, int x) {
        return y == 1 && x == 1;
    }
}
