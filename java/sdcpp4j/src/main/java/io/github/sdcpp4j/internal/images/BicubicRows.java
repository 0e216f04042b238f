package io.github.sdcpp4j.internal.images;

/**
 * Scales rows of R G B pixels by bicubic interpolation as <a href="https://github.com/python-pillow/Pillow">Pillow</a> does, byte by
 * byte: Keys' kernel with a = -0.5, made wider when it shrinks so that all pixels count, its weights in fixed point.
 *
 * @see <a href="https://doi.org/10.1109/TASSP.1981.1163711">Keys, Cubic convolution interpolation for digital image processing</a>
 */
final class BicubicRows {

    private static final int CHANNELS = 3;
    private static final double A = -0.5;
    /** How far the kernel reaches on each side. */
    private static final double REACH = 2;
    /** Bits behind the point: 32 less 8 of a value and 2 for what overshoots. */
    private static final int BITS = 22;

    private BicubicRows() {}

    /**
     * Scales each row.
     *
     * @param rgb width * height * 3 bytes
     * @param width pixels of a row
     * @param height rows
     * @param target pixels of a row of the result
     * @return target * height * 3 bytes; the same array when there is nothing to scale
     */
    static byte[] scale(byte[] rgb, int width, int height, int target) {
        if (width == target) {
            return rgb;
        }
        byte[] scaled = new byte[Math.multiplyExact(Math.multiplyExact(target, height), CHANNELS)];
        double step = (double) width / target;
        double stretch = Math.max(step, 1);
        double reach = REACH * stretch;
        for (int x = 0; x < target; x++) {
            double centre = (x + 0.5) * step;
            int first = Math.max(0, (int) (centre - reach + 0.5));
            int end = Math.min(width, (int) (centre + reach + 0.5));
            int[] weights = weights(first, end, centre, stretch);
            for (int y = 0; y < height; y++) {
                for (int channel = 0; channel < CHANNELS; channel++) {
                    int sum = 1 << BITS - 1; // half, so that cutting off the bits rounds
                    for (int i = 0; i < weights.length; i++) {
                        sum += (rgb[(y * width + first + i) * CHANNELS + channel] & 0xFF) * weights[i];
                    }
                    scaled[(y * target + x) * CHANNELS + channel] = (byte) Math.clamp(sum >> BITS, 0, 255);
                }
            }
        }
        return scaled;
    }

    private static int[] weights(int first, int end, double centre, double stretch) {
        double[] exact = new double[end - first];
        double sum = 0;
        for (int i = 0; i < exact.length; i++) {
            exact[i] = kernel((i + first - centre + 0.5) / stretch);
            sum += exact[i];
        }
        int[] fixed = new int[exact.length];
        for (int i = 0; i < exact.length; i++) {
            double value = exact[i] / sum * (1 << BITS);
            fixed[i] = (int) (value < 0 ? value - 0.5 : value + 0.5);
        }
        return fixed;
    }

    private static double kernel(double distance) {
        double x = Math.abs(distance);
        if (x < 1) {
            return ((A + 2) * x - (A + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }
}
