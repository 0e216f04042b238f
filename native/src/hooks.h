#pragma once

#include <string>

#include "ggml.h"
#include "stable-diffusion.h"

namespace sdcpp4j {

// ggml's abort callback and logger; each of the modules has a ggml of its own that must be given them.
void on_ggml_abort(const char* message);
void on_ggml_log(ggml_log_level level, const char* text, void*);

// A line of our own, which no call in progress takes for the reason of its failure.
void log_line(sd_log_level_t level, const std::string& text);

}  // namespace sdcpp4j
