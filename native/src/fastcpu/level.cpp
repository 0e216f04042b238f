// Which level this processor and its system allow.

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

#include "kernels.h"

namespace sdcpp4j::fastcpu {

namespace {

uint64_t saved_state() {
    uint32_t low;
    uint32_t high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return static_cast<uint64_t>(high) << 32 | low;
}

// Linux gives the tiles' 8 KB of state only to a process that asks; it says no, for example, when a signal stack is too small.
bool ask_for_tiles() {
#if defined(__linux__)
    constexpr long kRequestPermission = 0x1023;
    constexpr long kTileData          = 18;
    return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
    return false;
#endif
}

int find_rank() {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("f16c")) {
        return 0;
    }
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512dq") ||
        !__builtin_cpu_supports("avx512vl")) {
        return 1;
    }
    uint32_t a = 0;
    uint32_t b = 0;
    uint32_t c = 0;
    uint32_t d = 0;
    if (!__get_cpuid_count(7, 1, &a, &b, &c, &d) || (a & 1u << 5) == 0) {  // AVX512_BF16
        return 2;
    }
    constexpr uint32_t kTiles     = 1u << 22 | 1u << 24;  // AMX-BF16, AMX-TILE
    constexpr uint64_t kTileState = 3ull << 17;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (d & kTiles) != kTiles || (saved_state() & kTileState) != kTileState ||
        !ask_for_tiles()) {
        return 3;
    }
    return 4;
}

}  // namespace

const Level* level(const char* limit) {
    static const int best = find_rank();
    static const Level levels[] = {
        {"avx2", avx2_f32(), nullptr, avx2_vectors()},
        {"avx512", avx512_f32(), nullptr, avx512_vectors()},
        {"avx512_bf16", avx512_f32(), avx512_bf16(), avx512_vectors()},
        {"amx", avx512_f32(), amx_bf16(), avx512_vectors()},
    };
    int rank = best;
    for (int i = 0; limit != nullptr && i < best; i++) {
        if (std::strcmp(levels[i].name, limit) == 0) {
            rank = i + 1;
        }
    }
    return rank == 0 ? nullptr : &levels[rank - 1];
}

}  // namespace sdcpp4j::fastcpu
