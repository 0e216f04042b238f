package io.github.sdcpp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.sdcpp4j.testkit.Fixtures;
import io.github.sdcpp4j.testkit.PartFiles;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class InterruptionTest {

    @TempDir
    Path folder;

    /** Runs the command line in a process of its own, asks it to end when a line says so, and returns its lines. */
    private List<String> stoppedAt(String marker, List<String> arguments, int expectedCode)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dsdcpp4j.library.path=" + System.getProperty("sdcpp4j.library.path"),
                "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader out = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                if (line.contains(marker)) {
                    new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
                }
            }
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(String.join("\n", lines)).isEqualTo(expectedCode);
        } finally {
            process.destroyForcibly();
        }
        return lines;
    }

    /** By SIGTERM, which goes the way of Ctrl-C's SIGINT; that one is ignored below a shell's background job. */
    @Test
    void ctrlCStopsThePictureSaysSoAndLeavesNoFile() throws Exception {
        assumeTrue(!System.getProperty("os.name").startsWith("Windows"), "skipped: no kill command");
        String model = Fixtures.smallSd1(Path.of(System.getProperty("sdcpp4j.fixtures"))).toString();
        List<String> lines = stoppedAt("encoded the prompt", List.of(
                "txt2img", "-m", model, "-p", "a cat", "-W", "256", "-H", "256", "--steps", "30",
                "-o", folder.resolve("cat.png").toString()), 143);
        assertThat(lines).last().isEqualTo("stopped: no file was written");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void ctrlCKeepsWhatAGridHasByThen() throws Exception {
        assumeTrue(!System.getProperty("os.name").startsWith("Windows"), "skipped: no kill command");
        String model = Fixtures.smallSd1(Path.of(System.getProperty("sdcpp4j.fixtures"))).toString();
        Path grid = folder.resolve("grid.png");
        List<String> lines = stoppedAt("picture 2 of 2", List.of(
                "txt2img", "-m", model, "-p", "a cat", "-W", "128", "-H", "128", "--x-axis", "steps=1,300", "--no-labels",
                "-o", grid.toString()), 143);
        assertThat(lines).endsWith(grid + "  the grid of the first 1 of 2", "stopped: 1 file was written");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(grid);
        }
        assertThat(ImageIO.read(grid.toFile()).getHeight()).isEqualTo(128 + 16);
    }

    @Test
    void ctrlCStopsAnUpscalerToo() throws Exception {
        assumeTrue(!System.getProperty("os.name").startsWith("Windows"), "skipped: no kill command");
        Path picture = folder.resolve("picture.png");
        ImageIO.write(new BufferedImage(512, 512, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
        // the runtime says so at the start of what would take a minute
        List<String> lines = stoppedAt("upscaling from", List.of(
                "upscale", "-v", "-i", picture.toString(),
                "--upscale-model", PartFiles.knownEsrgan(Path.of(System.getProperty("sdcpp4j.fixtures")), 4).toString(),
                "-o", folder.resolve("large.png").toString()), 143);
        assertThat(lines).last().isEqualTo("stopped: no file was written");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(picture);
        }
    }
}
