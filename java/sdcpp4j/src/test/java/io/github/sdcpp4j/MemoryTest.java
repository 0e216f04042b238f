package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MemoryTest {

    private static final Path PEAK_RESET = Path.of("/proc/self/clear_refs");

    private static final long MB = 1 << 20;

    private static TextToImage picture(int width, int height, VaeTiling tiling) {
        return TextToImage.builder().prompt("a cat").size(width, height).steps(1).seed(1).vaeTiling(tiling).build();
    }

    private static StableDiffusion limitedTo(long megabytes) {
        return StableDiffusion.builder(Models.smallSd1()).memoryLimit(megabytes * MB).load();
    }

    @Test
    void aPictureThatDoesNotFitIsRefusedWithTheNumbersAndTheRemedy() {
        try (StableDiffusion sd = limitedTo(30)) {
            InsufficientMemoryException e = catchThrowableOfType(
                    InsufficientMemoryException.class, () -> sd.generate(picture(128, 128, VaeTiling.OFF)));
            assertThat(e).hasMessageContainingAll("128x128", "30 MB are allowed", "the VAE", "--vae-tiling", "smaller picture");
            assertThat(e.available()).isEqualTo(30 * MB);
            assertThat(e.needed()).isBetween(30 * MB, 200 * MB);
            assertThat(sd.generate(picture(64, 64, VaeTiling.OFF))).as("a smaller one afterwards").hasSize(1);
        }
    }

    @Test
    void aPictureWhoseSamplingDoesNotFitIsToldSo() {
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).backend("cpu").memoryLimit(1000 * MB).load()) {
            assertThatThrownBy(() -> sd.generate(picture(1024, 1024, VaeTiling.AUTO)))
                    .isInstanceOf(InsufficientMemoryException.class)
                    .hasMessageContainingAll("for sampling", "--diffusion-fa");
        }
    }

    @Test
    void nothingRunsThatNoMachineHas() {
        assertThatThrownBy(() -> Models.shared().generate(picture(16384, 16384, VaeTiling.OFF)))
                .isInstanceOf(InsufficientMemoryException.class)
                .hasMessageContaining("free");
    }

    @Test
    void onRequestTheDecodeFallsBackToTilesAndSaysSo() {
        try (StableDiffusion sd = limitedTo(80)) {
            TextToImage tall = picture(64, 768, VaeTiling.AUTO);
            GeneratedImage tiled = sd.generate(tall).getFirst();
            assertThat(tiled.notes()).anyMatch(note -> note.contains("decoded in tiles"));
            assertThat(tiled.image().getHeight()).isEqualTo(768);
            assertThatThrownBy(() -> sd.generate(picture(64, 768, VaeTiling.OFF)))
                    .isInstanceOf(InsufficientMemoryException.class);
        }
    }

    @Test
    void whereItFitsAutoIsTheWholePicture() {
        GeneratedImage whole = Models.shared().generate(picture(64, 64, VaeTiling.OFF)).getFirst();
        GeneratedImage auto = Models.shared().generate(picture(64, 64, VaeTiling.AUTO)).getFirst();
        assertThat(Models.pixels(auto)).isEqualTo(Models.pixels(whole));
        assertThat(auto.notes()).isEmpty();
    }

    @Test
    void theEstimateIsWhatTheProcessTakes() throws IOException {
        assumeTrue(Files.isWritable(PEAK_RESET), "skipped: this system does not tell a process's peak memory");
        long needed;
        try (StableDiffusion sd = limitedTo(1)) {
            needed = catchThrowableOfType(InsufficientMemoryException.class,
                    () -> sd.generate(picture(256, 256, VaeTiling.OFF))).needed();
        }
        Models.shared().generate(picture(64, 64, VaeTiling.OFF));
        long before = status("VmRSS");
        Files.writeString(PEAK_RESET, "5");
        Models.shared().generate(picture(256, 256, VaeTiling.OFF));
        long taken = status("VmHWM") - before;
        assertThat(needed).as("estimate against %d bytes taken", taken).isBetween(taken * 9 / 10, taken * 13 / 10);
    }

    private static long status(String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(key + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst().orElseThrow();
    }

    /** Upstream copies weights for each computation when the device that keeps them has another name than the computing one. */
    @Test
    void weightsThatAreToBeKeptOnTheCpuLieInMemoryOnce() throws IOException {
        assumeTrue(Device.list().stream().allMatch(Device::isCpu), "skipped: a GPU computes by default here");
        assumeTrue(Files.isWritable(PEAK_RESET), "skipped: this system does not tell a process's peak memory");
        assertThat(takenWithWeightsOn("cpu")).isLessThan(takenWithWeightsOn("") * 5 / 4);
    }

    private static long takenWithWeightsOn(String device) throws IOException {
        long before = status("VmRSS");
        Files.writeString(PEAK_RESET, "5");
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).paramsBackend(device).load()) {
            sd.generate(TextToImage.builder().prompt("a lighthouse").size(64, 64).steps(1).build());
            return status("VmHWM") - before;
        }
    }

    private static MemoryEstimate estimate(GenerationRequest request) {
        return StableDiffusion.builder(Models.smallSd1()).mmap(true).build().estimateMemory(request);
    }

    @Test
    void anEstimateSaysBeforehandWhatTheRefusalWouldSay() {
        MemoryEstimate estimate = estimate(picture(128, 128, VaeTiling.OFF));
        try (StableDiffusion sd = limitedTo(30)) {
            InsufficientMemoryException e = catchThrowableOfType(
                    InsufficientMemoryException.class, () -> sd.generate(picture(128, 128, VaeTiling.OFF)));
            assertThat(estimate.vae()).isEqualTo(e.needed());
        }
        assertThat(estimate.weights()).isBetween(
                CheckpointInfo.read(Models.smallSd1()).weightBytes() / 2, 2 * CheckpointInfo.read(Models.smallSd1()).weightBytes());
        assertThat(estimate.peak(false)).isEqualTo(estimate.weights() + estimate.vae());
    }

    @Test
    void anEstimateGrowsWithTheSizeAndTilesNeedLess() {
        MemoryEstimate small = estimate(picture(256, 256, VaeTiling.OFF));
        MemoryEstimate large = estimate(picture(1024, 512, VaeTiling.OFF));
        assertThat(large.weights()).isEqualTo(small.weights());
        assertThat(large.vae()).isGreaterThan(4 * small.vae());
        assertThat(large.sampling().orElseThrow()).isGreaterThan(4 * small.sampling().orElseThrow());
        assertThat(large.tiledVae()).isLessThan(large.vae() / 2);
        assertThat(large.peak(true)).isLessThan(large.peak(false));
    }

    @Test
    void anEstimateOfWhatAModelCannotMakeIsRefused() {
        assertThatThrownBy(() -> estimate(VideoRequest.of("a wave")))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("no videos");
    }

    @Test
    void aVideoIsEstimatedWithAllItsFrames() {
        LoadOptions wan = LoadOptions.builder().file(ModelFile.DIFFUSION, PartFiles.wan(Models.fixtures()))
                .taesd(PartFiles.videoTaesd(Models.fixtures())).mmap(true).build();
        MemoryEstimate few = wan.estimateMemory(VideoRequest.builder().size(64, 64).frames(5).build());
        MemoryEstimate many = wan.estimateMemory(VideoRequest.builder().size(64, 64).frames(33).build());
        assertThat(many.vae()).isGreaterThan(4 * few.vae());
        assertThat(many.sampling()).isEmpty();
    }
}
