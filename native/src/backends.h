#pragma once

#include <string>

namespace sdcpp4j {

// Loads what computes: the code for this CPU, and for GPUs when there are any. Once; every later call returns at once.
void load_backends();

// Whose code the CPU runs: the name of a module, such as "haswell", or "built in".
const std::string& cpu_code();

}  // namespace sdcpp4j
