package io.github.sdcpp4j.testkit;

/**
 * The autoencoder of SD 1.x and, with other latents, of later families: 248 tensors, 244 without the two convolutions at the
 * latents, laid out as in CompVis' {@code AutoencoderKL} with channel multipliers 1, 2, 4, 4.
 *
 * <p>It is built, not trained: the encoder averages each 8x8 block of pixels, the decoder paints each latent as an
 * 8x8 block. {@code decode(encode(image))} is the block-averaged image, within two or three levels of 255, and a
 * tiled run equals an untiled one as closely. Latents are {@code T rgb / factor} with rgb in -1..1 and T the corners
 * of a tetrahedron, repeated if there are more than four channels n, so that all of them matter; {@code T^t T = n I} makes
 * the inverse {@code factor T^t / n}, which is blind to a shift of all latents. With the factor by which the family scales its
 * latents, ordinary pictures have latents of about unit variance after scaling.
 */
final class Autoencoder {
    /**
     * What the family's latents are like.
     *
     * @param channels   how many there are, a multiple of 4
     * @param factor     what the runtime multiplies them with
     * @param convolved  whether a convolution stands between them and the encoder or decoder
     */
    record Latents(int channels, double factor, boolean convolved) {
        static final Latents SD = new Latents(4, 0.18215, true);
        static final Latents SDXL = new Latents(4, 0.13025, true);
        static final Latents SD3 = new Latents(16, 1.5305, false);
        static final Latents FLUX = new Latents(16, 0.3611, false);
        /** The runtime divides each by a deviation of its own, which are all close to this. */
        static final Latents FLUX2 = new Latents(32, 1 / 1.76, true);
    }

    private static final int RGB = 3;
    private static final int[][] TETRAHEDRON = {{1, 1, 1}, {1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}};
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
    private final int latents;
    private final double scale;
    private final boolean convolved;
    private final boolean everyBlock;

    private Autoencoder(Scope model, Latents latents, boolean everyBlock) {
        this.model = model;
        this.latents = latents.channels();
        this.scale = 1 / latents.factor();
        this.convolved = latents.convolved();
        this.everyBlock = everyBlock;
    }

    /** Adds a model; its {@code everyBlock} says whether all layers get non-zero weights. */
    static void addTo(Scope model, Latents latents, int decoderWidth, boolean withEncoder, boolean everyBlock) {
        Autoencoder autoencoder = new Autoencoder(model, latents, everyBlock);
        if (withEncoder) {
            autoencoder.addEncoder();
        }
        autoencoder.addDecoder(decoderWidth);
    }

    /** The smallest one, most of it zero. */
    static void addTo(Scope model, Latents latents) {
        addTo(model, latents, Carrier.MIN_CHANNELS, true, false);
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
        encoder.conv("conv_out", 2 * latents, channels, 3, Values.kernel(channels, 3, (latent, channel, y, x) -> {
            if (!centre(y, x) || latent >= latents) {
                return 0f;
            }
            float sum = 0;
            for (int colour = 0; colour < RGB; colour++) {
                sum += TETRAHEDRON[latent % TETRAHEDRON.length][colour] * carrier.sign(channel, colour);
            }
            return (float) (scale * sum);
        }), index -> index < latents ? 0f : LOG_VARIANCE);
        if (convolved) {
            model.conv("quant_conv", 2 * latents, 2 * latents, 1, diagonal(2 * latents, 1), Values.ZERO);
        }
    }

    private void addDecoder(int width) {
        if (convolved) {
            model.conv("post_quant_conv", latents, latents, 1, diagonal(latents, 1), Values.ZERO);
        }
        Scope decoder = model.in("decoder");
        Carrier carrier = new Carrier(width, RGB);
        int channels = MULTIPLIERS[LAST_LEVEL] * width;
        decoder.conv("conv_in", channels, latents, 3, Values.kernel(latents, 3, (colour, latent, y, x) ->
                centre(y, x) && colour < RGB ? (float) (TETRAHEDRON[latent % TETRAHEDRON.length][colour] / (latents * scale)) : 0f),
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
