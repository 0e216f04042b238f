package io.github.sdcpp4j.internal.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A recursive-descent parser that reads a stream of UTF-8 once. Depth, number of values and amount of text are bounded
 * by {@link Limits}, so that no document costs more memory than they allow, however long it is.
 */
final class JsonParser {

    private static final int END = -1;

    private final InputStream input;
    private final byte[] chunk = new byte[8 << 10];
    private int next;
    private int filled;
    private int current;
    private long position = -1;
    private int depth;
    private int nodes;
    private long text;
    private byte[] scratch = new byte[256];
    private int scratchLength;

    JsonParser(InputStream input) {
        this.input = input;
    }

    Json document() throws IOException {
        advance();
        skipSpace();
        if (current == END) {
            throw error("no value");
        }
        Json value = value();
        skipSpace();
        if (current != END) {
            throw error("something follows the value: " + found());
        }
        return value;
    }

    private Json value() throws IOException {
        if (++nodes > Limits.JSON_NODES) {
            throw error("more than " + Limits.JSON_NODES + " values");
        }
        return switch (current) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> new Json.Text(string());
            case 't' -> literal("true", new Json.Bool(true));
            case 'f' -> literal("false", new Json.Bool(false));
            case 'n' -> literal("null", new Json.Null());
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw error("expected a value, found " + found());
        };
    }

    private Json object() throws IOException {
        enter();
        Map<String, Json> members = new LinkedHashMap<>(4);
        if (current != '}') {
            member(members);
            while (current == ',') {
                advance();
                skipSpace();
                member(members);
            }
        }
        leave('}');
        return new Json.Obj(members);
    }

    private void member(Map<String, Json> members) throws IOException {
        if (current != '"') {
            throw error("expected a key in double quotes, found " + found());
        }
        String key = string();
        skipSpace();
        if (current != ':') {
            throw error("expected ':' after the key " + Texts.quote(key) + ", found " + found());
        }
        advance();
        skipSpace();
        if (members.putIfAbsent(key, value()) != null) {
            throw error("the key " + Texts.quote(key) + " occurs twice");
        }
        skipSpace();
    }

    private Json array() throws IOException {
        enter();
        List<Json> elements = new ArrayList<>(4);
        if (current != ']') {
            elements.add(value());
            skipSpace();
            while (current == ',') {
                advance();
                skipSpace();
                elements.add(value());
                skipSpace();
            }
        }
        leave(']');
        return new Json.Arr(elements);
    }

    private void enter() throws IOException {
        if (++depth > Limits.JSON_DEPTH) {
            throw error("nested deeper than " + Limits.JSON_DEPTH + " levels");
        }
        advance();
        skipSpace();
    }

    private void leave(char closing) throws IOException {
        if (current != closing) {
            throw error("expected ',' or '" + closing + "', found " + found());
        }
        depth--;
        advance();
    }

    private Json literal(String word, Json value) throws IOException {
        for (int i = 0; i < word.length(); i++) {
            if (current != word.charAt(i)) {
                throw error("expected " + word + ", found " + found());
            }
            advance();
        }
        return value;
    }

    private Json number() throws IOException {
        scratchLength = 0;
        if (current == '-') {
            keepAndAdvance();
        }
        if (current == '0') {
            keepAndAdvance();
        } else {
            digits();
        }
        if (current == '.') {
            keepAndAdvance();
            digits();
        }
        if (current == 'e' || current == 'E') {
            keepAndAdvance();
            if (current == '+' || current == '-') {
                keepAndAdvance();
            }
            digits();
        }
        return new Json.Num(new String(scratch, 0, scratchLength, StandardCharsets.ISO_8859_1));
    }

    private void digits() throws IOException {
        if (current < '0' || current > '9') {
            throw error("expected a digit, found " + found());
        }
        while (current >= '0' && current <= '9') {
            keepAndAdvance();
        }
    }

    private String string() throws IOException {
        scratchLength = 0;
        boolean ascii = true;
        advance();
        while (current != '"') {
            if (current == '\\') {
                ascii &= escape();
            } else if (current < 0x20) {
                throw error("a string holds " + found());
            } else {
                ascii &= current < 0x80;
                keepAndAdvance();
            }
        }
        advance();
        if (ascii) {
            return new String(scratch, 0, scratchLength, StandardCharsets.ISO_8859_1);
        }
        try {
            return Texts.utf8(scratch, scratchLength);
        } catch (CharacterCodingException e) {
            throw error("the string before this is not valid UTF-8");
        }
    }

    /** Appends what an escape stands for, in UTF-8; true if that is ASCII. */
    private boolean escape() throws IOException {
        advance();
        int plain = switch (current) {
            case '"', '\\', '/' -> current;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> END;
            default -> throw error("a string holds an unknown escape: " + found());
        };
        if (plain != END) {
            keep(plain);
            advance();
            return true;
        }
        int codePoint = hexadecimal();
        if (codePoint >= 0xd800 && codePoint < 0xe000) {
            codePoint = surrogates((char) codePoint);
        }
        for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
            keep(b);
        }
        return codePoint < 0x80;
    }

    private int surrogates(char high) throws IOException {
        if (Character.isHighSurrogate(high) && current == '\\') {
            advance();
            if (current == 'u') {
                char low = (char) hexadecimal();
                if (Character.isLowSurrogate(low)) {
                    return Character.toCodePoint(high, low);
                }
            }
        }
        throw error("a string holds half a surrogate pair");
    }

    /** Reads the four digits after the {@code u} that is current. */
    private int hexadecimal() throws IOException {
        int result = 0;
        for (int i = 0; i < 4; i++) {
            advance();
            // Character.digit also takes the digits of other scripts, which the range keeps out.
            int digit = current < 0x80 ? Character.digit(current, 16) : -1;
            if (digit < 0) {
                throw error("expected four hexadecimal digits, found " + found());
            }
            result = result << 4 | digit;
        }
        advance();
        return result;
    }

    private void keepAndAdvance() throws IOException {
        keep(current);
        advance();
    }

    private void keep(int b) {
        if (++text > Limits.TEXT_BYTES) {
            throw error("more than " + Limits.TEXT_BYTES + " bytes of text");
        }
        if (scratchLength == scratch.length) {
            scratch = Arrays.copyOf(scratch, scratchLength * 2);
        }
        scratch[scratchLength++] = (byte) b;
    }

    private void skipSpace() throws IOException {
        while (current == ' ' || current == '\n' || current == '\r' || current == '\t') {
            advance();
        }
    }

    private void advance() throws IOException {
        position++;
        if (next == filled) {
            next = 0;
            filled = input.read(chunk);
            if (filled <= 0) {
                filled = 0;
                current = END;
                return;
            }
        }
        current = chunk[next++] & 0xff;
    }

    private String found() {
        if (current == END) {
            return "the end";
        }
        return current > 0x20 && current < 0x7f ? "'" + (char) current + "'" : "byte 0x%02x".formatted(current);
    }

    private JsonException error(String what) {
        return new JsonException(what + " (at byte " + position + ")");
    }
}
