#pragma once

#include <cstddef>
#include <cstdint>

// What the backend needs of a processor level. Each level's functions are compiled in a file of their own with that level's
// instructions (see CMakeLists.txt), so those files use no inline function of the standard library: the linker could keep
// that copy of it for the whole process.

namespace sdcpp4j::fastcpu {

enum class Type { F32, F16, BF16 };

static inline size_t bytes_of(Type type) { return type == Type::F32 ? 4 : 2; }

constexpr int kMaxPanel = 32;

// Where the columns of one panel read a picture, for one tap of a convolution's kernel.
struct Tap {
    int32_t offset[kMaxPanel];  // elements from the channel's start
    uint32_t valid;             // columns that lie inside the picture; the others are zero
    uint32_t contiguous;        // bit g: the valid columns of vector g lie side by side, from base[g]
    int32_t base[kMaxPanel / 8];
};

// C = start + A * B, where A is a block of rows, k side by side, and B one panel of columns.
struct Block {
    const void* a;
    int64_t lda;  // elements
    const void* b;
    int64_t k;  // a multiple of the quantum
    float* c;
    int64_t ldc;
    int m;  // rows, at most the kernel's
    int n;  // columns, at most the panel's
    // Where the sum starts: at C itself, or at a value per row, per column, or zero.
    bool accumulate;
    const float* row_start;
    const float* column_start;
};

// A product of matrices in one precision. B lies in panels: groups of `quantum` k or fewer, in which columns lie side by side.
struct Gemm {
    const char* name;
    int rows;         // of C computed at once; buffers of A have room for a multiple of it
    int panel;        // columns of B in a panel
    int quantum;      // k is padded with zeros to a multiple of it
    int element;      // bytes
    int64_t k_block;  // so many k at once stay in the caches
    float mac_cost;   // cycles per multiplication, for the split into tasks: a rough number
    void (*begin)();  // on a thread, before and after its calls
    void (*end)();
    // count values side by side, zeros up to padded
    void (*convert)(void* to, const void* from, Type type, int64_t count, int64_t padded);
    // a panel from n columns, in each of which k values lie side by side
    void (*pack_columns)(void* panel, const void* from, Type type, int64_t column_bytes, int n, int64_t k);
    // a panel from k rows, in each of which n values lie side by side
    void (*pack_rows)(void* panel, const void* from, Type type, int64_t row_bytes, int n, int64_t k);
    // a panel of a convolution's k from first on: k counts taps, then channels
    void (*pack_pixels)(void* panel, const float* from, int64_t channel_stride, const Tap* taps, int tap_count, int64_t first,
                        int64_t k);
    void (*multiply)(const Block& block);
};

// Work on single values, memory-bound; f32.
struct Vectors {
    void (*sums)(const float* x, int64_t n, double* sum);
    void (*squares)(const float* x, int64_t n, float mean, double* sum);
    float (*dot)(const void* w, Type type, const float* x, int64_t n);
    // y = x * scale + shift, then silu if asked; y may be x
    void (*affine)(float* y, const float* x, int64_t n, float scale, float shift, bool silu);
    // y = (x - mean) * scale * w + b; w and b may be null
    void (*normalized_row)(float* y, const float* x, int64_t n, float mean, float scale, const float* w, const float* b);
    void (*add)(float* y, const float* a, const float* b, int64_t n);
    void (*multiply)(float* y, const float* a, const float* b, int64_t n);
    void (*silu)(float* y, const float* x, int64_t n);
    void (*gelu)(float* y, const float* x, int64_t n);
    void (*gelu_quick)(float* y, const float* x, int64_t n);
    // y[j * y_stride + i] = x[i * x_stride + j], for rows i and columns j; strides in elements
    void (*transpose)(float* y, int64_t y_stride, const float* x, int64_t x_stride, int64_t rows, int64_t columns);
    // One block of attention's scores: x = x * scale + mask; the row's running maximum and sum go on, x becomes exp(x - max),
    // and what was summed so far is to be multiplied by the returned factor. The mask is f16 or null.
    float (*softmax_step)(float* x, int64_t n, float scale, const uint16_t* mask, float* maximum, float* sum);
    void (*scale)(float* x, int64_t n, float factor);
    void (*to_half)(uint16_t* y, const float* x, int64_t n);
};

struct Level {
    const char* name;
    const Gemm* exact;  // f32
    const Gemm* fast;   // bf16 with sums in f32, or null where the level has no instructions for it
    const Vectors* vectors;
};

// The best level of this processor that is not above `limit` ("avx2", "avx512", "avx512_bf16", "amx"; null for no limit);
// null when the processor is below AVX2.
const Level* level(const char* limit);

// One per file; only to be called where the processor has the instructions.
const Gemm* avx2_f32();
const Gemm* avx512_f32();
const Gemm* avx512_bf16();
const Gemm* amx_bf16();
const Vectors* avx2_vectors();
const Vectors* avx512_vectors();

}  // namespace sdcpp4j::fastcpu
