package io.github.sdcpp4j;

/**
 * The numbers that the library's own CPU backend multiplies: convolutions, linear layers, attention. Sums are kept in 32 bits
 * in both. It needs a processor with AVX2, FMA and F16C, and Linux; {@code backend("cpu")} is ggml's, which runs everywhere.
 *
 * <p>Without a GPU, {@link #EXACT} is what computes by default.
 */
public enum CpuPrecision {
    /** 32-bit floats: as near to ggml's CPU backend as its own ways of computing are to each other. */
    EXACT("fastcpu-f32"),
    /**
     * bfloat16, with 8 bits for the digits, where the processor has AVX512-BF16 or AMX; elsewhere the same as {@link #EXACT}.
     * What is asked of the runtime in full precision keeps it.
     */
    FAST("fastcpu-bf16");

    private final String backend;

    CpuPrecision(String backend) {
        this.backend = backend;
    }

    /**
     * The backend's name, as {@link LoadOptions#backend()} takes it, also for single parts of a model:
     * {@code diffusion=fastcpu-bf16,vae=fastcpu-f32}.
     *
     * @return the name
     */
    public String backend() {
        return backend;
    }
}
