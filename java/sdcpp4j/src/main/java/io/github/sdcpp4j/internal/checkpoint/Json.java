package io.github.sdcpp4j.internal.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A JSON value (RFC 8259); the JDK has no parser, and the library depends on nothing else. */
public sealed interface Json {

    /**
     * An object.
     *
     * @param members the members in the order of the text
     */
    record Obj(Map<String, Json> members) implements Json {
        /** Takes the map over; nobody else holds it. */
        public Obj {
            members = Collections.unmodifiableMap(members);
        }

        @Override
        public String toString() {
            return "an object";
        }
    }

    /**
     * An array.
     *
     * @param elements the elements
     */
    record Arr(List<Json> elements) implements Json {
        /** Takes the list over; nobody else holds it. */
        public Arr {
            elements = Collections.unmodifiableList(elements);
        }

        @Override
        public String toString() {
            return elements.size() <= 8 && elements.stream().noneMatch(e -> e instanceof Arr)
                    ? elements.toString() : "an array of " + elements.size();
        }
    }

    /**
     * A string.
     *
     * @param value the string without its escapes
     */
    record Text(String value) implements Json {
        @Override
        public String toString() {
            return Texts.quote(value);
        }
    }

    /**
     * A number, kept as it was written so that no digit is lost.
     *
     * @param literal for example {@code -1.5e3}
     */
    record Num(String literal) implements Json {

        /** The length of {@code Long.MIN_VALUE}; JSON has no leading zeros. */
        private static final int LONGEST_INTEGER = 20;

        /**
         * The number if it is written without fraction and exponent and fits a {@code long}.
         *
         * @return the number, or nothing
         */
        public OptionalLong asLong() {
            if (literal.length() > LONGEST_INTEGER) {
                return OptionalLong.empty();
            }
            try {
                return OptionalLong.of(Long.parseLong(literal));
            } catch (NumberFormatException e) {
                return OptionalLong.empty();
            }
        }

        @Override
        public String toString() {
            return Texts.plain(literal);
        }
    }

    /**
     * True or false.
     *
     * @param value which
     */
    record Bool(boolean value) implements Json {
        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    /** The value {@code null}. */
    record Null() implements Json {
        @Override
        public String toString() {
            return "null";
        }
    }

    /**
     * Parses a whole document.
     *
     * @param text the document
     * @return its value
     * @throws JsonException if the text is not one JSON value, names a key twice, or is nested too deep or too large
     */
    static Json parse(String text) {
        try {
            return parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Parses a whole document in UTF-8; all of the stream is read, and nothing but white space may follow the value.
     *
     * @param utf8 the document
     * @return its value
     * @throws JsonException as for {@link #parse(String)}, and for malformed UTF-8
     * @throws IOException if the stream fails
     */
    static Json parse(InputStream utf8) throws IOException {
        return new JsonParser(utf8).document();
    }
}
