package io.github.sdcpp4j.spark;

import io.github.sdcpp4j.InvalidRequestException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * A folder of results, which grows chunk by chunk: {@code outcome=done} has the rows with a picture, and a later run leaves those out;
 * {@code outcome=failed} has the others, and a later run tries them again.
 */
final class Results {

    /** How the rows are written. */
    enum Format {
        /** Parquet, with the pictures in it. */
        PARQUET("parquet", ""),
        /** A folder {@code png} of files, and a folder {@code manifest} of JSON lines with the rows. */
        PNG("json", "manifest");

        private final String rows;
        private final String folder;

        Format(String rows, String folder) {
            this.rows = rows;
            this.folder = folder;
        }
    }

    private static final String OUTCOME = "outcome";
    private static final List<String> OWN = List.of(OUTCOME, KeyedRows.KEY, PngFolder.FILE);
    private static final String DONE = "/" + OUTCOME + "=done";
    private static final String FAILED = "/" + OUTCOME + "=failed";

    private final SparkSession spark;
    private final String folder;
    private final Format format;
    private final String rows;

    Results(SparkSession spark, String folder, Format format) {
        this.spark = spark;
        this.folder = folder;
        this.format = format;
        rows = format.folder.isEmpty() ? folder : folder + "/" + format.folder;
    }

    static void refuseOwnNames(StructType schema) {
        for (String name : schema.fieldNames()) {
            if (OWN.contains(name.toLowerCase(Locale.ROOT))) {
                throw new InvalidRequestException("there is a column '%s' already, which the output adds: drop or rename it".formatted(name));
            }
        }
    }

    /** Leaves out what is done already, and forgets what failed. */
    Dataset<Row> remaining(Dataset<Row> keyed) {
        delete(rows + FAILED);
        if (!exists(rows + DONE)) {
            return keyed;
        }
        Dataset<Row> done = spark.read().format(format.rows).schema(KeyedRows.KEY + " string").load(rows + DONE);
        return keyed.join(done, keyed.col(KeyedRows.KEY).equalTo(done.col(KeyedRows.KEY)), "left_anti");
    }

    /** Makes the pictures and adds them: all rows of the chunk, or none. */
    void add(Dataset<Row> pictures) {
        Dataset<Row> written = format == Format.PNG ? PngFolder.written(pictures, folder + "/png") : pictures;
        written.withColumn(OUTCOME, functions.when(functions.col("error").isNull(), "done").otherwise("failed"))
                .write().format(format.rows).mode(SaveMode.Append).partitionBy(OUTCOME).save(rows);
    }

    /** How many rows are there with a picture. */
    long done() {
        return count(rows + DONE);
    }

    /** How many rows this run has without one. */
    long failed() {
        return count(rows + FAILED);
    }

    private long count(String path) {
        return exists(path) ? spark.read().format(format.rows).schema(KeyedRows.KEY + " string").load(path).count() : 0;
    }

    private boolean exists(String path) {
        try {
            return fileSystem(path).exists(new Path(path));
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be looked at: %s".formatted(path, e.getMessage()), e);
        }
    }

    private void delete(String path) {
        try {
            fileSystem(path).delete(new Path(path), true);
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be deleted: %s".formatted(path, e.getMessage()), e);
        }
    }

    private FileSystem fileSystem(String path) throws IOException {
        Configuration configuration = spark.sparkContext().hadoopConfiguration();
        return new Path(path).getFileSystem(configuration);
    }
}
