package io.github.sdcpp4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.sdcpp4j.GeneratedImage;
import io.github.sdcpp4j.GenerationSettings;
import io.github.sdcpp4j.ImageToImage;
import io.github.sdcpp4j.Images;
import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.Sampler;
import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On two executors that are processes of their own. */
class SparkClusterTest {

    private static final int ROWS = 24;

    private static SparkSession spark;
    private static StableDiffusion sd;
    private static byte[] start;

    private final ClusterEvents events = new ClusterEvents(2);

    @BeforeAll
    static void begin() {
        spark = LocalCluster.start("local-cluster[2,1,2048]");
        sd = LoadOptions.builder().demo().threads(1).load(); // the single process to compare with
        start = sd.generate(TextToImage.builder().prompt("a red circle").size(64, 64).steps(1).seed(1).build()).getFirst().png();
    }

    @AfterAll
    static void end() {
        spark.stop();
        sd.close();
    }

    @BeforeEach
    void listen() {
        spark.sparkContext().addSparkListener(events);
    }

    @AfterEach
    void unlisten() {
        spark.sparkContext().removeSparkListener(events);
    }

    @Test
    void givesTheSameBytesAsASingleProcessAlsoWhenAnExecutorIsKilledInTheMiddle() throws Exception {
        Dataset<Row> requests = requests(ROWS, 12);
        PictureCounts counts = PictureCounts.in(spark.sparkContext());
        Thread killer = Thread.ofPlatform().start(() -> {
            awaitStart();
            LocalCluster.executors().getFirst().destroyForcibly();
        });
        List<Row> rows = SparkImages.generate(requests, SparkImageOptions.builder().demo().build(), counts).collectAsList();
        killer.join();

        Map<Long, Row> byId = new TreeMap<>();
        rows.forEach(row -> assertThat(byId.put(row.getAs("id"), row)).as("the row of an id comes once").isNull());
        assertThat(byId).hasSize(ROWS);
        byId.forEach((id, row) -> check(id, row));
        assertThat(counts.done()).isGreaterThanOrEqualTo(ROWS - 3);
        assertThat(counts.failed()).isGreaterThanOrEqualTo(3);
        awaitLostExecutor();
        assertThat(events.executors()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(events.lostTasks()).as("attempts that went down with the executor").isPositive();
    }

    @Test
    void losesATasksAttemptAndNoExecutorWhenAWorkerDies() throws Exception {
        int rows = 2;
        Dataset<Row> requests = requests(rows, 2);
        Thread killer = Thread.ofPlatform().start(() -> {
            while (events.lostTasks() == 0 && !Thread.currentThread().isInterrupted()) {
                LocalCluster.workers().forEach(ProcessHandle::destroyForcibly);
                sleep(500);
            }
        });
        List<Row> result;
        try {
            // a worker is busy most of the time: the steps make it so
            result = SparkImages.generate(requests, SparkImageOptions.builder().demo().worker().request(settings -> settings.steps(4)).build())
                    .collectAsList();
        } finally {
            killer.interrupt();
            killer.join();
        }

        assertThat(result).hasSize(rows);
        for (Row row : result) {
            assertThat((byte[]) row.getAs("png")).isEqualTo(picture(row.<Long>getAs("id"), 4).png());
        }
        assertThat(events.lostTasks()).isPositive();
        assertThat(events.lostExecutors()).isZero();
    }

    @Test
    void shipsACheckpointToTheExecutors(@TempDir Path folder) throws Exception {
        Path shipped = Files.copy(LoadOptions.builder().demo().build().mainFile(), folder.resolve("shipped.safetensors"));
        SparkImageOptions options = SparkImageOptions.builder().shippedCheckpoint(shipped.toString()).build();

        Row row = SparkImages.generate(requests(1, 1), options).collectAsList().getFirst();

        assertThat((String) row.getAs("error")).isNull();
        assertThat(Images.decode(row.<byte[]>getAs("png")).getWidth()).isEqualTo(64);
        assertThat(new String(row.<byte[]>getAs("png"), StandardCharsets.ISO_8859_1)).contains("Model: shipped");
    }

    @Test
    void refusesToShipWhereSparkKeepsFilesFromTasks() {
        SparkImageOptions options = SparkImageOptions.builder().shippedCheckpoint("model.safetensors").build();
        spark.conf().set("spark.sql.artifact.isolation.enabled", true);
        try {
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> SparkImages.generate(requests(1, 1), options))
                    .withMessageContaining("set spark.sql.artifact.isolation.enabled to false");
        } finally {
            spark.conf().set("spark.sql.artifact.isolation.enabled", false);
        }
    }

    /** The numbers 0, 1 ...; two of three start from words alone; 5, 6 and 7 cannot be made. */
    private static Dataset<Row> requests(int count, int tasks) {
        List<Row> rows = new ArrayList<>();
        for (long id = 0; id < count; id++) {
            rows.add(RowFactory.create(
                    id, prompt(id), 64, id == 5 ? 63 : 64, 1, 1.0, id == 6 ? "eulr" : "euler", startsFromAPicture(id) ? start : null));
        }
        return spark.createDataFrame(new JavaSparkContext(spark.sparkContext()).parallelize(rows, tasks), StructType.fromDDL(
                "id bigint, prompt string, width int, height int, steps int, guidance_scale double, sampler string, init_image binary"));
    }

    private static String prompt(long id) {
        List<String> colours = List.of("red", "green", "blue", "yellow");
        return id == 7 ? "" : "a %s star".formatted(colours.get((int) id % colours.size()));
    }

    private static boolean startsFromAPicture(long id) {
        return id % 3 == 2;
    }

    private static void check(long id, Row row) {
        if (id >= 5 && id <= 7) {
            assertThat((byte[]) row.getAs("png")).isNull();
            assertThat((String) row.getAs("error")).contains(
                    Map.of(5L, "height is 63", 6L, "sampler is 'eulr'", 7L, "the prompt is empty").get(id));
            return;
        }
        GeneratedImage alone = picture(id, 1);
        assertThat((String) row.getAs("error")).isNull();
        assertThat((byte[]) row.getAs("png")).as("picture %d", id).isEqualTo(alone.png());
        assertThat(row.<Long>getAs("seed")).isEqualTo(alone.seed());
        assertThat(row.<Boolean>getAs("nsfw")).isFalse();
        assertThat(row.<Long>getAs("millis")).isPositive();
    }

    /** What the library gives by itself, asked for by hand. */
    private static GeneratedImage picture(long id, int steps) {
        long seed = RowKey.seed(new RowValues(Map.of(RequestColumn.ID, id)));
        GenerationSettings.Builder<?> request = startsFromAPicture(id) ? ImageToImage.builder(Images.decode(start)) : TextToImage.builder();
        request.prompt(prompt(id)).size(64, 64).steps(steps).guidanceScale(1).sampler(Sampler.EULER).seed(seed);
        return sd.generate(request instanceof ImageToImage.Builder image ? image.build() : ((TextToImage.Builder) request).build()).getFirst();
    }

    private void awaitStart() {
        try {
            events.awaitStart();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Spark's listeners hear of it a little later. */
    private void awaitLostExecutor() {
        for (int i = 0; i < 600 && events.lostExecutors() == 0; i++) {
            sleep(50);
        }
        assertThat(events.lostExecutors()).isEqualTo(1);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
