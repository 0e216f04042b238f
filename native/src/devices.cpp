// What there is to compute on.

#include "backends.h"
#include "ggml-backend.h"
#include "guard.h"
#include "sdcpp4j.h"

using sdcpp4j::guarded;
using sdcpp4j::Job;

extern "C" int32_t sdcpp4j_device_count(void) {
    sdcpp4j::load_backends();
    return static_cast<int32_t>(ggml_backend_dev_count());
}

extern "C" void sdcpp4j_device_at(int32_t index, sdcpp4j_device* out) {
    sdcpp4j::load_backends();
    ggml_backend_dev_t device = ggml_backend_dev_get(static_cast<size_t>(index));
    out->name                 = ggml_backend_dev_name(device);
    out->description          = ggml_backend_dev_description(device);
    out->is_cpu               = ggml_backend_dev_type(device) == GGML_BACKEND_DEVICE_TYPE_CPU ? 1 : 0;
    bool is_ggmls_cpu         = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU) == device;
    out->code                 = is_ggmls_cpu ? sdcpp4j::cpu_code().c_str() : out->is_cpu != 0 ? out->description : "";
}

extern "C" int32_t sdcpp4j_device_memory(sdcpp4j_call* call, int32_t index, int64_t* free, int64_t* total) {
    return guarded(call, [&](Job& job) -> int32_t {
        sdcpp4j::load_backends();
        if (free == nullptr || total == nullptr || index < 0 || static_cast<size_t>(index) >= ggml_backend_dev_count()) {
            job.fail("there is no device of this index");
            return SDCPP4J_INVALID_ARGUMENT;
        }
        size_t free_bytes  = 0;
        size_t total_bytes = 0;
        ggml_backend_dev_memory(ggml_backend_dev_get(static_cast<size_t>(index)), &free_bytes, &total_bytes);
        *free  = static_cast<int64_t>(free_bytes);
        *total = static_cast<int64_t>(total_bytes);
        return SDCPP4J_OK;
    });
}
