// AVX-512 F, BW, DQ and VL.

#include "lanes.inc"
//
#include "f32.inc"
#include "vectors.inc"

namespace {

constexpr Gemm kF32 = {"avx512", kRows,   kPanel,       1,         4,           512,      1.f / 28,
                       nothing,  nothing, convert, pack_columns, pack_rows, pack_pixels, multiply};

}  // namespace

const Gemm* sdcpp4j::fastcpu::avx512_f32() { return &kF32; }
const Vectors* sdcpp4j::fastcpu::avx512_vectors() { return &kVectors; }
