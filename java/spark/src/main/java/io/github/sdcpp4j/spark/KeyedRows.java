package io.github.sdcpp4j.spark;

import io.github.sdcpp4j.InvalidRequestException;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Requests with the key by which a later run knows them again, in a column {@value #KEY} at the end. */
final class KeyedRows {

    static final String KEY = "key";

    private KeyedRows() {}

    /**
     * Adds the keys. Rows without an id that ask for the same are one picture, and come once.
     *
     * @throws InvalidRequestException when an id stands in several rows, or there is a column of that name
     */
    static Dataset<Row> of(Dataset<Row> requests) {
        StructType schema = requests.schema();
        RequestColumns columns = RequestColumns.of(schema);
        Results.refuseOwnNames(schema);
        int width = schema.length();
        MapFunction<Row, Row> withKey = row -> {
            Object[] values = new Object[width + 1];
            for (int i = 0; i < width; i++) {
                values[i] = row.get(i);
            }
            values[width] = RowKey.of(columns.of(row));
            return RowFactory.create(values);
        };
        Dataset<Row> keyed = requests.map(withKey, Encoders.row(schema.add(KEY, DataTypes.StringType, false)));
        if (columns.places().containsKey(RequestColumn.ID)) {
            refuseRepeatedIds(keyed, schema.fieldNames()[columns.places().get(RequestColumn.ID)]);
        }
        return keyed.dropDuplicates(new String[] {KEY});
    }

    private static void refuseRepeatedIds(Dataset<Row> keyed, String id) {
        List<Row> repeated = keyed.filter(functions.col("`" + id + "`").isNotNull())
                .groupBy(KEY).count().filter(functions.col("count").gt(1)).orderBy(KEY).limit(1).collectAsList();
        for (Row one : repeated) {
            throw new InvalidRequestException("the id '%s' stands in %d rows: give each row its own, or leave the column out"
                    .formatted(one.getString(0), one.getLong(1)));
        }
    }
}
