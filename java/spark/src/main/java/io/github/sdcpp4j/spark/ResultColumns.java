package io.github.sdcpp4j.spark;

import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.InvalidRequestException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The rows that come back: the request's own columns, but for its seed, and behind them what became of it.
 *
 * @param kept the places of the request's columns that stay
 */
record ResultColumns(List<Integer> kept) implements Serializable {

    private static final List<StructField> ADDED = List.of(
            DataTypes.createStructField("png", DataTypes.BinaryType, true),
            DataTypes.createStructField("seed", DataTypes.LongType, true),
            DataTypes.createStructField("nsfw", DataTypes.BooleanType, true),
            DataTypes.createStructField("millis", DataTypes.LongType, true),
            DataTypes.createStructField("error", DataTypes.StringType, true));

    /**
     * Decides which columns stay.
     *
     * @throws InvalidRequestException when one has a name that the result needs
     */
    static ResultColumns of(StructType requests) {
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < requests.length(); i++) {
            String name = requests.fields()[i].name();
            if (RequestColumn.find(name).filter(RequestColumn.SEED::equals).isPresent()) {
                continue; // the seed used takes its place
            }
            if (ADDED.stream().anyMatch(field -> field.name().equals(name.toLowerCase(Locale.ROOT)))) {
                throw new InvalidRequestException("there is a column '%s' already, which the result adds: drop or rename it".formatted(name));
            }
            kept.add(i);
        }
        return new ResultColumns(List.copyOf(kept));
    }

    StructType schema(StructType requests) {
        List<StructField> fields = new ArrayList<>();
        for (int place : kept) {
            fields.add(requests.fields()[place]);
        }
        fields.addAll(ADDED);
        return DataTypes.createStructType(fields);
    }

    Row picture(Row request, GeneratedImage picture) {
        return row(request, picture.png(), picture.seed(), picture.nsfwContentDetected(), picture.timings().total().toMillis(), null);
    }

    /** {@code seed} is null where the row has one that cannot be read. */
    Row failure(Row request, Long seed, String sentence) {
        return row(request, null, seed, null, null, sentence);
    }

    private Row row(Row request, Object... added) {
        Stream<Object> own = kept.stream().map(request::get);
        return RowFactory.create(Stream.concat(own, Stream.of(added)).toArray());
    }
}
