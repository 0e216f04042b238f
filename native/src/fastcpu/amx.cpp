// AMX-BF16: products of tiles. Packing as with AVX512-BF16, which every processor with AMX has.

#include "lanes.inc"
//
#include "bf16.inc"

namespace {

constexpr int kRows = 32;  // two tiles of A; a panel is two tiles of B

struct alignas(64) TileConfig {
    uint8_t palette   = 1;
    uint8_t start_row = 0;
    uint8_t reserved[14] = {};
    uint16_t column_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
    uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

// GCC takes the instructions on tiles for ones that read no memory. So this is a constant, and see reads_memory().
constexpr TileConfig kConfig;

void begin() { _tile_loadconfig(&kConfig); }

void end() { _tile_release(); }

inline void reads_memory() { __asm__ volatile("" ::: "memory"); }

// C's 2 x 2 tiles are 0 to 3, A's 4 and 5, B's 6 and 7. Where C has fewer rows or columns than the tiles, the tiles go through
// a place of their own; so do sums that start at another value than C's.
template <bool TwoRows, bool TwoColumns>
void multiply_tiles(const Block& block, float* c, int64_t ldc, bool from_zero) {
    int64_t stride = ldc * 4;
    reads_memory();
    if (from_zero) {
        _tile_zero(0);
        if constexpr (TwoColumns) {
            _tile_zero(1);
        }
        if constexpr (TwoRows) {
            _tile_zero(2);
            if constexpr (TwoColumns) {
                _tile_zero(3);
            }
        }
    } else {
        _tile_loadd(0, c, stride);
        if constexpr (TwoColumns) {
            _tile_loadd(1, c + 16, stride);
        }
        if constexpr (TwoRows) {
            _tile_loadd(2, c + 16 * ldc, stride);
            if constexpr (TwoColumns) {
                _tile_loadd(3, c + 16 * ldc + 16, stride);
            }
        }
    }
    const auto* a = static_cast<const uint16_t*>(block.a);
    const auto* b = static_cast<const uint32_t*>(block.b);
    for (int64_t p = 0; p < block.k; p += 32) {
        _tile_loadd(6, b + p / 2 * kPanel, kPanel * 4);
        _tile_loadd(4, a + p, block.lda * 2);
        _tile_dpbf16ps(0, 4, 6);
        if constexpr (TwoColumns) {
            _tile_loadd(7, b + p / 2 * kPanel + 16, kPanel * 4);
            _tile_dpbf16ps(1, 4, 7);
        }
        if constexpr (TwoRows) {
            _tile_loadd(5, a + 16 * block.lda + p, block.lda * 2);
            _tile_dpbf16ps(2, 5, 6);
            if constexpr (TwoColumns) {
                _tile_dpbf16ps(3, 5, 7);
            }
        }
    }
    _tile_stored(0, c, stride);
    if constexpr (TwoColumns) {
        _tile_stored(1, c + 16, stride);
    }
    if constexpr (TwoRows) {
        _tile_stored(2, c + 16 * ldc, stride);
        if constexpr (TwoColumns) {
            _tile_stored(3, c + 16 * ldc + 16, stride);
        }
    }
}

void multiply_into(const Block& block, float* c, int64_t ldc, bool from_zero) {
    bool two_rows    = block.m > 16;
    bool two_columns = block.n > 16;
    if (two_rows && two_columns) {
        multiply_tiles<true, true>(block, c, ldc, from_zero);
    } else if (two_rows) {
        multiply_tiles<true, false>(block, c, ldc, from_zero);
    } else if (two_columns) {
        multiply_tiles<false, true>(block, c, ldc, from_zero);
    } else {
        multiply_tiles<false, false>(block, c, ldc, from_zero);
    }
}

// Row i of C before the sum, where that is not zero.
void start(const Block& block, int i, float* to, Mask m0, Mask m1) {
    Vec v0 = zero();
    Vec v1 = zero();
    if (block.accumulate) {
        v0 = load(block.c + i * block.ldc, m0);
        v1 = load(block.c + i * block.ldc + 16, m1);
    } else if (block.column_start != nullptr) {
        v0 = load(block.column_start, m0);
        v1 = load(block.column_start + 16, m1);
    } else if (block.row_start != nullptr) {
        v0 = v1 = all(block.row_start[i]);
    }
    store(to, v0, m0);
    store(to + 16, v1, m1);
}

void multiply(const Block& block) {
    bool plain = !block.accumulate && block.row_start == nullptr && block.column_start == nullptr;
    Mask m0    = first(block.n);
    Mask m1    = first(block.n > 16 ? block.n - 16 : 0);
    if (block.m % 16 == 0 && block.n % 16 == 0) {
        for (int i = 0; i < block.m && !plain && !block.accumulate; i++) {
            start(block, i, block.c + i * block.ldc, m0, m1);
        }
        multiply_into(block, block.c, block.ldc, plain);
        return;
    }
    // tiles that are larger than C
    alignas(64) float tiles[kRows * kPanel] = {};
    for (int i = 0; i < block.m; i++) {
        start(block, i, tiles + i * kPanel, m0, m1);
    }
    multiply_into(block, tiles, kPanel, false);
    for (int i = 0; i < block.m; i++) {
        store(block.c + i * block.ldc, load(tiles + i * kPanel), m0);
        if (block.n > 16) {
            store(block.c + i * block.ldc + 16, load(tiles + i * kPanel + 16), m1);
        }
    }
}

constexpr Gemm kBf16 = {"amx", kRows, kPanel,  32,               2,             512,             1.f / 350,
                        begin, end,   convert, pack_columns<32>, pack_rows<32>, pack_pixels<32>, multiply};

}  // namespace

const Gemm* sdcpp4j::fastcpu::amx_bf16() { return &kBf16; }
