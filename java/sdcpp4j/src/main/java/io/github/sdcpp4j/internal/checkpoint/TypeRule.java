package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.WeightType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One weight type for the tensors whose names a pattern is found in.
 *
 * @param pattern what C++ and Java read alike
 * @param type what they become
 */
public record TypeRule(Pattern pattern, WeightType type) {

    private static final String CLASS = "\\[\\^?(?:[A-Za-z0-9](?:-[A-Za-z0-9])?|[_.])+]";
    private static final String PIECE = "(?:[\\w:/ .-]|\\\\[.dwsDWS]|" + CLASS + ")(?:[*+?]\\??)?";
    private static final String SEQUENCE = "\\^?(?:" + PIECE + ")*\\$?";

    /** What is left of a pattern once its groups are taken out. */
    private static final Pattern SIMPLE = Pattern.compile(SEQUENCE + "(?:\\|" + SEQUENCE + ")*");
    private static final Pattern INNERMOST_GROUP = Pattern.compile("\\((?:\\?:)?([^()]*)\\)");

    /**
     * Reads rules as they are written in options.
     *
     * @param rules such as {@code ^vae\.=f16,model\.=q8_0}; empty for none
     * @return the rules; the first one that fits a name counts
     * @throws InvalidRequestException when one of them is none
     */
    public static List<TypeRule> parse(String rules) {
        List<TypeRule> parsed = new ArrayList<>();
        if (!rules.isEmpty()) {
            for (String rule : rules.split(",")) {
                parsed.add(parseOne(rule));
            }
        }
        return List.copyOf(parsed);
    }

    private static TypeRule parseOne(String rule) {
        int equals = rule.indexOf('=');
        Optional<WeightType> type = WeightType.find(rule.substring(equals + 1)).filter(WeightType::isLoadable);
        if (equals < 0 || type.isEmpty()) {
            throw new InvalidRequestException(
                    "the tensor type rule '%s' is none: write PATTERN=TYPE, such as ^vae\\.=f16, with a type that weights can have, such as f16 or q8_0"
                            .formatted(rule));
        }
        String pattern = rule.substring(0, equals);
        if (!isUnderstood(pattern)) {
            // the runtime reads it on a thread where its exception would end the process
            throw new InvalidRequestException(
                    "the pattern of the tensor type rule '%s' is not understood: use letters, digits, . \\. [a-z] (a|b) and * + ? behind them, and ^ and $ at the ends"
                            .formatted(rule));
        }
        return new TypeRule(Pattern.compile(pattern), type.get());
    }

    private static boolean isUnderstood(String pattern) {
        String rest = pattern;
        for (Matcher group = INNERMOST_GROUP.matcher(rest); group.find(); group = INNERMOST_GROUP.matcher(rest)) {
            if (!SIMPLE.matcher(group.group(1)).matches()) {
                return false;
            }
            rest = rest.substring(0, group.start()) + "x" + rest.substring(group.end());
        }
        if (!SIMPLE.matcher(rest).matches()) {
            return false;
        }
        try {
            Pattern.compile(pattern); // [z-a] looks well and is not
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** As the runtime reads it, which knows the types in this spelling only. */
    String text() {
        return pattern.pattern() + "=" + type.flag();
    }
}
