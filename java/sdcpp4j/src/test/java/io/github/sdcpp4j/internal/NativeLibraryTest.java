package io.github.sdcpp4j.internal;

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
import java.util.stream.Collectors;
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

    @Test
    void aNativesJarIsExtractedOnceIntoAFolderNamedByItsContent() throws Exception {
        byte[] library = Files.readAllBytes(BUILT);
        String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(library));
        String classPath = plainClassPath() + File.pathSeparator + bundle(library, sha256);
        Path cache = folder.resolve("cache");

        assertThat(probe(classPath, "-Dsdcpp4j.cache.dir=" + cache).out()).isEqualTo("loaded\n");
        Path extracted = cache.resolve("sdcpp4j").resolve(sha256.substring(0, 16)).resolve(BUILT.getFileName());
        assertThat(extracted).hasSameBinaryContentAs(BUILT);
        try (var files = Files.list(extracted.getParent())) {
            assertThat(files).containsExactly(extracted);
        }

        var writtenAt = Files.getLastModifiedTime(extracted);
        assertThat(probe(classPath, "-Dsdcpp4j.cache.dir=" + cache).out()).isEqualTo("loaded\n");
        assertThat(Files.getLastModifiedTime(extracted)).isEqualTo(writtenAt);
    }

    @Test
    void aDamagedNativesJarIsAnErrorAndLeavesNothingBehind() throws Exception {
        String classPath = plainClassPath() + File.pathSeparator + bundle(new byte[] {1, 2, 3}, "0".repeat(64));
        Path cache = folder.resolve("cache");
        assertThat(probe(classPath, "-Dsdcpp4j.cache.dir=" + cache, "-Djava.library.path=" + folder).out())
                .contains("its jar is damaged")
                .contains("expected " + "0".repeat(64));
        try (var files = Files.walk(cache)) {
            assertThat(files.filter(Files::isRegularFile)).extracting(Path::getFileName).containsExactly(Path.of("lock"));
        }
    }

    private Path bundle(byte[] library, String sha256) throws Exception {
        Path root = folder.resolve("bundle");
        Path place = Files.createDirectories(
                root.resolve("io/github/sdcpp4j/natives").resolve(Platform.current().classifier()));
        Files.write(place.resolve(BUILT.getFileName()), library);
        Files.writeString(place.resolve("natives.properties"),
                "library=" + BUILT.getFileName() + "\nsha256=" + sha256 + "\n");
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
}
