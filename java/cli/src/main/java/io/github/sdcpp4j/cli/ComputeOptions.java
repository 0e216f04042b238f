package io.github.sdcpp4j.cli;

import io.github.sdcpp4j.CpuPrecision;
import io.github.sdcpp4j.LoadOptions;
import io.github.sdcpp4j.SafetyCheckerOptions;
import io.github.sdcpp4j.UpscalerOptions;
import picocli.CommandLine.Option;

/** What to compute with, whatever the model is. */
final class ComputeOptions implements HelpSection.Member {

    @Option(names = {"-t", "--threads"}, paramLabel = "N",
            description = "CPU threads; -1, the default, for the machine's cores.")
    private int threads = -1;

    @Option(names = "--backend", paramLabel = "NAMES",
            description = "Where to compute, such as cpu or diffusion=cuda0,vae=cpu. By default the first GPU, or the library's own CPU backend.")
    private String backend = "";

    @Option(names = "--cpu-precision", paramLabel = "PRECISION",
            description = "Compute on the library's own CPU backend, in place of --backend: exact, the default without a GPU, for 32-bit floats; fast for bfloat16 where the processor has it.")
    private CpuPrecision cpuPrecision;

    @Option(names = "--diffusion-conv-direct",
            description = "Convolve without im2col in the diffusion model and the upscaler: less memory.")
    private boolean diffusionConvDirect;

    void apply(LoadOptions.Builder builder) {
        if (threads != -1) {
            builder.threads(threads);
        }
        builder.backend(backend()).diffusionConvDirect(diffusionConvDirect);
    }

    void apply(UpscalerOptions.Builder builder) {
        if (threads != -1) {
            builder.threads(threads);
        }
        builder.backend(backend()).convDirect(diffusionConvDirect);
    }

    private String backend() {
        return cpuPrecision == null ? backend : cpuPrecision.backend();
    }

    void apply(SafetyCheckerOptions.Builder builder) {
        if (threads != -1) {
            builder.threads(threads);
        }
        builder.backend(backend);
    }

    @Override
    public HelpSection section() {
        return HelpSection.RUN;
    }
}
