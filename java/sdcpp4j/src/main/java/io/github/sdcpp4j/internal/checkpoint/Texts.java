package io.github.sdcpp4j.internal.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Turns bytes and names of unknown origin into text that is safe to show in a message. */
final class Texts {

    private static final int SHOWN = 120;

    private Texts() {
    }

    /** Decodes UTF-8 and refuses malformed input, which {@code new String} would paper over. */
    static String utf8(byte[] bytes, int length) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
    }

    /** The text in single quotes, without control characters, cut when it is long. */
    static String quote(String text) {
        return "'" + plain(text) + "'";
    }

    /** The text without control characters, cut when it is long. */
    static String plain(String text) {
        int end = Math.min(text.length(), SHOWN);
        var result = new StringBuilder(end + 4);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            result.append(Character.isISOControl(c) ? ' ' : c);
        }
        if (end < text.length()) {
            if (Character.isHighSurrogate(result.charAt(end - 1))) {
                result.setLength(end - 1);
            }
            result.append("...");
        }
        return result.toString();
    }

    /** The numbers in brackets, or how many there are when they are too many for a sentence. */
    static String list(List<Long> numbers) {
        return numbers.size() <= 8 ? numbers.toString() : "[" + numbers.size() + " numbers]";
    }

    /** At most eight bytes in hexadecimal, and as characters where they are printable. */
    static String firstBytes(byte[] head) {
        int count = Math.min(8, head.length);
        var characters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            characters.append(head[i] >= 0x20 && head[i] < 0x7f ? (char) head[i] : '.');
        }
        return HexFormat.ofDelimiter(" ").withUpperCase().formatHex(head, 0, count) + " (\"" + characters + "\")";
    }
}
