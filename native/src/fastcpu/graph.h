#pragma once

#include "ggml-backend.h"
#include "work.h"

struct ggml_cgraph;

namespace sdcpp4j::fastcpu {

// Computes graphs: node by node what is taken over, the stretches between by ggml's CPU backend.
class Graphs {
public:
    // Takes the CPU backend. Without a level nothing is taken over.
    Graphs(ggml_backend_t cpu, const Level* level, bool fast);
    ~Graphs();
    Graphs(const Graphs&)            = delete;
    Graphs& operator=(const Graphs&) = delete;

    ggml_status compute(ggml_cgraph* graph);
    void set_threads(int threads) { threads_ = threads; }
    // Asked after each node, on the calling thread, as ggml's CPU backend does.
    void set_abort_callback(ggml_abort_callback callback, void* data);

private:
    ggml_status compute_own(ggml_cgraph* graph);
    ggml_status give_to_cpu(ggml_cgraph* graph, int first, int end);

    ggml_backend_t cpu_;
    ggml_backend_set_n_threads_t set_cpu_threads_;
    ggml_backend_set_abort_callback_t set_cpu_abort_callback_;
    int threads_            = 4;  // as ggml's
    int cpu_threads_        = 0;
    ggml_abort_callback abort_callback_ = nullptr;
    void* abort_data_                   = nullptr;
    Work work_;
};

}  // namespace sdcpp4j::fastcpu
