package io.github.sdcpp4j.internal.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void parsesEveryKindOfValue() {
        Json json = Json.parse("""
                \t{"o": {}, "a": [ ], "s": "x", "n": -1.5e+3, "t": true, "f": false, "z": null, "l": [0, [1]]}\r
                """);

        assertThat(json).isEqualTo(new Json.Obj(Map.of(
                "o", new Json.Obj(Map.of()), "a", new Json.Arr(List.of()), "s", new Json.Text("x"),
                "n", new Json.Num("-1.5e+3"), "t", new Json.Bool(true), "f", new Json.Bool(false),
                "z", new Json.Null(),
                "l", new Json.Arr(List.of(new Json.Num("0"), new Json.Arr(List.of(new Json.Num("1"))))))));
    }

    @Test
    void keepsTheOrderOfMembers() {
        assertThat(((Json.Obj) Json.parse("{\"z\":1,\"a\":2,\"m\":3}")).members().keySet())
                .containsExactly("z", "a", "m");
    }

    @Test
    void decodesEscapes() {
        assertThat(text("\"\\\" \\\\ \\/ \\b\\f\\n\\r\\t \\u0041\\u00e9\\u20AC \\ud83e\\udd8A 🦊 \\u0000\""))
                .isEqualTo("\" \\ / \b\f\n\r\t Aé€ 🦊 🦊 \0");
    }

    @Test
    void readsLongsExactly() {
        assertThat(number("9223372036854775807")).hasValue(Long.MAX_VALUE);
        assertThat(number("-9223372036854775808")).hasValue(Long.MIN_VALUE);
        assertThat(number("-0")).hasValue(0);
        assertThat(number("9223372036854775808")).isEmpty();
        assertThat(number("1.0")).isEmpty();
        assertThat(number("1e3")).isEmpty();
        assertThat(number("1".repeat(100_000))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[", "\"", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "[1,]", "[,1]",
        "[1 2]", "{a:1}", "{'a':1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{1:1}", "]", "}", "tru", "nul", "True", "NaN",
        "Infinity", "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x10", "1_000", "\"\\x\"", "\"\\u12\"",
        "\"\\u12G4\"", "\"\\u٠٠٤١\"", "\"tab\there\"", "\"line\nbreak\"", "\"\\ud800\"", "\"\\udc00\"",
        "\"\\ud800\\u0041\"", "\"\\ud800\\n\"", "\"\\ud800\\ud800\"", "1 1", "{} x", "[]]", "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}", "// c\n1", "\uFEFF1", "\0", "1\0"})
    void rejectsEverythingElse(String text) {
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Json.parse(text))
                .withMessageContaining("at byte");
    }

    @Test
    void saysWhatItFoundAndWhere() {
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Json.parse("{\"a\" ;1}"))
                .withMessage("expected ':' after the key 'a', found ';' (at byte 5)");
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Json.parse("[1"))
                .withMessage("expected ',' or ']', found the end (at byte 2)");
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Json.parse("\"a\tb\""))
                .withMessage("a string holds byte 0x09 (at byte 2)");
    }

    @Test
    void rejectsMalformedUtf8() {
        for (String hexadecimal : List.of("c0af", "ff", "e28c", "eda080", "f4908080", "80")) {
            byte[] bad = HexFormat.of().parseHex("22" + hexadecimal + "22");
            assertThatExceptionOfType(JsonException.class)
                    .isThrownBy(() -> Json.parse(new ByteArrayInputStream(bad))).withMessageContaining("UTF-8");
        }
    }

    @Test
    void limitsTheDepth() {
        assertThat(Json.parse("[".repeat(32) + "]".repeat(32))).isInstanceOf(Json.Arr.class);
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Json.parse("[".repeat(33) + "]".repeat(33)))
                .withMessageContaining("deeper than 32");
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Json.parse("{\"a\":".repeat(1_000_000)))
                .withMessageContaining("deeper than 32");
    }

    @Test
    void limitsTheText() {
        InputStream endless = new SequenceInputStream(
                new ByteArrayInputStream("\"".getBytes(StandardCharsets.UTF_8)), new Endless('x'));

        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Json.parse(endless))
                .withMessageContaining("more than 16777216 bytes of text");
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Json.parse(new Endless('7')))
                .withMessageContaining("bytes of text");
    }

    private static String text(String json) {
        return ((Json.Text) Json.parse(json)).value();
    }

    private static OptionalLong number(String json) {
        return ((Json.Num) Json.parse(json)).asLong();
    }

    private static final class Endless extends InputStream {

        private final int value;

        Endless(int value) {
            this.value = value;
        }

        @Override
        public int read() throws IOException {
            return value;
        }
    }
}
