package io.github.sdcpp4j.testkit;

/**
 * The UNet's last block and output, and the time embedding they rest on.
 *
 * <p>The prediction is {@code eps = KEEP (silu(y + b) - silu(-y + b)) / 2} with {@code y = x + w(x, t, prompt)}: x
 * is the scaled latent that the network is fed with, w the random network's answer, and b rises with the timestep.
 * The slope in y goes from 0 at t = 0 to about 1 at t = 1000. It follows {@code sigma / sqrt(1 + sigma^2)}, the
 * slope of the ideal denoiser for data of unit variance (Karras et al., "Elucidating the Design Space of
 * Diffusion-Based Generative Models", 2022). That makes every sampler end in latents of about unit variance,
 * whatever the number of steps, and leaves the image of a weak image to image run in place. Were eps random
 * altogether, noise would stay and pictures would be black and white.
 *
 * <p>w fades out towards high noise, since the sampler multiplies it by sigma: it is a sum of
 * {@code silu(f + gate) - silu(-f + gate)} over random features f, with a gate that falls with t.
 */
final class UnetHead {
    private static final int LATENTS = 4;
    private static final int TAPS = 9;
    private static final double KEEP = 0.95;
    private static final double SLOPE_START = -1.25;
    private static final double SLOPE_RISE = 5;
    private static final int FEATURES = (Carrier.GROUPS - 1) / 2;
    private static final double GATE_START = 2.5;
    private static final double GATE_FALL = -9;
    /** Gain of w. */
    private static final double WANDER = 1;
    /** Gain of the last transformer's direct contribution, which no gate holds down. */
    private static final double WHISPER = 0.02;
    /** The unit in which the time embedding's first two rows hold the timestep, and its negative. */
    private static final double TIME_UNIT = 1000;
    private static final double MAX_PERIOD = 10000;

    private final int width;
    /** In front of the output: y + b for each latent, then y - b for each. */
    private final Carrier latents;
    /** Inside the last residual block: b, then f + gate for each feature, then f - gate for each. */
    private final Carrier features;

    UnetHead(int width) {
        this.width = width;
        this.latents = new Carrier(width, 2 * LATENTS);
        this.features = new Carrier(width, 1 + 2 * FEATURES);
    }

    /**
     * The time embedding: random, but for the timestep in the first two rows. The layer is fed with
     * {@code cos(t f_i), sin(t f_i)}, f_i from 1 down to all but 1 / MAX_PERIOD; the last sine is practically
     * linear in t.
     */
    void timeEmbedding(Scope model) {
        int half = width / 2;
        double lowest = StrictMath.pow(MAX_PERIOD, -(half - 1.0) / half);
        float perUnit = (float) (1 / (TIME_UNIT * lowest));
        int embedding = 4 * width;
        timeLayer(model, "time_embed.0", embedding, width, column -> column == width - 1 ? perUnit : 0f);
        timeLayer(model, "time_embed.2", embedding, embedding, UnetHead::joined);
    }

    /** The embedding of the pooled text and the sizes, which is added to that of the time and leaves the timestep alone. */
    void vectorEmbedding(Scope model, int vector) {
        int embedding = 4 * width;
        model.linear("label_emb.0.0", embedding, vector, 1);
        model.add("label_emb.0.2.weight",
                model.random("label_emb.0.2.weight", 1, embedding).after(Values.ZERO, 2, embedding), embedding, embedding);
        model.add("label_emb.0.2.bias", Values.ZERO, embedding);
    }

    /** The first convolution {@code [width, 4, 3, 3]}: copies of the latents, then random features of them. */
    Values firstKernel(Scope model) {
        Values copies = Values.kernel(LATENTS, 3, (out, in, y, x) -> centre(y, x) && out == in ? 1f : 0f);
        return model.random("input_blocks.0.0.weight", 1, LATENTS * TAPS).after(copies, LATENTS, LATENTS * TAPS);
    }

    /** The last residual block; the last {@code width} of its inputs are the first convolution's output. */
    void residual(Scope block, int in) {
        block.norm("in_layers.0", in);
        block.conv("in_layers.2", width, in, 3,
                features.pairs(features(block, in), (long) in * TAPS), features.reference());
        int embedding = 4 * width;
        Values rise = index -> rowOf(index / embedding, SLOPE_RISE, GATE_FALL) * joined(index % embedding);
        block.add("emb_layers.1.weight", features.pairs(rise, embedding), width, embedding);
        block.add("emb_layers.1.bias", features.pairs(row -> rowOf(row, SLOPE_START, GATE_START), 1), width);
        block.norm("out_layers.0", width, features.normWeight(), features.normBias());
        block.conv("out_layers.3", width, width, 3, gatedSum(block), Values.ZERO);
        int first = in - width;
        Values copies = latents.pairs(index -> index % in == first + index / in % LATENTS ? 1f : 0f, in);
        Values free = block.random("skip_connection.weight", 1, in);
        block.conv("skip_connection", width, in, 1,
                free.after(copies, latents.reserved(), in), latents.reference());
    }

    /** The last transformer's way out, which must not touch the latents. */
    void projectOut(Scope block) {
        block.conv("proj_out", width, width, 1,
                block.random("proj_out.weight", 1, width).after(Values.ZERO, latents.reserved(), width), Values.ZERO);
    }

    /** Final normalisation and convolution. */
    void output(Scope model) {
        model.norm("out.0", width, latents.normWeight(), latents.normBias());
        int free = width - latents.reserved();
        Values whisper = model.random("out.2.weight", WHISPER, (long) free * TAPS);
        model.conv("out.2", LATENTS, width, 3, Values.kernel(width, 3, (latent, channel, y, x) -> {
            if (channel >= latents.reserved()) {
                return whisper.at(((long) latent * width + channel) * TAPS + y * 3L + x);
            }
            float plus = Math.max(0, latents.sign(channel, latent)); // holds y + b
            float minus = Math.min(0, latents.sign(channel, latent + LATENTS)); // holds -(y - b)
            return centre(y, x) ? (float) (KEEP / 2) * (plus + minus) : 0f;
        }), Values.ZERO);
    }

    /** One row per signal: zero for b, which comes from the time embedding; the same for f + gate and f - gate. */
    private static Values features(Scope block, int in) {
        long perRow = (long) in * TAPS;
        Values mix = block.random("in_layers.2.weight", 1, perRow);
        return index -> index < perRow ? 0f : mix.at(feature(index / perRow) * perRow + index % perRow);
    }

    /** Rows w + b, then w - b for the latents, to be added to x; random rows for the free channels. */
    private Values gatedSum(Scope block) {
        long perRow = (long) width * TAPS;
        Values wander = block.random("out_layers.3.wander", WANDER, FEATURES * TAPS);
        Values rows = Values.kernel(width, 3, (row, channel, y, x) -> {
            float b = features.sign(channel, 0);
            if (b != 0f) {
                return centre(y, x) ? (row < LATENTS ? b : -b) : 0f;
            }
            int signal = channel / features.groupSize();
            float sign = features.sign(channel, signal);
            boolean used = signal <= FEATURES ? sign > 0 : sign < 0; // f + gate, and -(f - gate)
            long weight = (row % LATENTS * FEATURES + feature(signal)) * TAPS + y * 3L + x;
            return used ? sign * wander.at(weight) : 0f;
        });
        Values free = block.random("out_layers.3.weight", 1, perRow);
        return free.after(latents.pairs(rows, perRow), latents.reserved(), perRow);
    }

    private static long feature(long signal) {
        return (signal - 1) % FEATURES;
    }

    /** What the signals' rows hold: {@code shift} for b, {@code gate} for f + gate, its negative for f - gate. */
    private static float rowOf(long signal, double shift, double gate) {
        return (float) (signal == 0 ? shift : signal <= FEATURES ? gate : -gate);
    }

    private static void timeLayer(Scope model, String name, int out, int in, Values row) {
        Values pair = index -> (index < in ? 1f : -1f) * row.at(index % in);
        model.add(name + ".weight", model.random(name + ".weight", 1, in).after(pair, 2, in), out, in);
        model.add(name + ".bias", Values.ZERO, out);
    }

    /** A row that joins the pair in the first two columns. */
    private static float joined(long column) {
        return column == 0 ? 1f : column == 1 ? -1f : 0f;
    }

    private static boolean centre(int y, int x) {
        return y == 1 && x == 1;
    }
}
