package io.github.sdcpp4j.jmh.figures;

import java.util.List;
import java.util.Locale;

/** Numbers as the tables show them: three digits and a unit. */
final class Units {

    private Units() {}

    static String time(Double nanoseconds) {
        return nanoseconds == null ? "" : scaled(nanoseconds, 1000, List.of("ns", "us", "ms", "s"));
    }

    static String bytes(Double bytes) {
        return bytes == null ? "" : scaled(bytes, 1000, List.of("B", "KB", "MB", "GB"));
    }

    static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String scaled(double value, double step, List<String> units) {
        double rest = value;
        for (String unit : units.subList(0, units.size() - 1)) {
            if (Math.abs(rest) < step) {
                return threeDigits(rest) + " " + unit;
            }
            rest /= step;
        }
        return threeDigits(rest) + " " + units.getLast();
    }

    private static String threeDigits(double value) {
        double size = Math.abs(value);
        int decimals = size < 10 ? 2 : size < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
