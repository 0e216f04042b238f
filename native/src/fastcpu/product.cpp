#include "product.h"

#include <limits>

namespace sdcpp4j::fastcpu {

// Rough cycles for a value of A and of B: to be converted, to be packed.
constexpr float kConvertCost = 0.15f;
constexpr float kPackCost    = 0.25f;

Split split(const Product& p, int threads) {
    const Gemm& gemm = *p.gemm;
    Split best       = {p.m, p.n};
    float least      = std::numeric_limits<float>::max();
    for (int64_t columns : {16, 8, 4, 2, 1}) {
        columns = std::min<int64_t>(columns * gemm.panel, rounded_up(p.n, gemm.panel));
        for (int64_t cut : {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64}) {
            int64_t rows = rounded_up(parts(p.m, cut), gemm.rows);
            auto c       = static_cast<float>(columns);
            auto r       = static_cast<float>(std::min(rows, p.m));
            int64_t all  = p.batches * parts(p.m, rows) * parts(p.n, columns);
            // the last round of tasks may not keep all threads busy, and these are not equally fast
            auto rounds = static_cast<float>(threads == 1 ? all : parts(all, threads)) + (threads == 1 ? 0.f : 0.5f);
            float cost  = rounds * (c * r * gemm.mac_cost + r * kConvertCost + c * kPackCost);
            if (cost < least) {
                least = cost;
                best  = {rows, columns};
            }
        }
    }
    return best;
}

const char* convert_all(Work& work, const Product& p, const char* a, int64_t* row_bytes) {
    const Gemm& gemm   = *p.gemm;
    int64_t padded     = rounded_up(p.k, gemm.quantum);
    *row_bytes         = rounded_up(padded * gemm.element, 64) + 64;
    auto* to           = static_cast<char*>(work.shared.reserve(static_cast<size_t>(rounded_up(p.m, gemm.rows) * *row_bytes)));
    constexpr int kRow = 16;
    work.pool.run(parts(p.m, kRow), [&](int64_t task, int) {
        for (int64_t row = task * kRow; row < std::min(p.m, (task + 1) * kRow); row++) {
            gemm.convert(to + row * *row_bytes, a + row * p.a_row_bytes, p.a_type, p.k, padded);
        }
    });
    return to;
}

}  // namespace sdcpp4j::fastcpu
