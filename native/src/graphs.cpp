// Upstream lays out and computes every graph through two ggml functions, which the build renames in upstream's sources (see
// CMakeLists.txt). All of them therefore pass here, where a call can be stopped or measured.

#include <algorithm>
#include <cmath>
#include <vector>

#include "ggml-alloc.h"
#include "ggml-backend.h"
#include "job.h"

namespace {

using sdcpp4j::Job;
using SetAbortCallback = void (*)(ggml_backend_t, ggml_abort_callback, void*);

// Only the CPU backend can stop inside a graph; it asks once per node, on the calling thread.
SetAbortCallback abort_setter(ggml_backend_t backend) {
    ggml_backend_dev_t device = ggml_backend_get_device(backend);
    if (device == nullptr) {
        return nullptr;
    }
    ggml_backend_reg_t registry = ggml_backend_dev_backend_reg(device);
    return reinterpret_cast<SetAbortCallback>(
        ggml_backend_reg_get_proc_address(registry, "ggml_backend_set_abort_callback"));
}

// Upstream gives its result this name; later on it clamps pictures, and NaN becomes white or black.
constexpr char kResult[] = "ggml_runner_final_result_tensor";

bool has_nan(struct ggml_cgraph* graph) {
    ggml_tensor* result = ggml_graph_get_tensor(graph, kResult);
    if (result == nullptr || result->type != GGML_TYPE_F32 || !ggml_is_contiguous(result) || result->buffer == nullptr) {
        return false;
    }
    std::vector<float> values(static_cast<size_t>(ggml_nelements(result)));
    ggml_backend_tensor_get(result, values.data(), 0, ggml_nbytes(result));
    return std::any_of(values.begin(), values.end(), [](float value) { return std::isnan(value); });
}

bool must_stop(void* job) { return static_cast<Job*>(job)->must_stop(); }

}  // namespace

extern "C" enum ggml_status sdcpp4j_graph_compute(ggml_backend_t backend, struct ggml_cgraph* graph) {
    Job* job = Job::current();
    if (job == nullptr) {
        return ggml_backend_graph_compute(backend, graph);
    }
    if (job->must_stop()) {
        return GGML_STATUS_ABORTED;
    }
    SetAbortCallback set_abort_callback = job->call().cancel == nullptr ? nullptr : abort_setter(backend);
    if (set_abort_callback != nullptr) {
        set_abort_callback(backend, must_stop, job);
    }
    ggml_status status = ggml_backend_graph_compute(backend, graph);
    if (set_abort_callback != nullptr) {
        set_abort_callback(backend, nullptr, nullptr);
    }
    if (status == GGML_STATUS_SUCCESS && has_nan(graph)) {
        job->set_not_a_number();
        return GGML_STATUS_FAILED;
    }
    return status;
}

extern "C" bool sdcpp4j_gallocr_reserve(ggml_gallocr_t allocator, struct ggml_cgraph* graph) {
    Job* job = Job::current();
    if (job == nullptr || job->measured() == nullptr) {
        return ggml_gallocr_reserve(allocator, graph);
    }
    size_t bytes = 0;
    ggml_gallocr_reserve_n_size(allocator, graph, nullptr, nullptr, &bytes);
    if (static_cast<int64_t>(bytes) > *job->measured()) {
        *job->measured() = static_cast<int64_t>(bytes);
    }
    return false;  // upstream gives the computation up, as it does when there is no memory
}
