#include "graph.h"

#include "ggml-impl.h"
#include "nodes.h"

namespace sdcpp4j::fastcpu {

namespace {

// Below so many values one thread computes. OpenMP's threads spin for milliseconds after each of their stretches, and would keep
// the pool's from the processors.
constexpr int64_t kWorthThreads = 1 << 18;

// Memory that is not kept from one graph to the next.
constexpr size_t kKeptBytes = 16u << 20;

template <typename Function>
Function of_registry(ggml_backend_t backend, const char* name) {
    ggml_backend_reg_t registry = ggml_backend_dev_backend_reg(ggml_backend_get_device(backend));
    return reinterpret_cast<Function>(ggml_backend_reg_get_proc_address(registry, name));
}

int64_t values_touched(const ggml_tensor* node) {
    int64_t most = ggml_nelements(node);
    for (const ggml_tensor* source : node->src) {
        if (source != nullptr && ggml_nelements(source) > most) {
            most = ggml_nelements(source);
        }
    }
    return most;
}

}  // namespace

Graphs::Graphs(ggml_backend_t cpu, const Level* level, bool fast)
    : cpu_(cpu), set_cpu_threads_(of_registry<ggml_backend_set_n_threads_t>(cpu, "ggml_backend_set_n_threads")),
      set_cpu_abort_callback_(of_registry<ggml_backend_set_abort_callback_t>(cpu, "ggml_backend_set_abort_callback")) {
    work_.level = level;
    work_.gemm  = level == nullptr ? nullptr : fast && level->fast != nullptr ? level->fast : level->exact;
}

Graphs::~Graphs() { ggml_backend_free(cpu_); }

void Graphs::set_abort_callback(ggml_abort_callback callback, void* data) {
    abort_callback_ = callback;
    abort_data_     = data;
    if (set_cpu_abort_callback_ != nullptr) {
        set_cpu_abort_callback_(cpu_, callback, data);
    }
}

ggml_status Graphs::give_to_cpu(ggml_cgraph* graph, int first, int end) {
    int64_t values = 0;
    for (int i = first; i < end; i++) {
        if (is_computed(graph->nodes[i])) {
            values = std::max(values, values_touched(graph->nodes[i]));
        }
    }
    if (values == 0) {
        return GGML_STATUS_SUCCESS;
    }
    int threads = work_.level == nullptr || values >= kWorthThreads ? threads_ : 1;
    if (set_cpu_threads_ != nullptr && threads != cpu_threads_) {
        set_cpu_threads_(cpu_, threads);
        cpu_threads_ = threads;
    }
    ggml_cgraph part = *graph;  // ggml_graph_view, which is not exported
    part.size        = 0;
    part.n_nodes     = end - first;
    part.n_leafs     = 0;
    part.nodes       = graph->nodes + first;
    part.grads       = nullptr;
    part.grad_accs   = nullptr;
    part.leafs       = nullptr;
    part.uid         = 0;
    return ggml_backend_graph_compute(cpu_, first == 0 && end == graph->n_nodes ? graph : &part);
}

ggml_status Graphs::compute(ggml_cgraph* graph) {
    if (work_.level == nullptr) {
        return give_to_cpu(graph, 0, graph->n_nodes);
    }
    ggml_status status;
    try {
        work_.pool.set_threads(threads_);
        status = compute_own(graph);
    } catch (const std::bad_alloc&) {
        status = GGML_STATUS_ALLOC_FAILED;
    }
    if (work_.shared.size() > kKeptBytes) {
        work_.shared.release();
    }
    return status;
}

ggml_status Graphs::compute_own(ggml_cgraph* graph) {
    int given = 0;  // the first node that is neither computed nor given to the CPU backend
    for (int i = 0; i < graph->n_nodes;) {
        Nodes nodes(graph, i);
        if (!nodes.taken()) {
            i++;
            continue;
        }
        ggml_status status = give_to_cpu(graph, given, i);
        if (status != GGML_STATUS_SUCCESS) {
            return status;
        }
        nodes.compute(work_);
        i = given = nodes.end();
        if (abort_callback_ != nullptr && abort_callback_(abort_data_)) {
            return GGML_STATUS_ABORTED;
        }
    }
    return give_to_cpu(graph, given, graph->n_nodes);
}

}  // namespace sdcpp4j::fastcpu
