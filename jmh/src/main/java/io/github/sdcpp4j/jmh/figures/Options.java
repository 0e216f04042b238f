package io.github.sdcpp4j.jmh.figures;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Command lines of {@code --name value} pairs, as run.sh gives them. */
final class Options {

    private final Map<String, String> values = new HashMap<>();

    Options(String[] args) {
        for (int i = 0; i < args.length; i += 2) {
            if (!args[i].startsWith("--") || i + 1 == args.length) {
                throw new IllegalArgumentException("give pairs of --name and value, not " + String.join(" ", args));
            }
            values.put(args[i].substring(2), args[i + 1]);
        }
    }

    Optional<String> given(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    String text(String name) {
        return given(name).orElseThrow(() -> new IllegalArgumentException("--" + name + " is missing"));
    }

    Path path(String name) {
        return Path.of(text(name));
    }

    int number(String name) {
        return Integer.parseInt(text(name));
    }
}
