package io.github.sdcpp4j.spark;

import io.github.sdcpp4j.InvalidRequestException;
import io.github.sdcpp4j.ModelFile;
import io.github.sdcpp4j.StableDiffusionException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The application for {@code spark-submit}: a file of requests in, pictures out. Run again with the same output, it makes what is not
 * there yet. Exit codes: 0 done, also when rows failed, which are told; 1 the job failed; 2 the command line or the requests are wrong.
 */
@Command(
        name = "sdcpp4j-spark",
        description = "Makes a picture for each row of a file, on the executors of a Spark cluster.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Main implements Callable<Integer> {

    @Option(names = {"-i", "--input"}, required = true, paramLabel = "PATH",
            description = "The requests: CSV with a header, JSON lines or Parquet, with a column prompt.")
    private String input;

    @Option(names = "--input-format", paramLabel = "FORMAT", description = "csv, json or parquet. Default: what the path's ending says.")
    private String inputFormat = "";

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "FOLDER",
            description = "Where the pictures go; those that are there already are not made again.")
    private String output;

    @Option(names = "--output-format", paramLabel = "FORMAT",
            description = "parquet, with the pictures in it, or png: files, and a manifest of JSON lines. Default: parquet.")
    private Results.Format outputFormat = Results.Format.PARQUET;

    @Option(names = {"-m", "--model"}, paramLabel = "FILE", description = "The checkpoint. Default: --demo.")
    private String model;

    @Option(names = "--demo", description = "The small checkpoint that comes with this program.")
    private boolean demo;

    @Option(names = "--vae", paramLabel = "FILE", description = "Another VAE than the checkpoint's.")
    private String vae;

    @Option(names = "--ship-model",
            description = "Let Spark fetch the model's files for each executor. Without it they are at the same path on all machines.")
    private boolean ship;

    @Option(names = "--lora-model-dir", paramLabel = "FOLDER",
            description = "Where <lora:name:weight> in a prompt is looked for, at the same path on all machines.")
    private String loraFolder;

    @Option(names = "--safety-checker", paramLabel = "FILE",
            description = "The weights of diffusers' safety checker, at the same path on all machines: a picture that it flags becomes black.")
    private String safetyChecker;

    @Option(names = "--worker", description = "Run the model in a process beside each executor, whose end costs one attempt of a task.")
    private boolean worker;

    @Option(names = "--set", paramLabel = "COLUMN=VALUE",
            description = "A value for all rows, where the requests have no such column, such as steps=25. Several times for several.")
    private Map<String, String> defaults = new LinkedHashMap<>();

    @Option(names = "--chunk-rows", paramLabel = "N",
            description = "How many rows are written together; what is written stays when the application ends early. Default: 1000.")
    private int chunkRows = 1000;

    @Option(names = "--task-rows", paramLabel = "N", description = "How many rows a task has. Default: 20.")
    private int taskRows = 20;

    private final PrintWriter out;

    private Main(PrintWriter out) {
        this.out = out;
    }

    /**
     * Runs, and ends the process if that fails.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        int code = run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** The same, without an end of the process. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new Main(out))
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(100)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, given) -> {
                    err.println("error: " + e.getMessage());
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> failure(err, e))
                .execute(args);
    }

    private static int failure(PrintWriter err, Exception e) {
        switch (e) {
            case StableDiffusionException known -> err.println("error: " + RowFailure.sentence(known));
            case UncheckedIOException known -> err.println("error: " + known.getMessage());
            default -> e.printStackTrace(err); // Spark's own, whose causes tell of executors
        }
        return e instanceof InvalidRequestException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public Integer call() throws IOException {
        if (chunkRows < 1 || taskRows < 1) {
            throw new InvalidRequestException("--chunk-rows is %d and --task-rows %d: give 1 or more".formatted(chunkRows, taskRows));
        }
        RequestFiles requests = new RequestFiles(input, inputFormat, defaults);
        SparkImageOptions options = options();
        try (SparkSession spark = session()) {
            new BatchRun(spark, requests, options, new Results(spark, output, outputFormat), chunkRows, taskRows).run(out);
        }
        return CommandLine.ExitCode.OK;
    }

    private static SparkSession session() {
        return SparkSession.builder()
                .appName("sdcpp4j")
                // rows go to the folder of their outcome as they come, in place of being sorted by it first
                .config("spark.sql.maxConcurrentOutputFileWriters", 2)
                // else shipped files do not arrive
                .config("spark.sql.artifact.isolation.enabled", false)
                .getOrCreate();
    }

    private SparkImageOptions options() {
        SparkImageOptions.Builder options = SparkImageOptions.builder();
        file(options, ModelFile.MODEL, model);
        file(options, ModelFile.VAE, vae);
        if (demo || model == null) {
            options.demo();
        }
        if (safetyChecker != null) {
            options.safetyChecker(safetyChecker);
        }
        if (worker) {
            options.worker();
        }
        if (loraFolder != null) {
            String folder = loraFolder;
            options.load(load -> load.loraFolder(Path.of(folder)));
        }
        return options.build();
    }

    private void file(SparkImageOptions.Builder options, ModelFile slot, String path) {
        if (path != null && ship) {
            options.shippedFile(slot, path);
        } else if (path != null) {
            options.file(slot, path);
        }
    }
}
