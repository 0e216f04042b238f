// The noise that stable-diffusion.cpp makes: golden values for TorchCudaNoise (its "cuda") and TorchCpuNoise (its "cpu").
// Compile with stable-diffusion.cpp's src folder as include path; without contraction, so that every x86 CPU gives the same.

#include <array>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <vector>

#include "core/rng_mt19937.hpp"
#include "core/rng_philox.hpp"

static void print_call(const std::vector<float>& values) {
    double sum = 0;
    for (float v : values) {
        sum += v;
    }
    size_t n = values.size();
    printf("{\"size\":%zu,\"sum\":%.17g,\"values\":[", n, sum);
    for (size_t i = 0; i < n; i++) {
        if (i < 12 || i + 6 >= n) {
            printf("%s%.9g", i == 0 ? "" : ",", values[i]);
        }
    }
    printf("]}");
}

static void print_case(const char* name, RNG& rng, uint64_t seed) {
    rng.manual_seed(seed);
    printf("{\"rng\":\"%s\",\"seed\":%lld,\"calls\":[", name, (long long)seed);
    const uint32_t sizes[] = {1, 16, 100, 16384, 7};
    const char* separator  = "";
    for (uint32_t n : sizes) {
        printf("%s", separator);
        print_call(rng.randn(n));
        separator = ",";
    }
    printf("]}");
}

int main() {
    const uint64_t seeds[] = {0, 42, 1234567890, 4294967301, 9223372036854775807ull};
    PhiloxRNG philox;
    MT19937RNG mt19937;
    printf("{\"cases\":[");
    const char* separator = "\n";
    for (uint64_t seed : seeds) {
        printf("%s", separator);
        print_case("cuda", philox, seed);
        printf(",\n");
        print_case("cpu", mt19937, seed);
        separator = ",\n";
    }
    printf("]}\n");
    return 0;
}
