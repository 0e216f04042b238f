// The own CPU backend's operations, one by one and joined, against ggml's CPU backend: fastcpu-ops [LEVEL]. ggml's is given
// the weights in f32, so that it does not round what it multiplies to f16, and attention as single steps for the same reason.
// One line per case and device with the largest difference, as a part of the result's root mean square; NOT OK where it is
// above the precision's limit, or not the same bytes with one thread and three. The last lines are the largest of each device.

#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "backend.h"
#include "ggml-alloc.h"
#include "ggml-backend.h"
#include "ggml.h"
#include "kernels.h"

namespace {

// Sums of some thousand products in another order; numbers of 8 bits.
constexpr double kLimit[] = {2e-5, 3e-2};

struct Dice {
    uint64_t state = 88172645463325252ull;
    float next() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return static_cast<float>(state >> 40) / 8388608.f - 1.f;
    }
};

// What is to be filled with numbers; and whether the graph is the reference's.
struct Inputs : std::vector<ggml_tensor*> {
    bool reference = false;
};

// A weight as f32 for the reference.
ggml_tensor* weight(ggml_context* c, const Inputs& inputs, ggml_tensor* w) {
    return inputs.reference && w->type != GGML_TYPE_F32 ? ggml_cast(c, w, GGML_TYPE_F32) : w;
}

struct Case {
    std::string name;
    std::function<ggml_tensor*(ggml_context*, Inputs&)> build;
    double rounding = 0;  // of ggml's result, above the limit
};

std::vector<float> compute(const Case& test, ggml_backend_dev_t device, const char* level, bool* deterministic = nullptr) {
    ggml_init_params params = {ggml_tensor_overhead() * 64 + ggml_graph_overhead(), nullptr, true};
    ggml_context* context   = ggml_init(params);
    Inputs inputs;
    inputs.reference    = deterministic == nullptr;
    ggml_tensor* result = test.build(context, inputs);
    ggml_set_output(result);
    ggml_cgraph* graph = ggml_new_graph(context);
    ggml_build_forward_expand(graph, result);

    ggml_backend_t backend = ggml_backend_dev_init(device, level);
    auto set_threads       = reinterpret_cast<ggml_backend_set_n_threads_t>(
        ggml_backend_reg_get_proc_address(ggml_backend_dev_backend_reg(device), "ggml_backend_set_n_threads"));
    for (ggml_tensor* input : inputs) {
        ggml_set_input(input);
    }
    ggml_gallocr_t allocator = ggml_gallocr_new(ggml_backend_get_default_buffer_type(backend));
    ggml_gallocr_alloc_graph(allocator, graph);
    std::vector<float> values(static_cast<size_t>(ggml_nelements(result)));
    std::vector<float> again(values.size());
    for (int round = 0; round < 2; round++) {
        Dice dice;
        for (ggml_tensor* input : inputs) {
            std::vector<char> data(ggml_nbytes(input));
            for (int64_t i = 0; i < ggml_nelements(input); i++) {
                float value = dice.next();
                if (input->type == GGML_TYPE_F32) {
                    std::memcpy(data.data() + i * 4, &value, 4);
                } else if (input->type == GGML_TYPE_F16) {
                    ggml_fp16_t half = ggml_fp32_to_fp16(value);
                    std::memcpy(data.data() + i * 2, &half, 2);
                } else {
                    ggml_bf16_t brain = ggml_fp32_to_bf16(value);
                    std::memcpy(data.data() + i * 2, &brain, 2);
                }
            }
            ggml_backend_tensor_set(input, data.data(), 0, data.size());
        }
        set_threads(backend, round == 0 ? 3 : 1);
        ggml_backend_graph_compute(backend, graph);
        std::vector<float>& to = round == 0 ? values : again;
        if (result->type == GGML_TYPE_F32) {
            ggml_backend_tensor_get(result, to.data(), 0, to.size() * 4);
        } else {
            std::vector<ggml_fp16_t> halves(to.size());
            ggml_backend_tensor_get(result, halves.data(), 0, halves.size() * 2);
            ggml_fp16_to_fp32_row(halves.data(), to.data(), static_cast<int64_t>(to.size()));
        }
    }
    if (deterministic != nullptr) {
        *deterministic = std::memcmp(values.data(), again.data(), values.size() * 4) == 0;
    }
    ggml_gallocr_free(allocator);
    ggml_backend_free(backend);
    ggml_free(context);
    return values;
}

double difference(const std::vector<float>& a, const std::vector<float>& b) {
    double square  = 0;
    double largest = 0;
    for (size_t i = 0; i < a.size(); i++) {
        square += static_cast<double>(a[i]) * a[i];
        double d = std::fabs(static_cast<double>(a[i]) - b[i]);
        largest  = !(d <= largest) ? d : largest;  // NaN counts as the largest
    }
    return largest / std::sqrt(square / static_cast<double>(a.size()) + 1e-30);
}

ggml_tensor* input(ggml_context* c, Inputs& inputs, ggml_type type, int64_t a, int64_t b = 1, int64_t d = 1,
                   int64_t e = 1) {
    inputs.push_back(ggml_new_tensor_4d(c, type, a, b, d, e));
    return inputs.back();
}

struct Conv {
    int w, h, in, out, kw, kh, batch, stride_x, stride_y, pad_x, pad_y, dilation_x, dilation_y;
    ggml_type type;
    bool bias, view;
};

Case conv(const Conv& v) {
    char name[200];
    std::snprintf(name, sizeof(name), "conv %dx%d %d->%d kernel %dx%d batch %d stride %d,%d pad %d,%d dilation %d,%d %s%s%s", v.w, v.h,
                  v.in, v.out, v.kw, v.kh, v.batch, v.stride_x, v.stride_y, v.pad_x, v.pad_y, v.dilation_x, v.dilation_y,
                  ggml_type_name(v.type), v.bias ? " bias" : "", v.view ? " view" : "");
    return {name, [v](ggml_context* c, Inputs& in) {
                ggml_tensor* kernel = input(c, in, v.type, v.kw, v.kh, v.in, v.out);
                ggml_tensor* x;
                if (v.view) {  // the middle of a wider picture with more channels, so that nothing is aligned
                    x = input(c, in, GGML_TYPE_F32, v.w + 3, v.h + 1, v.in + 2, v.batch);
                    x = ggml_view_4d(c, x, v.w, v.h, v.in, v.batch, x->nb[1], x->nb[2], x->nb[3], x->nb[2] + x->nb[1] + 4);
                } else {
                    x = input(c, in, GGML_TYPE_F32, v.w, v.h, v.in, v.batch);
                }
                x = ggml_conv_2d_direct(c, weight(c, in, kernel), x, v.stride_x, v.stride_y, v.pad_x, v.pad_y, v.dilation_x, v.dilation_y);
                if (v.bias) {
                    ggml_tensor* bias = input(c, in, GGML_TYPE_F32, v.out);
                    x                 = ggml_add_inplace(c, x, ggml_reshape_4d(c, bias, 1, 1, v.out, 1));
                }
                return x;
            }};
}

Case linear(int k, int m, int n, int ne2, int ne3, int w2, ggml_type type, bool bias, bool exact) {
    char name[200];
    std::snprintf(name, sizeof(name), "linear %d->%d rows %dx%dx%d of %d %s%s%s", k, m, n, ne2, ne3, w2, ggml_type_name(type),
                  bias ? " bias" : "", exact ? " prec f32" : "");
    return {name, [=](ggml_context* c, Inputs& in) {
                ggml_tensor* w = weight(c, in, input(c, in, type, k, m, w2));
                ggml_tensor* x = input(c, in, GGML_TYPE_F32, k, n, ne2, ne3);
                x              = ggml_mul_mat(c, w, x);
                if (exact) {
                    ggml_mul_mat_set_prec(x, GGML_PREC_F32);
                }
                return bias ? ggml_add_inplace(c, x, input(c, in, GGML_TYPE_F32, m)) : x;
            }};
}

Case attention(int depth, int value_depth, int queries, int keys, int heads, int key_heads, int batch, bool mask) {
    char name[200];
    std::snprintf(name, sizeof(name), "attention %d/%d queries %d keys %d heads %d/%d batch %d%s", depth, value_depth, queries, keys,
                  heads, key_heads, batch, mask ? " mask" : "");
    return {name, [=](ggml_context* c, Inputs& in) {
                ggml_tensor* q = input(c, in, GGML_TYPE_F32, depth, queries, heads, batch);
                ggml_tensor* k = input(c, in, GGML_TYPE_F16, depth, keys, key_heads, batch);
                ggml_tensor* v = input(c, in, GGML_TYPE_F16, value_depth, keys, key_heads, batch);
                ggml_tensor* m = mask ? input(c, in, GGML_TYPE_F16, keys, queries) : nullptr;
                float scale    = 1.f / std::sqrt(static_cast<float>(depth));
                if (in.reference) {
                    ggml_tensor* p = ggml_soft_max_ext(c, ggml_mul_mat(c, weight(c, in, k), q), m, scale, 0);
                    ggml_tensor* t = ggml_cont(c, ggml_transpose(c, weight(c, in, v)));
                    return ggml_cont(c, ggml_permute(c, ggml_mul_mat(c, t, p), 0, 2, 1, 3));
                }
                ggml_tensor* x = ggml_flash_attn_ext(c, q, k, v, m, scale, 0, 0);
                ggml_flash_attn_ext_set_prec(x, GGML_PREC_F32);
                return x;
            }};
}

using Build = std::function<ggml_tensor*(ggml_context*, Inputs&)>;

std::vector<Case> cases() {
    constexpr ggml_type F32 = GGML_TYPE_F32;
    constexpr ggml_type F16 = GGML_TYPE_F16;
    std::vector<Case> all;
    for (const Conv& v : std::initializer_list<Conv>{
             {16, 16, 32, 32, 3, 3, 1, 1, 1, 1, 1, 1, 1, F16, true, false},
             {64, 64, 16, 20, 3, 3, 1, 1, 1, 1, 1, 1, 1, F16, true, false},
             {17, 13, 7, 5, 3, 3, 2, 1, 1, 1, 1, 1, 1, F16, true, false},
             {33, 9, 5, 37, 3, 3, 2, 1, 1, 1, 1, 1, 1, F16, false, false},
             {8, 8, 96, 64, 3, 3, 2, 1, 1, 1, 1, 1, 1, F16, true, false},
             {4, 4, 64, 40, 3, 3, 1, 1, 1, 1, 1, 1, 1, F16, true, false},
             {1, 1, 64, 40, 3, 3, 1, 1, 1, 1, 1, 1, 1, F16, true, false},
             {1, 7, 3, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, F16, true, false},
             {32, 32, 24, 48, 1, 1, 2, 1, 1, 0, 0, 1, 1, F16, true, false},
             {31, 29, 70, 33, 1, 1, 1, 1, 1, 0, 0, 1, 1, F32, true, false},
             {32, 32, 16, 16, 3, 3, 1, 2, 2, 1, 1, 1, 1, F16, true, false},
             {33, 31, 16, 24, 3, 3, 1, 2, 2, 0, 0, 1, 1, F16, true, false},
             {40, 24, 4, 12, 5, 3, 1, 2, 1, 2, 1, 1, 1, F16, false, false},
             {24, 40, 9, 4, 3, 3, 1, 1, 2, 2, 3, 2, 3, F16, true, false},
             {20, 20, 3, 8, 7, 7, 1, 1, 1, 3, 3, 1, 1, F32, true, false},
             {48, 16, 130, 50, 3, 3, 1, 1, 1, 1, 1, 1, 1, F16, true, false},
             {21, 18, 6, 10, 3, 3, 2, 1, 1, 1, 1, 1, 1, F16, true, true},
             {40, 40, 33, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, F16, true, true},
             {64, 32, 320, 32, 3, 3, 1, 1, 1, 1, 1, 1, 1, F16, true, false},
             {16, 8, 512, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, F16, true, false},
         }) {
        all.push_back(conv(v));
    }
    all.push_back(linear(320, 640, 77, 2, 1, 1, F16, true, false));
    all.push_back(linear(64, 64, 16, 1, 1, 1, F32, true, false));
    all.push_back(linear(320, 1280, 1, 1, 1, 1, F16, true, false));
    all.push_back(linear(1280, 320, 2, 1, 1, 1, F32, false, true));
    all.push_back(linear(77, 5003, 3, 1, 1, 1, GGML_TYPE_BF16, true, false));
    all.push_back(linear(37, 19, 1, 3, 1, 1, F16, true, false));
    all.push_back(linear(37, 19, 23, 1, 1, 1, F32, true, false));
    all.push_back(linear(41, 300, 5, 3, 2, 1, F16, true, false));
    all.push_back(linear(768, 96, 1025, 1, 1, 1, F16, false, false));
    all.push_back(linear(1280, 33, 64, 1, 1, 1, GGML_TYPE_BF16, true, false));
    all.push_back(linear(1280, 33, 64, 1, 1, 1, F16, true, true));
    all.push_back(linear(40, 100, 90, 4, 2, 2, F32, false, false));
    all.push_back(linear(40, 100, 90, 4, 1, 4, F16, false, true));
    all.push_back(linear(2048, 8, 4, 1, 1, 1, F16, false, false));
    all.push_back(attention(40, 40, 256, 256, 8, 8, 1, false));
    all.push_back(attention(64, 64, 77, 77, 4, 4, 2, true));
    all.push_back(attention(64, 64, 65, 1200, 2, 2, 1, false));
    all.push_back(attention(40, 40, 100, 77, 8, 4, 1, false));
    all.push_back(attention(8, 8, 33, 513, 2, 2, 1, true));
    all.push_back(attention(512, 512, 96, 700, 1, 1, 1, false));
    auto add = [&](const char* name, Build build) { all.push_back({name, std::move(build)}); };
    for (bool silu : {false, true}) {
        for (int channels : {32, 64, 96}) {
            add(silu ? "group norm, affine, silu" : "group norm, affine", [=](ggml_context* c, Inputs& in) {
                ggml_tensor* x = input(c, in, F32, 17, 11, channels, 2);
                ggml_tensor* w = ggml_reshape_4d(c, input(c, in, F32, channels), 1, 1, channels, 1);
                ggml_tensor* b = ggml_reshape_4d(c, input(c, in, F32, channels), 1, 1, channels, 1);
                x              = ggml_add_inplace(c, ggml_mul_inplace(c, ggml_group_norm(c, x, 32, 1e-6f), w), b);
                return silu ? ggml_silu_inplace(c, x) : x;
            });
        }
    }
    add("group norm, uneven groups", [](ggml_context* c, Inputs& in) {
        return ggml_group_norm(c, input(c, in, F32, 5, 3, 10, 1), 4, 1e-5f);
    });
    add("the bias is used again behind", [](ggml_context* c, Inputs& in) {
        ggml_tensor* b = input(c, in, F32, 48);
        ggml_tensor* x = ggml_mul_mat(c, weight(c, in, input(c, in, F16, 64, 48)), input(c, in, F32, 64, 40));
        return ggml_add(c, ggml_add(c, x, b), x);
    });
    add("a norm whose input is added behind", [](ggml_context* c, Inputs& in) {
        ggml_tensor* x = input(c, in, F32, 16, 16, 32, 1);
        ggml_tensor* w = ggml_reshape_4d(c, input(c, in, F32, 32), 1, 1, 32, 1);
        ggml_tensor* y = ggml_silu(c, ggml_mul(c, ggml_group_norm(c, x, 8, 1e-5f), w));
        return ggml_add(c, x, ggml_conv_2d_direct(c, weight(c, in, input(c, in, F16, 3, 3, 32, 32)), y, 1, 1, 1, 1, 1, 1));
    });
    add("norm, affine", [](ggml_context* c, Inputs& in) {
        ggml_tensor* x = ggml_norm(c, input(c, in, F32, 77, 131), 1e-5f);
        return ggml_add_inplace(c, ggml_mul_inplace(c, x, input(c, in, F32, 77)), input(c, in, F32, 77));
    });
    add("norm alone", [](ggml_context* c, Inputs& in) { return ggml_norm(c, input(c, in, F32, 320, 65, 2), 1e-5f); });
    add("add of a value per channel", [](ggml_context* c, Inputs& in) {
        return ggml_add(c, input(c, in, F32, 19, 7, 40, 2), input(c, in, F32, 1, 1, 40, 2));
    });
    add("multiply by a value per channel", [](ggml_context* c, Inputs& in) {
        return ggml_mul(c, input(c, in, F32, 19, 7, 40, 2), input(c, in, F32, 1, 1, 40, 1));
    });
    add("add of rows", [](ggml_context* c, Inputs& in) {
        return ggml_add(c, input(c, in, F32, 19, 7, 40, 2), input(c, in, F32, 19));
    });
    add("multiply", [](ggml_context* c, Inputs& in) {
        return ggml_mul(c, input(c, in, F32, 77, 1031), input(c, in, F32, 77, 1031));
    });
    add("multiply a half of each row, as GEGLU does", [](ggml_context* c, Inputs& in) {
        ggml_tensor* x = input(c, in, F32, 150, 37, 3);
        return ggml_mul(c, ggml_view_3d(c, x, 75, 37, 3, x->nb[1], x->nb[2], 0), input(c, in, F32, 75, 37, 3));
    });
    add("silu", [](ggml_context* c, Inputs& in) { return ggml_silu(c, ggml_scale(c, input(c, in, F32, 100003), 40.f)); });
    add("gelu", [](ggml_context* c, Inputs& in) { return ggml_gelu(c, ggml_scale(c, input(c, in, F32, 100003), 12.f)); });
    all.back().rounding = 1e-3;  // ggml looks it up in a table of f16
    add("gelu quick", [](ggml_context* c, Inputs& in) { return ggml_gelu_quick(c, ggml_scale(c, input(c, in, F32, 100003), 12.f)); });
    all.back().rounding = 1e-3;  // the same
    for (int order = 0; order < 5; order++) {
        add("copy of a permuted tensor", [=](ggml_context* c, Inputs& in) {
            constexpr int kOrders[][4] = {{0, 2, 1, 3}, {1, 0, 2, 3}, {1, 2, 0, 3}, {2, 0, 1, 3}, {0, 3, 1, 2}};
            const int* to              = kOrders[order];
            return ggml_cont(c, ggml_permute(c, input(c, in, F32, 37, 70, 19, 2), to[0], to[1], to[2], to[3]));
        });
    }
    add("copy to f16", [](ggml_context* c, Inputs& in) { return ggml_cast(c, input(c, in, F32, 37, 70, 19), F16); });
    add("copy to f16 of a view", [](ggml_context* c, Inputs& in) {
        ggml_tensor* x = input(c, in, F32, 37, 70, 19);
        return ggml_cast(c, ggml_view_3d(c, x, 21, 70, 19, x->nb[1], x->nb[2], 8), F16);
    });
    add("copy of half of each row", [](ggml_context* c, Inputs& in) {
        ggml_tensor* x = input(c, in, F32, 256, 100);
        return ggml_cont(c, ggml_view_2d(c, x, 128, 100, x->nb[1], 512));
    });
    for (int dimension = 0; dimension < 4; dimension++) {
        add("concat", [=](ggml_context* c, Inputs& in) {
            int64_t a[] = {9, 8, 7, 6};
            int64_t b[] = {9, 8, 7, 6};
            b[dimension] = 5;
            return ggml_concat(c, input(c, in, F32, a[0], a[1], a[2], a[3]), input(c, in, F32, b[0], b[1], b[2], b[3]), dimension);
        });
    }
    add("upscale", [](ggml_context* c, Inputs& in) {
        return ggml_upscale(c, input(c, in, F32, 13, 17, 20, 2), 2, GGML_SCALE_MODE_NEAREST);
    });
    return all;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace sdcpp4j::fastcpu;
    ggml_backend_load_all();
    register_devices();
    const char* wanted      = argc > 1 ? argv[1] : nullptr;
    ggml_backend_dev_t cpu  = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    const char* devices[]   = {kExactDevice, kFastDevice};
    double largest[2]       = {0, 0};
    int failed              = 0;
    if (ggml_backend_dev_by_name(kExactDevice) == nullptr) {
        std::printf("no device: the processor is below AVX2\n");
        return 0;
    }
    for (const Case& test : cases()) {
        std::vector<float> expected = compute(test, cpu, nullptr);
        for (int i = 0; i < 2; i++) {
            bool same                 = false;
            std::vector<float> actual = compute(test, ggml_backend_dev_by_name(devices[i]), wanted, &same);
            double found              = difference(expected, actual);
            bool ok                   = found <= kLimit[i] + test.rounding && same;
            if (test.rounding == 0) {
                largest[i] = std::fmax(largest[i], found);
            }
            failed += ok ? 0 : 1;
            std::printf("%s %s, %s: %.2e%s\n", ok ? "ok" : "NOT OK", devices[i], test.name.c_str(), found,
                        same ? "" : ", not the same with one thread");
        }
    }
    for (int i = 0; i < 2; i++) {
        std::printf("%s at level %s: at most %.2e of the root mean square (limit %.0e)\n", devices[i], level(wanted)->name,
                    largest[i], kLimit[i]);
    }
    return failed == 0 ? 0 : 1;
}
