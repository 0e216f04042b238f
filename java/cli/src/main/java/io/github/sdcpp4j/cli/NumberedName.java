package io.github.sdcpp4j.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** File names with a number in them, as {@code frame_%03d.png}. */
final class NumberedName {

    /** The number: as it is, or with zeros in front. */
    private static final Pattern NUMBER = Pattern.compile("%(?:0?([1-9]))?d");

    private NumberedName() {}

    /** Whether a name has a place for a number. */
    static boolean is(Path file) {
        return NUMBER.matcher(file.getFileName().toString()).find();
    }

    /** The name with the number in its place; without a place it stays as it is. */
    static String of(Path file, int number) {
        return NUMBER.matcher(file.getFileName().toString()).replaceAll(found ->
                String.format(Locale.ROOT, "%0" + (found.group(1) == null ? "1" : found.group(1)) + "d", number));
    }
}
