package io.github.sdcpp4j.internal.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.sdcpp4j.StableDiffusion;
import io.github.sdcpp4j.TextToImage;
import io.github.sdcpp4j.support.ChildJvm;
import io.github.sdcpp4j.support.Models;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the library is looked for; each case in a JVM of its own. */
class NativeLibraryTest {

    private static final Path BUILT =
            Path.of(System.getProperty("sdcpp4j.library.path")).resolve(System.mapLibraryName("sdcpp4j"));

    @TempDir
    private Path folder;

    /** Loads the library and says how that went. */
    static final class Probe {
        public static void main(String[] arguments) {
            try {
                NativeLibrary.ensureLoaded();
                System.out.println("loaded");
            } catch (RuntimeException e) {
                System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
    }

    private static ChildJvm probe(String classPath, String... options) throws Exception {
        return ChildJvm.run(List.of(options), classPath, Probe.class);
    }

    /** The test class path without any natives jar. */
    private static String plainClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("natives"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void theFolderNamedByThePropertyComesFirst() throws Exception {
        assertThat(probe(plainClassPath(), "-Dsdcpp4j.library.path=" + BUILT.getParent()).out()).isEqualTo("loaded\n");
        assertThat(probe(plainClassPath(), "-Dsdcpp4j.library.path=" + BUILT).out()).isEqualTo("loaded\n");
    }

    @Test
    void aFolderWithoutTheLibraryIsAnErrorThatNamesIt() throws Exception {
        assertThat(probe(plainClassPath(), "-Dsdcpp4j.library.path=" + folder).out())
                .startsWith("NativeLibraryException: there is no " + folder)
                .contains("sdcpp4j.library.path");
    }

    @Test
    void withoutAnyLibraryTheErrorListsThePlacesTried() throws Exception {
        assertThat(probe(plainClassPath(), "-Djava.library.path=" + folder).out())
                .contains("natives-" + Platform.current().classifier())
                .contains("java.library.path (" + folder + ")")
                .contains("-Dsdcpp4j.library.path=DIR");
    }

    @Test
    void theJavaLibraryPathIsTheLastPlace() throws Exception {
        assertThat(probe(plainClassPath(), "-Djava.library.path=" + BUILT.getParent()).out()).isEqualTo("loaded\n");
    }

    @Test
    void aForeignLibraryIsRefused() throws Exception {
        Path libc = Path.of("/lib/x86_64-linux-gnu/libm.so.6");
        assumeTrue(Files.exists(libc), "skipped: no foreign library to try at " + libc);
        assertThat(probe(plainClassPath(), "-Dsdcpp4j.library.path=" + libc).out())
                .contains(libc + " is not the sdcpp4j library");
    }

    @Test
    void aFileThatIsNoLibraryIsRefused() throws Exception {
        Path text = Files.writeString(folder.resolve(System.mapLibraryName("sdcpp4j")), "no library");
        assertThat(probe(plainClassPath(), "-Dsdcpp4j.library.path=" + folder).out())
                .startsWith("NativeLibraryException: " + text + " cannot be loaded");
    }

    /** What the build put beside the library: its modules, if it has any. */
    private static List<Path> builtFiles() throws Exception {
        try (var files = Files.list(BUILT.getParent())) {
            return files.filter(file -> file.getFileName().toString().matches("(lib)?sdcpp4j.*\\.(so|dylib|dll)")).sorted().toList();
        }
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void aNativesJarIsExtractedOnceIntoAFolderNamedByItsContent() throws Exception {
        Map<String, byte[]> files = new TreeMap<>();
        for (Path file : builtFiles()) {
            files.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
        files.put("libsdcpp4j-cpu-none.so", new byte[] {1, 2, 3});
        String classPath = plainClassPath() + File.pathSeparator + bundle("", files, Map.of());
        Path cache = folder.resolve("cache");

        assertThat(probe(classPath, "-Dsdcpp4j.cache.dir=" + cache).out()).isEqualTo("loaded\n");
        Path extracted = onlyFolder(cache);
        try (var there = Files.list(extracted)) {
            assertThat(there.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(files.keySet());
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            assertThat(extracted.resolve(file.getKey())).hasBinaryContent(file.getValue());
        }

        var writtenAt = Files.getLastModifiedTime(extracted.resolve(BUILT.getFileName()));
        assertThat(probe(classPath, "-Dsdcpp4j.cache.dir=" + cache).out()).isEqualTo("loaded\n");
        assertThat(Files.getLastModifiedTime(extracted.resolve(BUILT.getFileName()))).isEqualTo(writtenAt);
        assertThat(onlyFolder(cache)).isEqualTo(extracted);

        Files.delete(extracted.resolve("libsdcpp4j-cpu-none.so"));
        assertThat(probe(classPath, "-Dsdcpp4j.cache.dir=" + cache).out()).isEqualTo("loaded\n");
        assertThat(extracted.resolve("libsdcpp4j-cpu-none.so")).hasBinaryContent(new byte[] {1, 2, 3});
    }

    private static Path onlyFolder(Path cache) throws Exception {
        try (var folders = Files.list(cache.resolve("sdcpp4j"))) {
            List<Path> found = folders.filter(Files::isDirectory).toList();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }

    @Test
    void ofTwoNativesJarsTheOneWithCudaIsTaken() throws Exception {
        Map<String, byte[]> damaged = Map.of(System.mapLibraryName("sdcpp4j"), new byte[] {1, 2, 3});
        bundle("", damaged, Map.of(System.mapLibraryName("sdcpp4j"), "0".repeat(64)));
        String classPath = plainClassPath() + File.pathSeparator
                + bundle("-cuda", damaged, Map.of(System.mapLibraryName("sdcpp4j"), "1".repeat(64)));
        assertThat(probe(classPath, "-Dsdcpp4j.cache.dir=" + folder.resolve("cache")).out()).contains("expected " + "1".repeat(64));
    }

    @Test
    void aDamagedNativesJarIsAnErrorAndLeavesNothingBehind() throws Exception {
        Map<String, byte[]> files = Map.of(System.mapLibraryName("sdcpp4j"), Files.readAllBytes(BUILT), "libsdcpp4j-cpu-none.so", new byte[] {1});
        String classPath = plainClassPath() + File.pathSeparator + bundle("", files, Map.of("libsdcpp4j-cpu-none.so", "0".repeat(64)));
        Path cache = folder.resolve("cache");
        assertThat(probe(classPath, "-Dsdcpp4j.cache.dir=" + cache, "-Djava.library.path=" + folder).out())
                .contains("its jar is damaged")
                .contains("expected " + "0".repeat(64));
        try (var left = Files.walk(cache)) {
            assertThat(left.filter(Files::isRegularFile)).extracting(Path::getFileName).containsExactly(Path.of("lock"));
        }
    }

    /** A natives jar's content, as a folder for the class path. */
    private Path bundle(String kind, Map<String, byte[]> files, Map<String, String> wrongDigests) throws Exception {
        Path root = folder.resolve("bundle");
        Path place = Files.createDirectories(
                root.resolve("io/github/sdcpp4j/natives").resolve(Platform.current().classifier() + kind));
        StringBuilder index = new StringBuilder("library=" + BUILT.getFileName() + "\n");
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(place.resolve(file.getKey()), file.getValue());
            String digest = wrongDigests.getOrDefault(file.getKey(), sha256(file.getValue()));
            index.append("sha256.").append(file.getKey()).append('=').append(digest).append('\n');
        }
        Files.writeString(place.resolve("natives.properties"), index);
        return root;
    }

    /** Makes a picture, which makes the runtime log a lot. */
    static final class Painter {
        public static void main(String[] arguments) {
            var request = TextToImage.builder().size(72, 64).steps(1).batchCount(2).build();
            try (StableDiffusion sd = StableDiffusion.load(Path.of(arguments[0]))) {
                sd.generate(request, progress -> {});
            }
        }
    }

    @Test
    void nativeLogLinesGoToTheLoggerAndNothingIsPrinted() throws Exception {
        Path silent = Files.writeString(folder.resolve("silent.properties"), ".level=OFF\n");
        Path loud = Files.writeString(folder.resolve("loud.properties"), """
                handlers=java.util.logging.ConsoleHandler
                java.util.logging.ConsoleHandler.level=ALL
                java.util.logging.ConsoleHandler.formatter=java.util.logging.SimpleFormatter
                java.util.logging.SimpleFormatter.format=%3$s %4$s %5$s%n
                io.github.sdcpp4j.native.level=ALL
                """);
        String library = "-Dsdcpp4j.library.path=" + BUILT.getParent();
        String logging = "-Djava.util.logging.config.file=";

        ChildJvm quiet = ChildJvm.run(
                List.of(library, logging + silent), plainClassPath(), Painter.class, Models.smallSd1().toString());
        assertThat(quiet.exitCode()).isZero();
        assertThat(quiet.out()).isEmpty();
        assertThat(quiet.err()).isEmpty();

        ChildJvm talkative = ChildJvm.run(
                List.of(library, logging + loud), plainClassPath(), Painter.class, Models.smallSd1().toString());
        assertThat(talkative.exitCode()).isZero();
        assertThat(talkative.out()).isEmpty();
        assertThat(talkative.err().lines()).allMatch(line -> line.startsWith("io.github.sdcpp4j.native "));
        assertThat(talkative.err())
                .contains("io.github.sdcpp4j.native FINE ")
                .contains("generating image: 2/2")
                .doesNotContain("WARNING");
    }

    /** Makes pictures with the library of a folder, and returns the warnings that were logged. */
    private List<String> warnings(Path library) throws Exception {
        ChildJvm child = ChildJvm.run(List.of("-Dsdcpp4j.library.path=" + library), plainClassPath(), Painter.class, Models.smallSd1().toString());
        assertThat(child.exitCode()).as(child.err()).isZero();
        return child.err().lines().filter(line -> line.startsWith("WARNING")).toList();
    }

    private Path copyOfBuilt(List<Path> files) throws Exception {
        assumeTrue(builtFiles().size() > 1, "skipped: the native build in use has no modules");
        Path copy = Files.createDirectories(folder.resolve("copy"));
        for (Path file : files) {
            Files.copy(file, copy.resolve(file.getFileName()));
        }
        return copy;
    }

    @Test
    void withAModuleForCudaThatCannotBeLoadedTheCpuComputesAndOneLineSaysSo() throws Exception {
        Path copy = copyOfBuilt(builtFiles());
        if (!Files.exists(copy.resolve("libsdcpp4j-cuda.so"))) {
            Files.writeString(copy.resolve("libsdcpp4j-cuda.so"), "no module");
        }
        assertThat(warnings(copy)).singleElement(InstanceOfAssertFactories.STRING)
                .contains("CUDA cannot be used, the CPU computes").contains("libsdcpp4j-cuda.so");
    }

    @Test
    void withoutItsModulesTheLibraryWorksAndOneLineSaysWhatIsMissing() throws Exception {
        assertThat(warnings(copyOfBuilt(List.of(BUILT)))).singleElement(InstanceOfAssertFactories.STRING)
                .contains("keep the files of the native library together");
    }
}
