package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.sdcpp4j.support.Models;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Java gives the bytes that a C program gets from upstream's own API on the same library and upstream's own CPU backend: nothing is
 * lost or changed on the way, and no parameter is forgotten.
 */
class SameAsCTest {

    private static final Path PROGRAM = Path.of(System.getProperty("sdcpp4j.bench"));
    private static final int THREADS = 2;

    @TempDir
    private Path folder;

    private final BufferedImage input = gradient();

    private static BufferedImage gradient() {
        BufferedImage image = new BufferedImage(64, 128, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setPaint(new GradientPaint(0, 0, Color.ORANGE, 64, 128, Color.BLUE));
        graphics.fillRect(0, 0, 64, 128);
        graphics.dispose();
        return image;
    }

    private static TextToImage.Builder cat() {
        return TextToImage.builder().prompt("a lovely cat").size(64, 64).steps(2).seed(42);
    }

    private List<ImageRequest> requests() {
        return List.of(
                cat().build(),
                cat().prompt("").seed(0).build(),
                cat().prompt("(weighted:1.4) [words], ümläut 猫").negativePrompt("blurry, (dark:1.2)").build(),
                cat().size(128, 64).seed(4294967295L).build(),
                cat().seed(GenerationSettings.MAX_SEED).guidanceScale(1).build(),
                cat().sampler(Sampler.HEUN).scheduler(Scheduler.KARRAS).steps(3).build(),
                cat().sampler(Sampler.DPMPP_2M).scheduler(Scheduler.EXPONENTIAL).guidanceScale(2.5).build(),
                cat().sampler(Sampler.LCM).steps(4).build(),
                cat().sampler(Sampler.DDIM_TRAILING).eta(0.7).build(),
                cat().batchCount(3).clipSkip(2).build(),
                cat().prompt("word ".repeat(120)).build(),
                ImageToImage.builder(input).prompt("a dog").strength(0.5).steps(4).seed(7).build(),
                ImageToImage.builder(input).prompt("a dog").strength(1).steps(2).seed(8).sampler(Sampler.EULER).build());
    }

    @Test
    void everyRequestGivesTheBytesOfTheCProgram() throws Exception {
        assumeTrue(Files.isExecutable(PROGRAM), "skipped: the library was not built here, so there is no " + PROGRAM);
        List<ImageRequest> requests = requests();
        runC(requests);
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).backend("cpu").threads(THREADS).load()) {
            for (int r = 0; r < requests.size(); r++) {
                List<GeneratedImage> images = sd.generate(requests.get(r));
                for (int i = 0; i < images.size(); i++) {
                    assertThat(Models.pixels(images.get(i)))
                            .as("picture %d of %s", i, requests.get(r))
                            .isEqualTo(readRaw(folder.resolve("out%d.%d.rgb".formatted(r, i)), images.get(i).image()));
                }
            }
        }
    }

    private void runC(List<ImageRequest> requests) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                PROGRAM.toString(), "generate", "--model", Models.smallSd1().toString(), "--threads", "" + THREADS));
        for (int r = 0; r < requests.size(); r++) {
            Path file = folder.resolve("request" + r);
            Files.writeString(file, text(requests.get(r), folder.resolve("out" + r)));
            command.add("@" + file);
        }
        Path log = folder.resolve("log");
        int exit = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
        assertThat(exit).as(() -> read(log)).isZero();
    }

    private String text(ImageRequest request, Path out) throws IOException {
        GenerationSettings settings = request.settings();
        Map<String, Object> pairs = new LinkedHashMap<>();
        pairs.put("prompt", settings.prompt());
        pairs.put("negative", settings.negativePrompt());
        pairs.put("width", settings.width());
        pairs.put("height", settings.height());
        pairs.put("steps", settings.steps());
        pairs.put("cfg", settings.guidanceScale());
        settings.sampler().ifPresent(sampler -> pairs.put("sampler", sampler.flag()));
        settings.scheduler().ifPresent(scheduler -> pairs.put("scheduler", scheduler.flag()));
        pairs.put("seed", settings.seed().orElseThrow());
        pairs.put("batch", settings.batchCount());
        settings.clipSkip().ifPresent(skip -> pairs.put("clip_skip", skip));
        settings.eta().ifPresent(eta -> pairs.put("eta", eta));
        if (request instanceof ImageToImage fromImage) {
            pairs.put("strength", fromImage.strength());
            pairs.put("init", writeRaw(folder.resolve("init.rgb"), fromImage.image()));
        }
        pairs.put("out", out);
        return pairs.entrySet().stream()
                .map(pair -> pair.getKey() + "=" + pair.getValue())
                .collect(Collectors.joining("\u001f"));
    }

    private static Path writeRaw(Path file, BufferedImage image) throws IOException {
        ByteBuffer raw = ByteBuffer.allocate(8 + image.getWidth() * image.getHeight() * 3).order(ByteOrder.LITTLE_ENDIAN);
        raw.putInt(image.getWidth()).putInt(image.getHeight());
        for (int pixel : image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth())) {
            raw.put((byte) (pixel >> 16)).put((byte) (pixel >> 8)).put((byte) pixel);
        }
        return Files.write(file, raw.array());
    }

    private static byte[] readRaw(Path file, BufferedImage size) throws IOException {
        ByteBuffer raw = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(raw.getInt()).isEqualTo(size.getWidth());
        assertThat(raw.getInt()).isEqualTo(size.getHeight());
        byte[] rgb = new byte[raw.remaining()];
        raw.get(rgb);
        return rgb;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
