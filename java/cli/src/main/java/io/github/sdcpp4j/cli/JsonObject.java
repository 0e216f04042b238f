package io.github.sdcpp4j.cli;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A JSON object to be printed (RFC 8259); members keep their order. */
final class JsonObject {

    private final Map<String, Object> members = new LinkedHashMap<>();

    /** {@code value} is a text, a number, a boolean, another object, a list or a map of such, or an empty optional for null. */
    JsonObject put(String name, Object value) {
        members.put(name, value);
        return this;
    }

    @Override
    public String toString() {
        return json(members, "");
    }

    private static String json(Object value, String indent) {
        return switch (value) {
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            case Optional<?> optional -> optional.map(present -> json(present, indent)).orElse("null");
            case JsonObject object -> json(object.members, indent);
            case Map<?, ?> map -> map.isEmpty() ? "{}" : map.entrySet().stream()
                    .map(member -> indent + "  " + quoted(member.getKey().toString()) + ": "
                            + json(member.getValue(), indent + "  "))
                    .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
            case Collection<?> list -> list.stream()
                    .map(element -> json(element, indent))
                    .collect(Collectors.joining(", ", "[", "]"));
            default -> quoted(value.toString());
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    // control characters must be escaped; half a character is no UTF-8
                    if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                        quoted.append("\\u%04x".formatted(c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
