package io.github.sdcpp4j;

import java.util.List;

/**
 * A prompt as the text encoder reads it. It reads {@value #CHUNK} tokens at once, besides a start and an end: a longer prompt is
 * read in several chunks, each by itself, and nothing is cut off. {@code BREAK} begins another chunk.
 *
 * @param chunks one or more; all but the last have {@value #CHUNK} tokens, or fewer before a {@code BREAK}
 */
public record PromptTokens(List<List<Token>> chunks) {

    /** Tokens in a chunk. */
    public static final int CHUNK = 75;

    /**
     * One token: a word or a part of one.
     *
     * @param id its number in CLIP's vocabulary, 0 to 49405; above that a vector of a textual inversion embedding
     * @param text what it stands for; an embedding's word for each of its vectors
     * @param weight 1, or what brackets make of it
     */
    public record Token(int id, String text, double weight) {}

    /** Copies the lists. */
    public PromptTokens {
        chunks = chunks.stream().map(List::copyOf).toList();
    }

    /**
     * Counts the tokens.
     *
     * @return those of the prompt alone, without start, end and padding
     */
    public int count() {
        return chunks.stream().mapToInt(List::size).sum();
    }
}
