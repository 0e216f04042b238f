package io.github.sdcpp4j.spark;

import io.github.sdcpp4j.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Requests in files.
 *
 * @param path a file or a folder of them, on any file system that Spark reads
 * @param format {@code csv} with a header, {@code json} with an object in each line, or {@code parquet}; empty for what the path's
 *     ending says
 * @param defaults values of columns that the files do not have
 */
record RequestFiles(String path, String format, Map<String, String> defaults) {

    private static final Set<String> FORMATS = Set.of("csv", "json", "parquet");

    RequestFiles {
        defaults = new LinkedHashMap<>(defaults);
        if (format.isEmpty()) {
            String lower = path.toLowerCase(Locale.ROOT);
            format = lower.endsWith(".jsonl") ? "json" : Stream.of("csv", "json", "parquet").filter(lower::endsWith).findFirst().orElse("");
        }
        if (!FORMATS.contains(format)) {
            throw new InvalidRequestException(
                    "what %s holds is not known from its name: say it by --input-format csv, json or parquet".formatted(path));
        }
        defaults.keySet().forEach(name -> {
            if (RequestColumn.find(name).isEmpty()) {
                throw new InvalidRequestException("--set names '%s', which is no column of a request: give one such as %s"
                        .formatted(name, RequestColumn.STEPS.title()));
            }
        });
    }

    /** All columns of a CSV file are text: a wrong value is then its row's fault, and no other's. */
    Dataset<Row> read(SparkSession spark) {
        Dataset<Row> rows = switch (format) {
            case "csv" -> spark.read().option("header", true).option("multiLine", true).option("escape", "\"").csv(path);
            case "json" -> spark.read().json(path);
            default -> spark.read().parquet(path);
        };
        for (Map.Entry<String, String> value : defaults.entrySet()) {
            RequestColumn column = RequestColumn.find(value.getKey()).orElseThrow();
            boolean there = Stream.of(rows.columns()).anyMatch(name -> RequestColumn.find(name).filter(column::equals).isPresent());
            if (!there) {
                Column constant = functions.lit(value.getValue());
                rows = rows.withColumn(column.title(), constant);
            }
        }
        return rows;
    }
}
