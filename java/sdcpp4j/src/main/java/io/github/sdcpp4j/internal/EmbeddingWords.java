package io.github.sdcpp4j.internal;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The words that embeddings add, whole and in any case. The runtime would find them inside other words, and only as they are
 * written: it gets them between two marks that no prompt has.
 */
final class EmbeddingWords {

    private static final char BEGIN = '\u0002';
    private static final char END = '\u0003';
    private static final Pattern MARKS = Pattern.compile("[" + BEGIN + END + "]");
    private static final Pattern NONE = Pattern.compile("(?!)");

    private final Pattern words;

    EmbeddingWords(Set<String> words) {
        // the longest first: one may be the beginning of another
        this.words = words.isEmpty() ? NONE : Pattern.compile(
                words.stream().sorted((a, b) -> b.length() - a.length()).map(Pattern::quote)
                        .collect(Collectors.joining("|", "(?<![\\p{L}\\p{N}_-])(?:", ")(?![\\p{L}\\p{N}_-])")),
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /** The name under which the runtime knows a word. */
    static String name(String word) {
        return BEGIN + word.toLowerCase(Locale.ROOT) + END;
    }

    /** A prompt for the runtime. */
    String marked(String prompt) {
        return words.matcher(MARKS.matcher(prompt).replaceAll("")).replaceAll(word -> name(word.group()));
    }

    /** A text of the runtime's for people. */
    static String unmarked(String text) {
        return MARKS.matcher(text).replaceAll("");
    }
}
