// AVX512-BF16 on top of AVX-512.

#include "lanes.inc"
//
#include "bf16.inc"

namespace {

constexpr int kRows = 12;

void nothing() {}

template <int M>
void multiply_rows(const Block& block) {
    const auto* a = static_cast<const uint16_t*>(block.a);
    const auto* b = static_cast<const uint32_t*>(block.b);
    Vec sum[M][2];
    Mask m0 = first(block.n);
    Mask m1 = first(block.n > 16 ? block.n - 16 : 0);
#pragma GCC unroll 12
    for (int i = 0; i < M; i++) {
        if (block.accumulate) {
            sum[i][0] = load(block.c + i * block.ldc, m0);
            sum[i][1] = load(block.c + i * block.ldc + 16, m1);
        } else if (block.column_start != nullptr) {
            sum[i][0] = load(block.column_start, m0);
            sum[i][1] = load(block.column_start + 16, m1);
        } else {
            sum[i][0] = sum[i][1] = block.row_start != nullptr ? all(block.row_start[i]) : zero();
        }
    }
    int64_t lda = block.lda;
    for (int64_t p = 0; p < block.k; p += 2) {
        auto b0 = reinterpret_cast<__m512bh>(_mm512_loadu_si512(b + p / 2 * kPanel));
        auto b1 = reinterpret_cast<__m512bh>(_mm512_loadu_si512(b + p / 2 * kPanel + 16));
#pragma GCC unroll 12
        for (int i = 0; i < M; i++) {
            int pair;
            __builtin_memcpy(&pair, a + i * lda + p, 4);
            auto x    = reinterpret_cast<__m512bh>(_mm512_set1_epi32(pair));
            sum[i][0] = _mm512_dpbf16_ps(sum[i][0], x, b0);
            sum[i][1] = _mm512_dpbf16_ps(sum[i][1], x, b1);
        }
    }
#pragma GCC unroll 12
    for (int i = 0; i < M; i++) {
        store(block.c + i * block.ldc, sum[i][0], m0);
        if (block.n > 16) {
            store(block.c + i * block.ldc + 16, sum[i][1], m1);
        }
    }
}

void multiply(const Block& block) {
    using Rows = void (*)(const Block&);
    static constexpr Rows rows[] = {multiply_rows<1>, multiply_rows<2>, multiply_rows<3>,  multiply_rows<4>,
                                    multiply_rows<5>, multiply_rows<6>, multiply_rows<7>,  multiply_rows<8>,
                                    multiply_rows<9>, multiply_rows<10>, multiply_rows<11>, multiply_rows<12>};
    rows[block.m - 1](block);
}

constexpr Gemm kBf16 = {"avx512_bf16", kRows,   kPanel,          2,            2,              1024,    1.f / 40,
                        nothing,       nothing, convert,         pack_columns<2>, pack_rows<2>, pack_pixels<2>, multiply};

}  // namespace

const Gemm* sdcpp4j::fastcpu::avx512_bf16() { return &kBf16; }
