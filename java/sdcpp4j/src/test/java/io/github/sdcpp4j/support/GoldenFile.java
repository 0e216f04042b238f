package io.github.sdcpp4j.schedulers;

import io.github.sdcpp4j.internal.checkpoint.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What java/verification/golden.py wrote. */
record GoldenFile(Json.Obj content) {

    static GoldenFile read(String name) {
        try (InputStream in = GoldenFile.class.getResourceAsStream("/golden/" + name)) {
            return new GoldenFile((Json.Obj) Json.parse(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(String key) {
        return ((Json.Text) content.members().get(key)).value();
    }

    List<Row> rows(String key) {
        return new Row(content).rows(key);
    }

    /** One of a file's cases. */
    record Row(Json.Obj content) {

        List<Row> rows(String key) {
            return ((Json.Arr) content.members().get(key)).elements().stream().map(row -> new Row((Json.Obj) row)).toList();
        }

        boolean has(String key) {
            return content.members().containsKey(key);
        }

        String text(String key) {
            return ((Json.Text) content.members().get(key)).value();
        }

        boolean flag(String key) {
            return ((Json.Bool) content.members().get(key)).value();
        }

        double number(String key) {
            return asDouble(content.members().get(key));
        }

        int whole(String key) {
            return (int) number(key);
        }

        /** Written without fraction, and too long for a double. */
        long integer(String key) {
            return ((Json.Num) content.members().get(key)).asLong().orElseThrow();
        }

        /** Numbers of single precision. */
        double[] numbers(String key) {
            return array(content.members().get(key), GoldenFile::asFloat);
        }

        List<double[]> lists(String key) {
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
