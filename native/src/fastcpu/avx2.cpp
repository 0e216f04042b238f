// AVX2, FMA and F16C.

#include "lanes.inc"
//
#include "f32.inc"
#include "vectors.inc"

namespace {

constexpr Gemm kF32 = {"avx2",  kRows,   kPanel,       1,         4,           384,      1.f / 14,
                       nothing, nothing, convert, pack_columns, pack_rows, pack_pixels, multiply};

}  // namespace

const Gemm* sdcpp4j::fastcpu::avx2_f32() { return &kF32; }
const Vectors* sdcpp4j::fastcpu::avx2_vectors() { return &kVectors; }
