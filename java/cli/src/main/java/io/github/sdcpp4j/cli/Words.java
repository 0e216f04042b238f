package io.github.sdcpp4j.cli;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them, the same in every locale. */
final class Words {

    private static final String[] UNITS = {"kB", "MB", "GB", "TB"};

    private Words() {}

    /** {@code 3.2 s}; tenths are enough for what takes seconds. */
    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toNanos() / 1e9);
    }

    /** {@code 1,131}. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 2.13 GB (2,132,696,762 bytes)}, with decimal units as file managers and download pages use. */
    static String bytes(long bytes) {
        return bytes < 1000 ? roughly(bytes) : String.format(Locale.ROOT, "%s (%,d bytes)", roughly(bytes), bytes);
    }

    /** The same without the exact number. */
    static String roughly(long bytes) {
        if (bytes < 1000) {
            return bytes + " bytes";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 1000 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.2f %s", value, UNITS[unit]);
    }
}
