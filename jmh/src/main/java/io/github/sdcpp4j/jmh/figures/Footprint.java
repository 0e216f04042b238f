package io.github.sdcpp4j.jmh.figures;

import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.StableDiffusion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How long a start takes, how long a load, how much memory a picture takes and how much room the program, in Java and in C. */
public final class Footprint {

    private final Options options;
    private final Results results;
    private final String java = ProcessHandle.current().info().command().orElse("java");
    private final Path bench;
    private final Path jar;
    private final Path archive;

    private Footprint(Options options) throws IOException {
        this.options = options;
        results = new Results(options.path("results"), "footprint");
        bench = options.path("bench");
        jar = options.path("jar");
        archive = jar.resolveSibling("sdcpp4j-cli.jsa");
    }

    /**
     * Measures: {@code --bench FILE --jar FILE --library FOLDER --results FOLDER --model FILE --threads N --starts N}, for a
     * large file {@code --large FILE --loads N}, and for Python {@code --python VENV --script FILE}.
     *
     * @param args the options
     * @throws IOException when a result cannot be written, or a process cannot be run
     * @throws InterruptedException never
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Footprint footprint = new Footprint(new Options(args));
        footprint.starts();
        if (footprint.options.given("large").isPresent()) {
            footprint.loads();
            footprint.memory();
        }
        footprint.sizes();
    }

    // --- from `java -jar` to what native code answers --------------------------------------------------------------

    private void starts() throws IOException, InterruptedException {
        List<String> question = List.of("-jar", jar.toString(), "info", "-m", options.text("model"));
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put("C, a call that does nothing", List.of(bench.toString(), "time", "--only", "nothing"));
        commands.put("`java -version`", List.of(java, "-version"));
        commands.put("`java -jar sdcpp4j-cli.jar info`", java(List.of(), question));
        if (Files.exists(archive)) {
            commands.put("the same by the script `sdcpp4j`, with the archive", java(launcher(), question));
        }
        Map<String, List<Double>> times = new LinkedHashMap<>();
        commands.forEach((label, command) -> times.put(label, new ArrayList<>()));
        for (int i = 0; i <= options.number("starts"); i++) {
            for (Map.Entry<String, List<String>> command : commands.entrySet()) {
                long start = System.nanoTime();
                Peak.of(command.getValue(), Map.of());
                if (i > 0) { // the first one reads the files
                    times.get(command.getKey()).add((double) (System.nanoTime() - start));
                }
            }
        }
        results.header("from the start of the process to its end", "time");
        for (Map.Entry<String, List<Double>> time : times.entrySet()) {
            results.row(List.of(time.getKey(), Units.time(Median.of(time.getValue()).value())));
        }
        results.samples("starts", times);
        results.line("");
    }

    private List<String> java(List<String> flags, List<String> rest) {
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(flags);
        command.addAll(rest);
        return command;
    }

    /** The flags of java/cli/src/main/sh/sdcpp4j. */
    private List<String> launcher() {
        return List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:auto", "-XX:+UseSerialGC", "-Xms16m");
    }

    // --- a large file ----------------------------------------------------------------------------------------------

    private void loads() throws IOException {
        String large = options.text("large");
        results.header("load and close, " + Units.bytes((double) Files.size(Path.of(large))), "C", "Java", "Java / C");
        for (boolean mmap : new boolean[] {false, true}) {
            List<String> c = new ArrayList<>(List.of("--model", large, "--threads", options.text("threads")));
            if (mmap) {
                c.add("--mmap");
            }
            LoadOptions load = StableDiffusion.builder(Path.of(large)).threads(options.number("threads")).mmap(mmap).build();
            List<Double> inC = new ArrayList<>();
            List<Double> inJava = new ArrayList<>();
            try (CProcess process = new CProcess(bench, Map.of(), c)) {
                process.nanoseconds("load");
                for (int i = 0; i < options.number("loads"); i++) {
                    inJava.add(load(load));
                    inC.add(process.nanoseconds("load"));
                    inC.add(process.nanoseconds("load"));
                    inJava.add(load(load));
                }
            }
            double ratio = Median.of(inJava).value() / Median.of(inC).value();
            String label = mmap ? "mapped" : "read";
            results.row(List.of(label, Units.time(Median.of(inC).value()), Units.time(Median.of(inJava).value()), Units.ratio(ratio)));
            results.samples("load, " + label, Map.of("c", inC, "java", inJava));
            results.ratio("load of 2 GB, " + label, ratio);
        }
        results.line("");
    }

    private static double load(LoadOptions options) {
        long start = System.nanoTime();
        StableDiffusion.load(options).close();
        return System.nanoTime() - start;
    }

    // --- memory ----------------------------------------------------------------------------------------------------

    private void memory() throws IOException, InterruptedException {
        String large = options.text("large");
        String threads = options.text("threads");
        Path folder = Files.createTempDirectory("sdcpp4j-footprint");
        String prompt = "a lovely cat";
        List<String> picture = List.of("-jar", jar.toString(), "txt2img", "-m", large, "-p", prompt, "-W", "64", "-H", "64",
                "--steps", "2", "-s", "1", "-t", threads, "-o", folder.resolve("java.png").toString());
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put("C, upstream's own functions, which read weights when they are needed", List.of(
                bench.toString(), "generate", "--model", large, "--threads", threads,
                "prompt=" + prompt + "\nwidth=64\nheight=64\nsteps=2\nseed=1\nout=" + folder.resolve("c")));
        commands.put("`java -jar sdcpp4j-cli.jar txt2img`", java(List.of(), picture));
        if (Files.exists(archive)) {
            commands.put("the same by the script `sdcpp4j`", java(launcher(), picture));
        }
        options.given("python").ifPresent(venv -> List.of("float32", "float16").forEach(type -> commands.put(
                "Python with diffusers, " + type, List.of(venv + "/bin/python", options.text("script"), large, prompt, threads,
                        type, folder.resolve("python.png").toString()))));
        results.header("one picture, 64x64, 2 steps", "peak resident memory", "more than C");
        double inC;
        try (CProcess process = new CProcess(bench, Map.of(), List.of("--model", large, "--threads", threads))) {
            process.run("phases 64 2");
            inC = process.run("peak").get("bytes");
        }
        results.row(List.of("C, all weights read first, as the library does", Units.bytes(inC), ""));
        results.samples("peak memory, C", Map.of("bytes", List.of(inC)));
        for (Map.Entry<String, List<String>> command : commands.entrySet()) {
            double peak = Peak.of(command.getValue(), Map.of("JAVA_TOOL_OPTIONS", ""));
            results.row(List.of(command.getKey(), Units.bytes(peak), Units.bytes(peak - inC)));
            results.samples("peak memory, " + command.getKey().replace("`", ""), Map.of("bytes", List.of(peak)));
        }
        results.line("");
        try (Stream<Path> made = Files.list(folder)) {
            for (Path file : made.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    // --- room ------------------------------------------------------------------------------------------------------

    private void sizes() throws IOException {
        results.header("installed", "size");
        results.row(List.of("what an application takes: the jars of the library and of the native library", jars(options.text("jars"))));
        results.row(List.of("sdcpp4j-cli.jar: library, native library, command line, demo checkpoint", size(jar)));
        if (Files.exists(archive)) {
            results.row(List.of("sdcpp4j-cli.jsa", size(archive)));
        }
        results.row(List.of("the native library, unpacked", size(options.path("library"))));
        results.row(List.of("this Java", size(Path.of(System.getProperty("java.home")))));
        Optional<String> python = options.given("python");
        if (python.isPresent()) {
            results.row(List.of("the Python environment", size(Path.of(python.get()))));
        }
        results.line("");
    }

    private static String jars(String files) throws IOException {
        double sum = 0;
        for (String file : files.split("\\s+")) {
            sum += Files.size(Path.of(file));
        }
        return Units.bytes(sum);
    }

    /** Of a file, or of all files in a folder. */
    private static String size(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            double sum = 0;
            for (Path file : files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).toList()) {
                sum += Files.size(file);
            }
            return Units.bytes(sum);
        }
    }
}
