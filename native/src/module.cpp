// The way into a module: see module.h and cmake/Modules.cmake. Compiled once for each, with SDCPP4J_BACKEND set to the
// function that gives its backend.

#include "module.h"

#include <cstring>

#if defined(_WIN32)
#define SDCPP4J_EXPORT __declspec(dllexport)
#else
#define SDCPP4J_EXPORT __attribute__((visibility("default")))
#endif

extern "C" ggml_backend_reg_t SDCPP4J_BACKEND(void);
extern "C" SDCPP4J_EXPORT ggml_backend_reg_t sdcpp4j_module(const sdcpp4j::ModuleHost* host);

ggml_backend_reg_t sdcpp4j_module(const sdcpp4j::ModuleHost* host) {
    if (std::strcmp(host->build, SDCPP4J_BUILD) != 0) {
        return nullptr;
    }
    ggml_log_set(host->log, nullptr);
    ggml_set_abort_callback(host->abort);
    return SDCPP4J_BACKEND();
}
