#pragma once

#include <algorithm>

#include "work.h"

namespace sdcpp4j::fastcpu {

inline int64_t parts(int64_t whole, int64_t part) { return (whole + part - 1) / part; }
inline int64_t rounded_up(int64_t value, int64_t multiple) { return parts(value, multiple) * multiple; }

// C = start + A * B for one or several pairs of matrices of the same sizes.
struct Product {
    const Gemm* gemm;
    int64_t m;  // rows of A and C
    int64_t n;  // columns of B and C
    int64_t k;
    Type a_type;
    int64_t a_row_bytes;
    int64_t ldc;
    const float* row_start    = nullptr;
    const float* column_start = nullptr;
    int64_t batches           = 1;
    bool one_a                = true;  // for all batches
    size_t panel_state        = 0;  // bytes that the packing of a panel keeps
};

// How C is split into tasks. It has no influence on the result: the sums over k are the same in each split.
struct Split {
    int64_t rows;
    int64_t columns;
};
Split split(const Product& product, int threads);

// The blocks of k; the same for all of C.
struct KBlocks {
    explicit KBlocks(const Product& p)
        : size(rounded_up(parts(p.k, parts(p.k, p.gemm->k_block)), p.gemm->quantum)), count(parts(p.k, size)) {}
    int64_t size;
    int64_t count;
};

// So many parts of the columns that each would convert A.
constexpr int64_t kOften = 3;

// All of A as the kernel reads it, in shared memory, with room for whole blocks of rows.
const char* convert_all(Work& work, const Product& product, const char* a, int64_t* row_bytes);

// a_of(batch) and c_of(batch) give the matrices; prepare(state, batch, column, n) is called for each panel ahead of
// pack(panel, state, batch, column, n, first_k, k).
template <typename A, typename C, typename Prepare, typename Pack>
void multiply(Work& work, const Product& p, const A& a_of, const C& c_of, const Prepare& prepare, const Pack& pack) {
    const Gemm& gemm   = *p.gemm;
    const Split sizes  = split(p, work.pool.threads());
    const KBlocks k    = KBlocks(p);
    // A as the kernel reads it, or still to be converted: at once when it is used often enough, else block by block
    int64_t row_parts    = parts(p.m, sizes.rows);
    int64_t column_parts = parts(p.n, sizes.columns);
    bool ready           = gemm.element == 4 && p.a_type == Type::F32;
    int64_t a_row_bytes  = p.a_row_bytes;
    const char* whole_a  = nullptr;
    if (!ready && p.one_a && p.batches * column_parts >= kOften) {
        whole_a = convert_all(work, p, static_cast<const char*>(a_of(0)), &a_row_bytes);
        ready   = true;
    }
    int a_element      = ready ? gemm.element : static_cast<int>(bytes_of(p.a_type));
    int64_t panels     = parts(sizes.columns, gemm.panel);
    size_t panel_bytes = static_cast<size_t>(rounded_up(k.size * gemm.panel * gemm.element, 64));
    int64_t lda        = k.size + 64 / gemm.element;  // off the powers of two, on which rows would meet in the cache
    size_t state_bytes = static_cast<size_t>(rounded_up(static_cast<int64_t>(p.panel_state), 64));
    size_t b_bytes     = static_cast<size_t>(panels) * panel_bytes;
    size_t a_bytes     = ready ? 0 : static_cast<size_t>(gemm.rows * lda * gemm.element);
    work.reserve_each(b_bytes + rounded_up(a_bytes, 64) + static_cast<size_t>(panels) * state_bytes);

    work.pool.run(p.batches * row_parts * column_parts, [&](int64_t task, int thread) {
        int64_t batch        = task / (row_parts * column_parts);
        int64_t first_column = task / row_parts % column_parts * sizes.columns;
        int64_t columns      = std::min(sizes.columns, p.n - first_column);
        int64_t first_row    = task % row_parts * sizes.rows;
        int64_t end_row      = std::min(first_row + sizes.rows, p.m);
        char* b              = work.of_thread(thread);
        char* a_block        = b + b_bytes;
        char* states         = a_block + rounded_up(a_bytes, 64);
        const char* a        = whole_a != nullptr ? whole_a : static_cast<const char*>(a_of(batch));
        float* c             = c_of(batch);

        gemm.begin();
        for (int64_t j = 0; j * gemm.panel < columns; j++) {
            prepare(states + j * state_bytes, batch, first_column + j * gemm.panel,
                    static_cast<int>(std::min<int64_t>(gemm.panel, columns - j * gemm.panel)));
        }
        for (int64_t first_k = 0; first_k < p.k; first_k += k.size) {
            int64_t some_k = std::min(k.size, p.k - first_k);
            for (int64_t j = 0; j * gemm.panel < columns; j++) {
                pack(b + j * panel_bytes, states + j * state_bytes, batch, first_column + j * gemm.panel,
                     static_cast<int>(std::min<int64_t>(gemm.panel, columns - j * gemm.panel)), first_k, some_k);
            }
            Block block;
            block.k            = rounded_up(some_k, gemm.quantum);
            block.ldc          = p.ldc;
            block.accumulate   = first_k > 0;
            block.row_start    = nullptr;
            block.column_start = nullptr;
            for (int64_t row = first_row; row < end_row; row += gemm.rows) {
                block.m           = static_cast<int>(std::min<int64_t>(gemm.rows, end_row - row));
                const char* a_row = a + row * a_row_bytes + first_k * a_element;
                if (ready) {
                    block.a   = a_row;
                    block.lda = a_row_bytes / gemm.element;
                } else {
                    for (int i = 0; i < block.m; i++) {
                        gemm.convert(a_block + i * lda * gemm.element, a_row + i * a_row_bytes, p.a_type, some_k, block.k);
                    }
                    block.a   = a_block;
                    block.lda = lda;
                }
                if (p.row_start != nullptr) {
                    block.row_start = p.row_start + row;
                }
                for (int64_t j = 0; j * gemm.panel < columns; j++) {
                    int64_t column = first_column + j * gemm.panel;
                    block.b        = b + j * panel_bytes;
                    block.n        = static_cast<int>(std::min<int64_t>(gemm.panel, columns - j * gemm.panel));
                    block.c        = c + row * p.ldc + column;
                    if (p.column_start != nullptr) {
                        block.column_start = p.column_start + column;
                    }
                    gemm.multiply(block);
                }
            }
        }
        gemm.end();
    });
}

}  // namespace sdcpp4j::fastcpu
