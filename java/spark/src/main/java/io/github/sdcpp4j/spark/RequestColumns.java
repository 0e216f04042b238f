package io.github.sdcpp4j.spark;

import io.github.sdcpp4j.InvalidRequestException;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Where in a row its request is.
 *
 * @param places the index of each column that is there
 */
record RequestColumns(Map<RequestColumn, Integer> places) implements Serializable {

    /**
     * Finds the columns by their names.
     *
     * @throws InvalidRequestException when there is no prompt, a column has a type that cannot be read, or two have one meaning
     */
    static RequestColumns of(StructType schema) {
        Map<RequestColumn, Integer> places = new EnumMap<>(RequestColumn.class);
        StructField[] fields = schema.fields();
        for (int i = 0; i < fields.length; i++) {
            StructField field = fields[i];
            int place = i;
            RequestColumn.find(field.name()).ifPresent(column -> {
                if (!column.kind().takes(field.dataType())) {
                    throw new InvalidRequestException("the column '%s' is of type %s: it must be %s; cast or rename it"
                            .formatted(field.name(), field.dataType().simpleString(), column.kind().words()));
                }
                Integer other = places.put(column, place);
                if (other != null) {
                    throw new InvalidRequestException("the columns '%s' and '%s' both mean %s: drop or rename one of them"
                            .formatted(fields[other].name(), field.name(), column.title()));
                }
            });
        }
        if (!places.containsKey(RequestColumn.PROMPT)) {
            throw new InvalidRequestException(
                    "there is no column 'prompt' among %s: rename the one that says what to paint".formatted(String.join(", ", schema.fieldNames())));
        }
        if (places.containsKey(RequestColumn.WIDTH) != places.containsKey(RequestColumn.HEIGHT)) {
            boolean width = places.containsKey(RequestColumn.WIDTH);
            throw new InvalidRequestException("there is a column '%s' and none '%s': give both or none"
                    .formatted(width ? "width" : "height", width ? "height" : "width"));
        }
        return new RequestColumns(places);
    }

    RowValues of(Row row) {
        Map<RequestColumn, Object> values = new EnumMap<>(RequestColumn.class);
        places.forEach((column, place) -> {
            if (!row.isNullAt(place)) {
                values.put(column, row.get(place));
            }
        });
        return new RowValues(values);
    }
}
