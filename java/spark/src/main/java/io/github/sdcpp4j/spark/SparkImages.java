package io.github.sdcpp4j.spark;

import io.github.sdcpp4j.InvalidRequestException;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Makes a picture for each row of a {@link Dataset}.
 *
 * <pre>{@code
 * Dataset<Row> requests = spark.read().option("header", true).csv("prompts.csv").repartition(64);
 * SparkImageOptions options = SparkImageOptions.builder().checkpoint("/models/model.safetensors").worker().build();
 * SparkImages.generate(requests, options).write().parquet("pictures");
 * }</pre>
 *
 * <p>Columns of a request; case and underscores make no difference, others pass through. A column that is missing, or null in a row,
 * leaves the library's default, see {@link io.github.sdcpp4j.GenerationSettings}. Numbers may come as text, as from a CSV file.
 *
 * <ul>
 *   <li>{@code prompt}: required; {@code negative_prompt}
 *   <li>{@code seed}; {@code width} and {@code height}; {@code steps}; {@code guidance_scale} (or {@code guidance}, {@code cfg_scale});
 *       {@code sampler} (or {@code sampling_method}), {@code scheduler}; {@code clip_skip}, {@code eta}
 *   <li>{@code init_image} (or {@code init_img}): the bytes of a picture's file to start from, or their Base64; {@code strength};
 *       {@code mask}: the same, white where to repaint; {@code mask_feather}
 *   <li>{@code id}: text or a number that stays with the row
 * </ul>
 *
 * <p>The rows that come back have the columns of the request but for its seed, and then {@code png} (binary, with the parameters in the
 * file), {@code seed} (the one used), {@code nsfw} (what the safety checker says), {@code millis} (the native work's time) and
 * {@code error}. A row that fails has no picture and a sentence in {@code error}; the others go on.
 *
 * <p>The same row gives the same bytes in {@code png}, on any executor, in any attempt, however the rows are divided, as long as the
 * executors have devices of one kind. The seed of a row without one are the first 32 bits of the SHA-256 of its {@code id} as text, or,
 * without an id, of all the values of its request columns: two rows that ask for the same then get the same picture.
 *
 * <p>Each executor loads the model once for each device, when the first task needs it there, and keeps it. A task computes on the GPU that
 * Spark gave it ({@code spark.task.resource.gpu.amount}; address 0 is {@code cuda0}) and else on the CPU with {@code spark.task.cpus}
 * threads. Tasks on one device take turns: on CPUs let a task have all cores of its executor.
 *
 * <p>When the model cannot be loaded, or a worker process ends ({@link SparkImageOptions.Builder#worker}), the attempt of the task fails,
 * and Spark tries it again elsewhere. A row whose worker ends in the last attempt ({@code spark.task.maxFailures}) is given up: its
 * {@code error} says so.
 *
 * <p>Executors need Java 22 or newer, {@code --enable-native-access=ALL-UNNAMED}, which Spark 4.2 gives them by itself, and the natives'
 * jar on the class path or the system property {@code sdcpp4j.library.path}.
 */
public final class SparkImages {

    /** With it, Spark 4.2.0 hands the files of {@link SparkContext#addFile} to RDDs only. */
    private static final String ISOLATION = "spark.sql.artifact.isolation.enabled";

    private SparkImages() {}

    /**
     * Makes a picture for each row, when an action asks for it. Each action makes them anew: write them first, then read what was
     * written.
     *
     * @param requests a row for each picture; many small partitions, as what a lost executor was at is made again
     * @param options which model, and how it is loaded
     * @return the rows with their pictures
     * @throws InvalidRequestException when there is no column {@code prompt}, a column has a type that cannot be read, two columns have
     *     one meaning, one has the name of a column that is added, the options cannot be serialized, files are to be
     *     shipped and Spark is not set so, or a task is to have more than one GPU
     */
    public static Dataset<Row> generate(Dataset<Row> requests, SparkImageOptions options) {
        return generate(requests, options, PictureCounts.in(requests.sparkSession().sparkContext()));
    }

    /**
     * The same, counted together with others.
     *
     * @param requests a row for each picture
     * @param options which model, and how it is loaded
     * @param counts what counts the pictures
     * @return the rows with their pictures
     * @throws InvalidRequestException when the requests or the options cannot be used
     */
    public static Dataset<Row> generate(Dataset<Row> requests, SparkImageOptions options, PictureCounts counts) {
        SparkContext context = requests.sparkSession().sparkContext();
        StructType schema = requests.schema();
        RequestColumns columns = RequestColumns.of(schema);
        ResultColumns results = ResultColumns.of(schema);
        checkGpus(context.getConf());
        String key = options.key();
        ship(options.files().values().stream().filter(ModelPath::shipped).toList(), requests.sparkSession());
        PictureTask task = new PictureTask(columns, results, options, key, counts, maxFailures(context));
        return requests.mapPartitions(task, Encoders.row(results.schema(schema)));
    }

    private static void ship(List<ModelPath> files, SparkSession spark) {
        for (ModelPath file : files) {
            if (Boolean.parseBoolean(spark.conf().get(ISOLATION, "true"))) {
                throw new InvalidRequestException(
                        ("Spark would not bring %s to the tasks of a Dataset: set %s to false when the session is made,"
                                + " or give a path that is the same on all machines").formatted(file.path(), ISOLATION));
            }
            spark.sparkContext().addFile(file.path());
        }
    }

    private static void checkGpus(SparkConf conf) {
        double gpus = conf.getDouble("spark.task.resource.gpu.amount", 0);
        if (gpus > 1) {
            throw new InvalidRequestException(
                    "spark.task.resource.gpu.amount is %s: a picture is made on one GPU, give 1, or a part of one".formatted(gpus));
        }
    }

    /** In local mode Spark gives a task one attempt, unless the master's name says more. */
    private static int maxFailures(SparkContext context) {
        String master = context.master();
        if (!master.startsWith("local") || master.startsWith("local-cluster")) {
            return context.getConf().getInt("spark.task.maxFailures", 4);
        }
        return master.matches("local\\[[^,]+,\\s*\\d+\\s*\\]") ? Integer.parseInt(master.replaceAll(".*,\\s*|\\s*\\]", "")) : 1;
    }
}
