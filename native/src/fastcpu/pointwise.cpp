#include "pointwise.h"

#include <cmath>
#include <cstring>

#include "ggml.h"
#include "product.h"

namespace sdcpp4j::fastcpu {

namespace {

// So many values are one task: below, waking another thread costs more than it brings.
constexpr int64_t kTask = 1 << 15;

float* floats(const ggml_tensor* tensor) { return static_cast<float*>(tensor->data); }

float parameter(const ggml_tensor* node, int index) {
    float value;
    std::memcpy(&value, node->op_params + index, sizeof(value));
    return value;
}

// work(first, count) for parts of `all` values
template <typename Part>
void in_parts(Work& work, int64_t all, int64_t part, const Part& of_part) {
    work.pool.run(parts(all, part), [&](int64_t task, int) { of_part(task * part, std::min(part, all - task * part)); });
}

// work(first, count) for parts of `rows` rows of so many values
template <typename Part>
void in_rows(Work& work, int64_t rows, int64_t values, const Part& of_part) {
    in_parts(work, rows, std::max<int64_t>(1, kTask / std::max<int64_t>(1, values)), of_part);
}

bool plain(const ggml_tensor* tensor) { return tensor->type == GGML_TYPE_F32 && ggml_is_contiguous(tensor); }

// Rows of f32 at equal distances, as in a half of a larger tensor's rows.
bool rows_apart(const ggml_tensor* tensor) {
    return tensor->type == GGML_TYPE_F32 && tensor->nb[0] == sizeof(float) && tensor->nb[1] % sizeof(float) == 0 &&
           tensor->nb[2] == tensor->ne[1] * tensor->nb[1] && tensor->nb[3] == tensor->ne[2] * tensor->nb[2];
}

enum class Repeat { None, Row, Channel, Other };

Repeat repeat(const ggml_tensor* node) {
    const ggml_tensor* a = node->src[0];
    const ggml_tensor* b = node->src[1];
    if (ggml_are_same_shape(a, b)) {
        return Repeat::None;
    }
    if (b->ne[0] == a->ne[0] && ggml_nelements(b) == b->ne[0]) {
        return Repeat::Row;
    }
    if (b->ne[0] == 1 && b->ne[1] == 1 && b->ne[2] == a->ne[2] && (b->ne[3] == a->ne[3] || b->ne[3] == 1)) {
        return Repeat::Channel;
    }
    return Repeat::Other;
}

}  // namespace

bool takes_binary(const ggml_tensor* node) {
    return plain(node) && plain(node->src[1]) && ggml_are_same_shape(node, node->src[0]) &&
           (plain(node->src[0]) ? repeat(node) != Repeat::Other : rows_apart(node->src[0]) && repeat(node) == Repeat::None);
}

void binary(Work& work, const ggml_tensor* node, BinaryValues values) {
    const ggml_tensor* b = node->src[1];
    float* y             = floats(node);
    const float* from_a  = floats(node->src[0]);
    const float* from_b  = floats(b);
    int64_t row          = node->ne[0];
    switch (repeat(node)) {
        case Repeat::None:
            if (!plain(node->src[0])) {
                auto distance = static_cast<int64_t>(node->src[0]->nb[1] / sizeof(float));
                in_rows(work, ggml_nrows(node), row, [&](int64_t first, int64_t n) {
                    for (int64_t i = first; i < first + n; i++) {
                        values(y + i * row, from_a + i * distance, from_b + i * row, row);
                    }
                });
                return;
            }
            in_parts(work, ggml_nelements(node), kTask,
                     [&](int64_t first, int64_t n) { values(y + first, from_a + first, from_b + first, n); });
            return;
        case Repeat::Row:
            in_rows(work, ggml_nrows(node), row, [&](int64_t first, int64_t n) {
                for (int64_t i = first; i < first + n; i++) {
                    values(y + i * row, from_a + i * row, from_b, row);
                }
            });
            return;
        default: {
            bool multiply    = node->op == GGML_OP_MUL;
            int64_t picture  = node->ne[0] * node->ne[1];
            int64_t channels = node->ne[2];
            in_rows(work, channels * node->ne[3], picture, [&](int64_t first, int64_t n) {
                for (int64_t i = first; i < first + n; i++) {
                    float value = from_b[b->ne[3] == 1 ? i % channels : i];
                    work.level->vectors->affine(y + i * picture, from_a + i * picture, picture, multiply ? value : 1.f,
                                                multiply ? 0.f : value, false);
                }
            });
        }
    }
}

void unary(Work& work, const ggml_tensor* node, UnaryValues values) {
    float* y       = floats(node);
    const float* x = floats(node->src[0]);
    in_parts(work, ggml_nelements(node), kTask, [&](int64_t first, int64_t n) { values(y + first, x + first, n); });
}

void group_norm(Work& work, const ggml_tensor* node, const float* scale, const float* bias, bool silu) {
    const Vectors& vectors = *work.level->vectors;
    const float eps        = parameter(node, 1);
    int64_t groups         = node->op_params[0];
    int64_t channels       = node->ne[2];
    int64_t in_group       = parts(channels, groups);
    int64_t picture        = node->ne[0] * node->ne[1];
    work.pool.run(groups * node->ne[3], [&](int64_t task, int) {
        int64_t first_channel = task % groups * in_group;
        int64_t end_channel   = std::min(first_channel + in_group, channels);
        if (first_channel >= end_channel) {
            return;
        }
        int64_t start  = (task / groups * channels + first_channel) * picture;
        int64_t n      = (end_channel - first_channel) * picture;
        float* y       = floats(node) + start;
        const float* x = floats(node->src[0]) + start;
        double sum;
        vectors.sums(x, n, &sum);
        auto mean = static_cast<float>(sum / static_cast<double>(n));
        vectors.squares(x, n, mean, &sum);
        float factor = 1.f / std::sqrt(static_cast<float>(sum / static_cast<double>(n)) + eps);
        for (int64_t c = first_channel; c < end_channel; c++) {
            float a = scale == nullptr ? factor : factor * scale[c];
            vectors.affine(y, x, picture, a, (bias == nullptr ? 0.f : bias[c]) - mean * a, silu);
            y += picture;
            x += picture;
        }
    });
}

void norm(Work& work, const ggml_tensor* node, const float* scale, const float* bias) {
    const Vectors& vectors = *work.level->vectors;
    const float eps        = parameter(node, 0);
    int64_t n              = node->ne[0];
    in_rows(work, ggml_nrows(node), n, [&](int64_t first, int64_t count) {
        for (int64_t row = first; row < first + count; row++) {
            const float* x = floats(node->src[0]) + row * n;
            double sum;
            vectors.sums(x, n, &sum);
            auto mean = static_cast<float>(sum / static_cast<double>(n));
            vectors.squares(x, n, mean, &sum);
            float factor = 1.f / std::sqrt(static_cast<float>(sum / static_cast<double>(n)) + eps);
            vectors.normalized_row(floats(node) + row * n, x, n, mean, factor, scale, bias);
        }
    });
}

bool takes_copy(const ggml_tensor* node) {
    const ggml_tensor* from = node->src[0];
    if (from->type != GGML_TYPE_F32 || !ggml_is_contiguous(node) || !ggml_are_same_shape(node, from) ||
        from->nb[0] % sizeof(float) != 0 || from->nb[1] % sizeof(float) != 0) {
        return false;
    }
    bool rows    = from->nb[0] == sizeof(float);
    bool columns = from->nb[1] == sizeof(float) && node->type == GGML_TYPE_F32;
    return (rows && (node->type == GGML_TYPE_F32 || node->type == GGML_TYPE_F16)) || columns;
}

namespace {

// Columns of src0 become rows, in pieces of so many rows.
void copy_columns(Work& work, const ggml_tensor* node) {
    const ggml_tensor* from = node->src[0];
    int64_t columns         = from->ne[1];
    int64_t planes          = from->ne[2];
    if (from->nb[2] == from->ne[1] * from->nb[1]) {
        columns *= planes;
        planes = 1;
    }
    constexpr int64_t kSide = 64;
    int64_t strips          = parts(columns, kSide);
    work.pool.run(strips * planes * from->ne[3], [&](int64_t task, int) {
        int64_t strip = task % strips * kSide;
        int64_t i2    = task / strips % planes;
        int64_t i3    = task / strips / planes;
        auto* x       = reinterpret_cast<const float*>(static_cast<const char*>(from->data) + i2 * from->nb[2] + i3 * from->nb[3]);
        float* y      = floats(node) + ((i3 * planes + i2) * columns + strip) * from->ne[0];
        work.level->vectors->transpose(y, from->ne[0], x + strip, static_cast<int64_t>(from->nb[0] / sizeof(float)), from->ne[0],
                                       std::min(kSide, columns - strip));
    });
}

}  // namespace

void copy(Work& work, const ggml_tensor* node) {
    const ggml_tensor* from = node->src[0];
    if (from->nb[0] != sizeof(float)) {
        copy_columns(work, node);
        return;
    }
    // rows that lie side by side are one
    int64_t row  = from->ne[0];
    int64_t ne[] = {from->ne[1], from->ne[2], from->ne[3]};
    for (int i = 0; i < 3 && static_cast<int64_t>(from->nb[i + 1]) == row * static_cast<int64_t>(sizeof(float)); i++) {
        row *= ne[i];
        ne[i] = 1;
    }
    int64_t count = ne[0] * ne[1] * ne[2];
    if (count == 1) {  // all of it
        count = row / 64 / 64;
        count = count > 0 && row % count == 0 ? count : 1;
        row /= count;
        in_rows(work, count, row, [&](int64_t first, int64_t n) {
            if (node->type == GGML_TYPE_F16) {
                work.level->vectors->to_half(static_cast<uint16_t*>(node->data) + first * row, floats(from) + first * row, n * row);
            } else {
                std::memcpy(floats(node) + first * row, floats(from) + first * row, static_cast<size_t>(n * row) * sizeof(float));
            }
        });
        return;
    }
    in_rows(work, count, row, [&](int64_t first, int64_t n) {
        for (int64_t i = first; i < first + n; i++) {
            auto* x = reinterpret_cast<const float*>(static_cast<const char*>(from->data) + i % ne[0] * from->nb[1] +
                                                     i / ne[0] % ne[1] * from->nb[2] + i / ne[0] / ne[1] * from->nb[3]);
            if (node->type == GGML_TYPE_F16) {
                work.level->vectors->to_half(static_cast<uint16_t*>(node->data) + i * row, x, row);
            } else {
                std::memcpy(floats(node) + i * row, x, static_cast<size_t>(row) * sizeof(float));
            }
        }
    });
}

void concat(Work& work, const ggml_tensor* node) {
    int64_t a = 1;
    int64_t b = 1;
    for (int i = 0; i <= node->op_params[0]; i++) {
        a *= node->src[0]->ne[i];
        b *= node->src[1]->ne[i];
    }
    in_rows(work, ggml_nelements(node) / (a + b), a + b, [&](int64_t first, int64_t n) {
        for (int64_t i = first; i < first + n; i++) {
            std::memcpy(floats(node) + i * (a + b), floats(node->src[0]) + i * a, static_cast<size_t>(a) * sizeof(float));
            std::memcpy(floats(node) + i * (a + b) + a, floats(node->src[1]) + i * b, static_cast<size_t>(b) * sizeof(float));
        }
    });
}

bool takes_upscale(const ggml_tensor* node) {
    const ggml_tensor* from = node->src[0];
    return node->op_params[0] == GGML_SCALE_MODE_NEAREST && plain(node) && plain(from) && node->ne[0] % from->ne[0] == 0 &&
           node->ne[1] % from->ne[1] == 0 && node->ne[2] == from->ne[2] && node->ne[3] == from->ne[3];
}

void upscale(Work& work, const ggml_tensor* node) {
    const ggml_tensor* from = node->src[0];
    int64_t factor_x        = node->ne[0] / from->ne[0];
    int64_t factor_y        = node->ne[1] / from->ne[1];
    int64_t row             = node->ne[0];
    in_rows(work, ggml_nrows(from), row * factor_y, [&](int64_t first, int64_t n) {
        for (int64_t i = first; i < first + n; i++) {
            const float* x = floats(from) + i * from->ne[0];
            float* y       = floats(node) + i * row * factor_y;
            for (int64_t j = 0; j < from->ne[0]; j++) {
                for (int64_t k = 0; k < factor_x; k++) {
                    y[j * factor_x + k] = x[j];
                }
            }
            for (int64_t k = 1; k < factor_y; k++) {
                std::memcpy(y + k * row, y, static_cast<size_t>(row) * sizeof(float));
            }
        }
    });
}

}  // namespace sdcpp4j::fastcpu
