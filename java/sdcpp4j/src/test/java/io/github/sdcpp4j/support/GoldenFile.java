package io.github.sdcpp4j.support;

import io.github.sdcpp4j.internal.checkpoint.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the scripts of java/verification wrote. */
public record GoldenFile(Json.Obj content) {

    public static GoldenFile read(String name) {
        try (InputStream in = GoldenFile.class.getResourceAsStream("/golden/" + name)) {
            return new GoldenFile((Json.Obj) Json.parse(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String text(String key) {
        return ((Json.Text) content.members().get(key)).value();
    }

    public List<Row> rows(String key) {
        return new Row(content).rows(key);
    }

    /** One of a file's cases. */
    public record Row(Json.Obj content) {

        public List<Row> rows(String key) {
            return ((Json.Arr) content.members().get(key)).elements().stream().map(row -> new Row((Json.Obj) row)).toList();
        }

        public Row row(String key) {
            return new Row((Json.Obj) content.members().get(key));
        }

        public boolean has(String key) {
            return content.members().containsKey(key);
        }

        public String text(String key) {
            return ((Json.Text) content.members().get(key)).value();
        }

        public boolean flag(String key) {
            return ((Json.Bool) content.members().get(key)).value();
        }

        public double number(String key) {
            return asDouble(content.members().get(key));
        }

        public int whole(String key) {
            return (int) number(key);
        }

        /** Written without fraction, and too long for a double. */
        public long integer(String key) {
            return ((Json.Num) content.members().get(key)).asLong().orElseThrow();
        }

        /** Numbers of single precision. */
        public double[] numbers(String key) {
            return array(content.members().get(key), GoldenFile::asFloat);
        }

        public List<double[]> lists(String key) {
            return ((Json.Arr) content.members().get(key)).elements().stream()
                    .map(list -> array(list, GoldenFile::asFloat)).toList();
        }
    }

    private static double asDouble(Json value) {
        return Double.parseDouble(((Json.Num) value).literal());
    }

    private static double asFloat(Json value) {
        return Float.parseFloat(((Json.Num) value).literal());
    }

    private static double[] array(Json values, ToDoubleFunction<Json> number) {
        return ((Json.Arr) values).elements().stream().mapToDouble(number).toArray();
    }
}
