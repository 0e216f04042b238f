#pragma once

#include "ggml-backend.h"
#include "ggml.h"

namespace sdcpp4j {

// What a module has of its own and shares with the library: ggml's log and what it calls ahead of an abort. Each module
// holds ggml's base once more, so that no name has to be looked up in a process which may hold other ggmls.
struct ModuleHost {
    const char* build;  // which sources both must come from
    ggml_log_callback log;
    ggml_abort_callback_t abort;
};

// The one function that a module exports, as "sdcpp4j_module". NULL when it is of another build.
using ModuleEntry = ggml_backend_reg_t (*)(const ModuleHost* host);

// Changes with every version of upstream and of this interface.
#define SDCPP4J_BUILD SDCPP4J_UPSTREAM_VERSION ", modules 1"

}  // namespace sdcpp4j
