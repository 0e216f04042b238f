package io.github.sdcpp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.sdcpp4j.support.Models;
import io.github.sdcpp4j.testkit.PartFiles;
import io.github.sdcpp4j.testkit.Psnr;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The library's own CPU backend: its pictures against those of ggml's, what works through it, and its operations one by one. */
@Timeout(300)
class CpuPrecisionTest {

    @BeforeAll
    static void theProcessorHasAvx2() {
        assumeTrue(Device.list().stream().anyMatch(device -> device.name().equals(CpuPrecision.EXACT.backend())),
                "skipped: this processor or system has no own CPU backend");
    }

    /** Without guidance, which multiplies every difference. */
    private static TextToImage.Builder request() {
        return TextToImage.builder().prompt("a lighthouse on a cliff").size(64, 64).seed(5).steps(2).guidanceScale(1);
    }

    private static StableDiffusion load(String backend) {
        return StableDiffusion.builder(Models.smallSd1()).backend(backend).threads(2).load();
    }

    private static byte[] pixels(StableDiffusion sd, TextToImage request) {
        return Models.pixels(sd.generate(request).getFirst());
    }

    @Test
    void picturesAreThoseOfGgmlsBackendNearly() {
        TextToImage request = request().steps(8).build();
        byte[] plain;
        try (StableDiffusion sd = load("cpu")) {
            plain = pixels(sd, request);
        }
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).cpuPrecision(CpuPrecision.EXACT).threads(2).load()) {
            assertThat(Psnr.of(plain, pixels(sd, request))).isGreaterThan(55);
        }
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).cpuPrecision(CpuPrecision.FAST).threads(2).load()) {
            assertThat(Psnr.of(plain, pixels(sd, request))).isGreaterThan(45);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "auto", "default", ",vae=default"})
    void theExactOneComputesWhereNobodyNamesADevice(String backend) {
        assumeTrue(Device.list().stream().allMatch(Device::isCpu), "skipped: a GPU computes by default here");
        TextToImage request = request().steps(1).build();
        byte[] expected;
        try (StableDiffusion sd = load(CpuPrecision.EXACT.backend())) {
            expected = pixels(sd, request);
        }
        try (StableDiffusion sd = load(backend)) {
            assertThat(pixels(sd, request)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(CpuPrecision.class)
    void theSameSeedGivesTheSameBytesWhateverTheThreads(CpuPrecision precision) {
        byte[] withOne;
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).cpuPrecision(precision).threads(1).load()) {
            withOne = pixels(sd, request().steps(1).build());
            assertThat(pixels(sd, request().steps(1).build())).isEqualTo(withOne);
        }
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).cpuPrecision(precision).threads(3).load()) {
            assertThat(pixels(sd, request().steps(1).build())).isEqualTo(withOne);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IMMEDIATELY", "AT_RUNTIME"})
    void aLoraChangesThePictureAndIsGoneWithoutTrace(LoraApplyMode mode) {
        TextToImage plain = request().steps(1).build();
        TextToImage styled = request().steps(1).lora(PartFiles.lora(Models.fixtures()), 1).build();
        byte[] expected;
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).backend("cpu")
                .additions(Additions.NONE.withLoraApplyMode(mode)).load()) {
            expected = pixels(sd, styled);
        }
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).cpuPrecision(CpuPrecision.EXACT)
                .additions(Additions.NONE.withLoraApplyMode(mode)).load()) {
            byte[] before = pixels(sd, plain);
            byte[] with = pixels(sd, styled);
            assertThat(Psnr.of(expected, with)).isGreaterThan(Psnr.of(before, with) + 6);
            assertThat(pixels(sd, plain)).isEqualTo(before);
        }
    }

    @Test
    void itStopsWithinAStep() {
        TextToImage large = request().size(512, 512).steps(50).build();
        try (StableDiffusion sd = load(CpuPrecision.FAST.backend())) {
            byte[] before = pixels(sd, request().steps(1).build());
            assertThatThrownBy(() -> sd.generate(large.toBuilder().timeout(Duration.ofMillis(700)).build()))
                    .isInstanceOf(CancelledException.class);
            assertThat(pixels(sd, request().steps(1).build())).isEqualTo(before);
        }
    }

    @Test
    void twoModelsComputeAtOnce() throws Exception {
        try (StableDiffusion one = load(CpuPrecision.EXACT.backend()); StableDiffusion other = load(CpuPrecision.FAST.backend())) {
            byte[] expectedOfOne = pixels(one, request().build());
            byte[] expectedOfOther = pixels(other, request().build());
            CountDownLatch both = new CountDownLatch(2);
            CompletableFuture<List<GeneratedImage>> first = one.submit(request().build(), progress -> both.countDown());
            CompletableFuture<List<GeneratedImage>> second = other.submit(request().build(), progress -> both.countDown());
            assertThat(Models.pixels(first.get().getFirst())).isEqualTo(expectedOfOne);
            assertThat(Models.pixels(second.get().getFirst())).isEqualTo(expectedOfOther);
        }
    }

    @Test
    void itReadsAMappedFileAndTakesSinglePartsOfAModel() {
        byte[] expected;
        try (StableDiffusion sd = load(CpuPrecision.EXACT.backend())) {
            expected = pixels(sd, request().steps(1).build());
        }
        try (StableDiffusion sd = StableDiffusion.builder(Models.smallSd1()).cpuPrecision(CpuPrecision.EXACT).mmap(true).load()) {
            assertThat(pixels(sd, request().steps(1).build())).isEqualTo(expected);
        }
        try (StableDiffusion sd = load("diffusion=fastcpu-f32,vae=fastcpu-bf16,te=fastcpu-f32")) {
            assertThat(Psnr.of(expected, pixels(sd, request().steps(1).build()))).isBetween(50., 70.);
        }
    }

    @Test
    void anUpscalerUsesItToo() {
        Path esrgan = PartFiles.knownEsrgan(Models.fixtures(), 2);
        try (StableDiffusion sd = load(CpuPrecision.EXACT.backend());
                Upscaler plain = Upscaler.builder(esrgan).backend("cpu").load();
                Upscaler own = Upscaler.builder(esrgan).cpuPrecision(CpuPrecision.EXACT).load()) {
            var image = sd.generate(request().steps(1).build()).getFirst().image();
            assertThat(Psnr.of(Models.pixels(plain.upscale(image)), Models.pixels(own.upscale(image)))).isGreaterThan(55);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"avx2", "avx512", "avx512_bf16", "amx"})
    void eachOperationIsAsExactAsItsPrecisionAtEachLevel(String level) throws Exception {
        Path program = Path.of(System.getProperty("sdcpp4j.bench")).resolveSibling("fastcpu-ops");
        assumeTrue(Files.isExecutable(program), "skipped: the native build in use has no fastcpu-ops");
        Process process = new ProcessBuilder(program.toString(), level).redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
        assertThat(lines).hasSizeGreaterThan(100).noneMatch(line -> line.startsWith("NOT OK"));
    }
}
