package io.github.sdcpp4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

    private static final String CSV = """
            id,prompt,steps
            1,a red circle,1
            2,"a blue star, small",1
            3,a green cross,many
            """;

    @TempDir
    private Path folder;

    @BeforeAll
    static void setMaster() {
        // as spark-submit would
        System.setProperty("spark.master", "local[1]");
        System.setProperty("spark.ui.enabled", "false");
        System.setProperty("spark.sql.shuffle.partitions", "1");
        System.setProperty("spark.sql.codegen.wholeStage", "false"); // more to compile than to gain
    }

    @AfterAll
    static void clearMaster() {
        List.of("spark.master", "spark.ui.enabled", "spark.sql.shuffle.partitions", "spark.sql.codegen.wholeStage").forEach(System::clearProperty);
    }

    @Test
    void writesParquetAndMakesOnlyWhatIsMissingTheNextTime() throws IOException {
        Path requests = Files.writeString(folder.resolve("requests.csv"), CSV);
        String output = folder.resolve("out").toString();

        assertThat(run("-i", requests.toString(), "-o", output, "--set", "width=64", "--set", "height=64", "--chunk-rows", "2"))
                .contains("3 pictures to make, 0 are there already", "chunk 2 of 2", "2 pictures made, 1 rows failed");
        Files.writeString(requests, CSV.replace("many", "1") + "4,a yellow square,1\n");
        assertThat(run("-i", requests.toString(), "-o", output, "--set", "width=64", "--set", "height=64"))
                .contains("2 pictures to make, 2 are there already", "2 pictures made, 0 rows failed");

        try (SparkSession spark = SparkSession.builder().getOrCreate()) {
            List<Row> rows = spark.read().parquet(output).orderBy("id").collectAsList();
            assertThat(rows).extracting(row -> row.getAs("key")).containsExactly("1", "2", "3", "4");
            assertThat(rows).extracting(row -> row.getAs("outcome")).containsOnly("done");
            assertThat(rows).allSatisfy(row -> assertThat((byte[]) row.getAs("png")).startsWith(0x89, 'P', 'N', 'G'));
        }
    }

    @Test
    void writesFilesAndAManifest() throws IOException {
        Path requests = Files.writeString(folder.resolve("requests.jsonl"), """
                {"id": "cat", "prompt": "a red circle", "width": 64, "height": 64, "steps": 1}
                {"id": "no cat", "prompt": "a red circle", "width": 64, "height": 60, "steps": 1}
                {"id": "über", "prompt": "a blue star", "width": 64, "height": 64, "steps": 1}
                """);
        Path output = folder.resolve("out");

        assertThat(run("-i", requests.toString(), "-o", output.toString(), "--output-format", "png"))
                .contains("2 pictures made, 1 rows failed");
        Path cat = output.resolve("png/cat.png");
        FileTime written = Files.getLastModifiedTime(cat);
        assertThat(ImageIO.read(cat.toFile()).getWidth()).isEqualTo(64);
        assertThat(lines(output.resolve("manifest/outcome=done")))
                .anyMatch(line -> line.contains("\"key\":\"cat\"") && line.contains("\"file\":\"cat.png\"") && line.contains("\"seed\":"))
                .anyMatch(line -> line.contains("\"key\":\"über\"") && line.contains("\"file\":\"" + RowKey.hex("über") + ".png\""));
        assertThat(lines(output.resolve("manifest/outcome=failed"))).singleElement().asString().contains("height is 60, not a multiple of 8");

        assertThat(run("-i", requests.toString(), "-o", output.toString(), "--output-format", "png"))
                .contains("1 pictures to make, 2 are there already", "0 pictures made, 1 rows failed");
        assertThat(Files.getLastModifiedTime(cat)).isEqualTo(written);
    }

    @Test
    void refusesWhatIsWrongWithASentence() throws IOException {
        Path requests = Files.writeString(folder.resolve("requests.csv"), "id,text\n1,a cat\n");
        Path twice = Files.writeString(folder.resolve("twice.csv"), "id,prompt\n1,a cat\n1,a dog\n");
        String output = folder.resolve("out").toString();

        assertThat(fail("-i", requests.toString(), "-o", output)).contains("there is no column 'prompt' among id, text");
        assertThat(fail("-i", twice.toString(), "-o", output)).contains("the id '1' stands in 2 rows");
        assertThat(fail("-i", "requests", "-o", output)).contains("what requests holds is not known from its name");
        assertThat(fail("-i", requests.toString(), "-o", output, "--set", "stpes=3")).contains("--set names 'stpes'");
        assertThat(fail("-i", requests.toString(), "-o", output, "-m", "a.safetensors", "--demo")).contains("the demo checkpoint is a model");
        assertThat(fail("-i", requests.toString())).contains("Missing required option: '--output=FOLDER'");
    }

    private static String run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        assertThat(code).as(err.toString()).isZero();
        return out.toString();
    }

    private static String fail(String... args) {
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), args);
        assertThat(code).as(err.toString()).isEqualTo(2);
        return err.toString();
    }

    private static List<String> lines(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".json")).toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }
}
