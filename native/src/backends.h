#pragma once

#include <string>

namespace sdcpp4j {

// Loads what computes: the code for this CPU, and for GPUs when there are any. Once; every later call returns at once.
void load_backends();

// Whose code the CPU runs: the name of a module, such as "haswell", or "built in".
const std::string& cpu_code();

// Where a model's parts compute and where their weights lie, as upstream reads it.
struct Placement {
    std::string backend;
    std::string params_backend;
};

// What was asked for, and what is taken where nothing was: the first GPU, which is upstream's choice, and without one the own
// CPU backend. NULL asks for nothing.
Placement placement(const char* backend, const char* params_backend);

}  // namespace sdcpp4j
