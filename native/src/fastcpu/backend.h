#pragma once

#include "ggml-backend.h"

namespace sdcpp4j::fastcpu {

// A backend for CPUs with AVX2 or more that computes the heavy operations of image models itself and gives the others to
// ggml's CPU backend. Its two devices differ in the numbers that products are computed in: f32, or bf16 with sums in f32
// where the processor has instructions for that. Both are of the type CPU and compute in host memory.
constexpr char kExactDevice[] = "fastcpu-f32";
constexpr char kFastDevice[]  = "fastcpu-bf16";

// Adds the devices to ggml's registry, behind ggml's CPU; once, and only where the processor has the level.
void register_devices();

// Whether it is to be taken where nobody asks for a device.
bool is_worthwhile();

bool is_fastcpu(ggml_backend_t backend);

}  // namespace sdcpp4j::fastcpu
