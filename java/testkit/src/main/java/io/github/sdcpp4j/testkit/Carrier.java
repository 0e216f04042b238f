package io.github.sdcpp4j.testkit;

/**
 * Carries signals unchanged through a {@code GroupNorm(32) -> SiLU -> convolution}, without training.
 *
 * <p>Two identities make that possible. First, {@code silu(x) - silu(-x) = x}, so a signal that travels as the pair
 * {@code x, -x} survives the activation. Second, a constant R in the same group that is much larger than the signal
 * fixes the group's statistics: with {@code m} channels {@code x, -x, R, 0, ...} the mean is {@code R/m} and the
 * variance {@code R^2 (m-1)/m^2 + 2 mean(x^2)/m}, which hardly depends on x; the layer's own weight and bias then
 * undo them. The small common error of the two halves cancels in their difference. Each group needs three channels,
 * hence at least 96 in all: one channel per group would lose mean and scale of the signal, two would lose its
 * scale.
 *
 * <p>Signal {@code s} uses the first three channels of group {@code s}.
 *
 * @param channels channels of the normalised tensor
 * @param signals  how many signals are carried
 */
record Carrier(int channels, int signals) {
    static final int GROUPS = 32;
    static final int MIN_CHANNELS = 3 * GROUPS;
    private static final float REFERENCE = 64f;

    int groupSize() {
        return channels / GROUPS;
    }

    /** The number of leading channels that belong to the carried groups. */
    int reserved() {
        return signals * groupSize();
    }

    /** How much of {@code signal} the channel holds: 1, -1 or 0. */
    float sign(int channel, int signal) {
        return signal >= signals ? 0f : switch (channel - signal * groupSize()) {
            case 0 -> 1f;
            case 1 -> -1f;
            default -> 0f;
        };
    }

    /**
     * Turns a layer's rows, one per signal, into rows for {@link #channels}: each as it is and negated.
     *
     * @param rows         weights {@code [signals, ...]}
     * @param valuesPerRow number of weights that make one output
     */
    Values pairs(Values rows, long valuesPerRow) {
        return index -> {
            int channel = (int) (index / valuesPerRow);
            int signal = channel / groupSize();
            float sign = sign(channel, signal);
            return sign == 0f ? 0f : sign * rows.at(signal * valuesPerRow + index % valuesPerRow);
        };
    }

    /** Bias {@code [channels]} that goes with {@link #pairs}: the reference. */
    Values reference() {
        return index -> index < reserved() && index % groupSize() == 2 ? REFERENCE : 0f;
    }

    /** GroupNorm weight {@code [channels]} that undoes the scaling. */
    Values normWeight() {
        int m = groupSize();
        float deviation = (float) (REFERENCE * Math.sqrt(m - 1.0) / m);
        return index -> index < reserved() ? deviation : 1f;
    }

    /** GroupNorm bias {@code [channels]} that undoes the shift. */
    Values normBias() {
        float mean = REFERENCE / groupSize();
        return index -> index < reserved() ? mean : 0f;
    }
}
