package io.github.sdcpp4j;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The values of an axis as they are written.
 *
 * @param name the field, for messages
 * @param values one or more, without their quotes
 */
record AxisText(String name, List<String> values) {

    private static final String NUMBER = "(\\d+(?:\\.\\d+)?)";

    /** {@code 10-30:5}, {@code 10..30:5} or without a step; numbers are not negative, so that a hyphen is no sign. */
    private static final Pattern RANGE =
            Pattern.compile(NUMBER + "\\s*(?:-|\\.\\.)\\s*" + NUMBER + "(?:\\s*:\\s*" + NUMBER + ")?");

    static AxisText of(String name, String text) {
        return new AxisText(name, split(name, text));
    }

    String[] texts() {
        return values.toArray(String[]::new);
    }

    int[] wholes() {
        return ranged().mapToInt(value -> whole(value, Integer.MAX_VALUE).intValueExact()).toArray();
    }

    long[] seeds() {
        return ranged()
                .mapToLong(value -> value.equals("-1")
                        ? StableDiffusion.randomSeed()
                        : whole(value, Long.MAX_VALUE).longValueExact())
                .toArray();
    }

    double[] numbers() {
        return ranged()
                .mapToDouble(value -> number(value, "numbers such as 1.5,3 or a range such as 1-3:0.5").doubleValue())
                .toArray();
    }

    Resolution[] sizes() {
        return values.stream()
                .map(value -> Resolution.parse(value).orElseThrow(() -> wrong(value, "sizes such as 512x768")))
                .toArray(Resolution[]::new);
    }

    <T extends RuntimeValue> Stream<T> choices(T[] known) {
        return values.stream().map(value -> RuntimeValue.find(known, value).orElseThrow(() -> wrong(
                value, "one or more of " + String.join(", ", Stream.of(known).map(RuntimeValue::flag).toList()))));
    }

    private BigDecimal whole(String value, long max) {
        String expected = "whole numbers such as 10,20 or a range such as 10-30:10";
        BigDecimal number = number(value, expected);
        if (number.stripTrailingZeros().scale() > 0 || number.abs().compareTo(BigDecimal.valueOf(max)) > 0) {
            throw wrong(value, expected);
        }
        return number;
    }

    private BigDecimal number(String value, String expected) {
        try {
            return new BigDecimal(value);
        } catch (NumberFormatException e) {
            throw wrong(value, expected);
        }
    }

    private InvalidRequestException wrong(String value, String expected) {
        return new InvalidRequestException("axis %s has the value '%s': give %s".formatted(name, value, expected));
    }

    /** The values with each range spelt out. */
    private Stream<String> ranged() {
        return values.stream().flatMap(value -> {
            Matcher range = RANGE.matcher(value);
            return range.matches() ? spelt(value, range) : Stream.of(value);
        });
    }

    private Stream<String> spelt(String written, Matcher range) {
        BigDecimal first = new BigDecimal(range.group(1));
        BigDecimal last = new BigDecimal(range.group(2));
        BigDecimal step = range.group(3) == null ? BigDecimal.ONE : new BigDecimal(range.group(3));
        Check.that(step.signum() > 0,
                "axis %s has the range '%s', whose step is 0: give a step above 0".formatted(name, written));
        BigDecimal more = last.subtract(first).abs().divide(step, 0, RoundingMode.DOWN);
        Check.that(more.compareTo(BigDecimal.valueOf(Axis.MAX_VALUES)) < 0,
                "axis %s has the range '%s' of %s values: give it %d or fewer, by a larger step"
                        .formatted(name, written, more.add(BigDecimal.ONE).toPlainString(), Axis.MAX_VALUES));
        BigDecimal signed = first.compareTo(last) <= 0 ? step : step.negate();
        return Stream.iterate(first, value -> value.add(signed))
                .limit(more.longValueExact() + 1)
                .map(BigDecimal::toPlainString);
    }

    /** At commas, but not at those between double quotes. */
    private static List<String> split(String name, String text) {
        List<String> values = new ArrayList<>();
        int at = 0;
        do {
            int start = at;
            while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
                start++;
            }
            boolean quoted = start < text.length() && text.charAt(start) == '"';
            int end = quoted ? closingQuote(name, text, start) + 1 : start;
            int comma = text.indexOf(',', end);
            int stop = comma < 0 ? text.length() : comma;
            if (quoted) {
                Check.that(text.substring(end, stop).isBlank(),
                        "axis %s has text behind a quoted value, '%s': put a comma between two values"
                                .formatted(name, text.substring(end, stop).strip()));
                values.add(text.substring(start + 1, end - 1).replace("\"\"", "\""));
            } else {
                values.add(text.substring(start, stop).strip());
            }
            at = stop + 1;
        } while (at <= text.length());
        return List.copyOf(values);
    }

    private static int closingQuote(String name, String text, int opening) {
        int at = opening + 1;
        while (at < text.length()) {
            if (text.charAt(at) == '"') {
                if (at + 1 == text.length() || text.charAt(at + 1) != '"') {
                    return at;
                }
                at++; // a doubled quote is one of the value
            }
            at++;
        }
        throw new InvalidRequestException(
                "axis %s has a value without its closing quote, %s: add it".formatted(name, text.substring(opening)));
    }
}
