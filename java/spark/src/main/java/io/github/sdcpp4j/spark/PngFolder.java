package io.github.sdcpp4j.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Pictures as files, each named by its row's key. The executors write them. A second attempt writes the same bytes to the same name, so
 * that what the rows name is whole once they are there.
 */
final class PngFolder {

    /** The column that names the file; null where there is no picture. */
    static final String FILE = "file";

    private PngFolder() {}

    /** The rows without their pictures and other binary columns, and with the names of the files, below {@code folder}. */
    static Dataset<Row> written(Dataset<Row> pictures, String folder) {
        SerializableConfiguration configuration =
                new SerializableConfiguration(pictures.sparkSession().sparkContext().hadoopConfiguration());
        StructType schema = pictures.schema();
        List<Integer> kept = IntStream.range(0, schema.length())
                .filter(place -> !(schema.fields()[place].dataType() instanceof BinaryType)).boxed().toList();
        int key = schema.fieldIndex(KeyedRows.KEY);
        int png = schema.fieldIndex("png");
        MapFunction<Row, Row> write = row -> {
            Object[] values = new Object[kept.size() + 1];
            for (int i = 0; i < kept.size(); i++) {
                values[i] = row.get(kept.get(i));
            }
            if (!row.isNullAt(png)) {
                String name = fileName(row.getString(key));
                write(new Path(folder, name), row.getAs(png), configuration);
                values[kept.size()] = name;
            }
            return RowFactory.create(values);
        };
        StructField[] fields = kept.stream().map(place -> schema.fields()[place]).toArray(StructField[]::new);
        return pictures.map(write, Encoders.row(new StructType(fields).add(FILE, DataTypes.StringType, true)));
    }

    /** An id that is no file's name, or one that Spark would not see, gives way to its digest. */
    static String fileName(String key) {
        return (key.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}") ? key : RowKey.hex(key)) + ".png";
    }

    private static void write(Path file, byte[] png, SerializableConfiguration configuration) throws IOException {
        try (OutputStream out = file.getFileSystem(configuration.value()).create(file, true)) {
            out.write(png);
        }
    }
}
