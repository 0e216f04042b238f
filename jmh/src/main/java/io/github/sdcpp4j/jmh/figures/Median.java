package io.github.sdcpp4j.jmh.figures;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The middle of some samples, and where the true middle lies with 95 % confidence: between two of the samples themselves, by
 * the binomial distribution, so that nothing is supposed of how they spread.
 *
 * @param value the median
 * @param low one end; the smallest sample when there are fewer than six
 * @param high the other
 */
record Median(double value, double low, double high) {

    private static final double ERROR = 0.05;

    static Median of(List<Double> samples) {
        double[] sorted = samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int n = sorted.length;
        double middle = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
        int outside = 0; // how many samples may be left out at each end
        double below = Math.pow(0.5, n); // the chance that at most so many samples lie below the true median
        double term = below;
        while (2 * below <= ERROR) {
            outside++;
            term *= (double) (n - outside + 1) / outside;
            below += term;
        }
        int first = Math.max(0, outside - 1);
        return new Median(middle, sorted[first], sorted[n - 1 - first]);
    }

    static double middle(double... samples) {
        return of(Arrays.stream(samples).boxed().toList()).value;
    }

    /** With three decimals. */
    String text() {
        return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", value, low, high);
    }
}
