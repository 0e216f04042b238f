// Where there are no kernels for the system: ggml's CPU backend computes everything.

#include "backend.h"

void sdcpp4j::fastcpu::register_devices() {}

bool sdcpp4j::fastcpu::is_worthwhile() { return false; }

bool sdcpp4j::fastcpu::is_fastcpu(ggml_backend_t) { return false; }
