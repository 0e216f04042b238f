package io.github.sdcpp4j.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Many small pictures in one process, on one executor, on two, and on two of which one is killed in the middle: how fast, and
 * whether all are the same to the last bit. Run by thousand.sh.
 */
final class Thousand {

    private static final String COLUMNS = "id, prompt, 64 as width, 64 as height, 1 as steps, 1 as guidance_scale";
    private final int rows;
    private final int tasks;
    private final Path folder;

    private Thousand(int rows, Path folder) {
        this.rows = rows;
        this.tasks = Math.clamp(rows / 20, 20, rows);
        this.folder = folder;
    }

    /** Takes the number of rows, and the folder for what is written. */
    public static void main(String[] args) throws Exception {
        Thousand thousand = new Thousand(Integer.parseInt(args[0]), Files.createTempDirectory(Files.createDirectories(Path.of(args[1])), "run"));
        boolean equal = thousand.run();
        System.out.println(equal ? "all equal" : "NOT EQUAL");
        System.exit(equal ? 0 : 1);
    }

    private boolean run() throws Exception {
        double alone = measure("alone", 0, "one process, one thread", spark -> {});
        double one = measure("one", 1, "one executor on core 0", spark -> {});
        double two = measure("two", 2, "two executors on cores 0 and 1", spark -> {});
        System.out.printf("one executor is %.2f times as fast as one process, two executors are %.2f times as fast as one%n", alone / one, one / two);
        measure("killed", 2, "two executors, one of them killed in the middle", this::killOne);
        try (SparkSession spark = LocalCluster.start("local[2]")) {
            boolean equal = true;
            for (String run : new String[] {"one", "two", "killed"}) {
                equal &= isEqual(spark, run);
            }
            return equal;
        }
    }

    /** Returns seconds, for the pictures alone: the executors have started, and the model is loaded on each. */
    private double measure(String name, int executors, String words, Consumer<SparkSession> during) throws Exception {
        String master = executors == 0 ? "local[1]" : "local-cluster[%d,1,1024]".formatted(executors);
        Pinning pinning = new Pinning(executors);
        try (SparkSession spark = LocalCluster.start(master)) {
            spark.sparkContext().setLogLevel("ERROR");
            warmUp(spark, executors);
            ClusterEvents events = new ClusterEvents(tasks / 3);
            spark.sparkContext().addSparkListener(events);
            PictureCounts counts = PictureCounts.in(spark.sparkContext());
            Thread other = Thread.ofPlatform().start(() -> {
                if (name.equals("killed")) {
                    try {
                        events.awaitStart();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                during.accept(spark);
            });
            long start = System.nanoTime();
            SparkImages.generate(requests(spark, rows, tasks), SparkImageOptions.builder().demo().build(), counts)
                    .write().mode(SaveMode.Overwrite).parquet(folder.resolve(name).toString());
            double seconds = (System.nanoTime() - start) / 1e9;
            other.join();
            System.out.printf("%s: %d rows in %.1f s, %.2f pictures a second; executors that worked: %d, attempts of tasks lost: %d%n",
                    words, rows, seconds, rows / seconds, events.executors().size(), events.lostTasks());
            return seconds;
        } finally {
            pinning.stop();
        }
    }

    private static Dataset<Row> requests(SparkSession spark, int rows, int tasks) {
        return spark.range(rows)
                .withColumn("prompt", functions.concat(
                        functions.lit("a "), functions.element_at(
                                functions.array(functions.lit("red"), functions.lit("green"), functions.lit("blue"), functions.lit("yellow")),
                                functions.col("id").mod(4).plus(1).cast("int")),
                        functions.lit(" star number "), functions.col("id")))
                .selectExpr(COLUMNS.split(", "))
                .repartition(tasks);
    }

    /** Until each executor has made a few pictures. */
    private static void warmUp(SparkSession spark, int executors) {
        ClusterEvents events = new ClusterEvents(1);
        spark.sparkContext().addSparkListener(events);
        do {
            SparkImages.generate(requests(spark, 8, 4), SparkImageOptions.builder().demo().build()).select("seed").collectAsList();
        } while (executors > 0 && events.executors().size() < executors);
        spark.sparkContext().removeSparkListener(events);
    }

    private void killOne(SparkSession spark) {
        ProcessHandle executor = LocalCluster.executors().getFirst();
        System.out.println("killing executor process " + executor.pid());
        executor.destroyForcibly();
    }

    private boolean isEqual(SparkSession spark, String run) {
        Dataset<Row> alone = read(spark, "alone");
        Dataset<Row> other = read(spark, run);
        long all = other.count();
        long same = alone.join(other, alone.col("id").equalTo(other.col("id"))
                .and(alone.col("png").equalTo(other.col("png"))).and(alone.col("seed").equalTo(other.col("seed")))).count();
        System.out.printf("%s: %d rows, %d of %d equal to one process's byte for byte%n", run, all, same, rows);
        return all == rows && same == rows;
    }

    private Dataset<Row> read(SparkSession spark, String run) {
        return spark.read().parquet(folder.resolve(run).toString());
    }
}
