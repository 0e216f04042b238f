// MUL_MAT: the rows of A are src1's (tokens), the columns of B are src0's rows (a weight's output features).

#include "ggml.h"
#include "product.h"

namespace sdcpp4j::fastcpu {

namespace {

// Below so many rows the work is reading the weights, and packing them would not pay.
constexpr int64_t kFewestRows = 4;

bool type_of(const ggml_tensor* tensor, Type* type) {
    switch (tensor->type) {
        case GGML_TYPE_F32:
            *type = Type::F32;
            return true;
        case GGML_TYPE_F16:
            *type = Type::F16;
            return true;
        case GGML_TYPE_BF16:
            *type = Type::BF16;
            return true;
        default:
            return false;
    }
}

bool one_matrix(const ggml_tensor* node) {
    const ggml_tensor* w = node->src[0];
    const ggml_tensor* x = node->src[1];
    return w->ne[2] == 1 && w->ne[3] == 1 && x->nb[2] == x->ne[1] * x->nb[1] && x->nb[3] == x->ne[2] * x->nb[2];
}

// Each feature's weights against each row, in f32 in both precisions: the numbers read are the same.
void multiply_few_rows(Work& work, const ggml_tensor* node, Type type, const float* bias, float* to) {
    const ggml_tensor* w = node->src[0];
    const ggml_tensor* x = node->src[1];
    int64_t features     = w->ne[1];
    int64_t at_once      = std::max<int64_t>(16, (1 << 16) / w->ne[0]);
    work.pool.run(parts(features, at_once), [&](int64_t task, int) {
        for (int64_t feature = task * at_once; feature < std::min(features, (task + 1) * at_once); feature++) {
            const char* weights = static_cast<const char*>(w->data) + feature * w->nb[1];
            for (int64_t row = 0; row < ggml_nrows(x); row++) {
                const char* values = static_cast<const char*>(x->data) + row * x->nb[1];
                float sum          = work.level->vectors->dot(weights, type, reinterpret_cast<const float*>(values), w->ne[0]);
                to[row * features + feature] = bias == nullptr ? sum : sum + bias[feature];
            }
        }
    });
}

}  // namespace

bool takes_mul_mat(const ggml_tensor* node) {
    const ggml_tensor* w = node->src[0];
    const ggml_tensor* x = node->src[1];
    Type type;
    return type_of(w, &type) && w->nb[0] == ggml_type_size(w->type) && x->type == GGML_TYPE_F32 &&
           x->nb[0] == sizeof(float) && x->nb[1] % sizeof(float) == 0 && node->type == GGML_TYPE_F32 &&
           ggml_is_contiguous(node) && (one_matrix(node) || x->ne[1] >= kFewestRows) && w->ne[0] >= 8 &&
           w->ne[1] >= 4;
}

void mul_mat(Work& work, const ggml_tensor* node, const float* bias, float* to) {
    const ggml_tensor* w = node->src[0];
    const ggml_tensor* x = node->src[1];
    bool one             = one_matrix(node);
    Type type            = Type::F32;
    type_of(w, &type);
    if (one && ggml_nrows(x) < kFewestRows) {
        return multiply_few_rows(work, node, type, bias, to);
    }

    Product p;
    p.gemm         = node->op_params[0] == GGML_PREC_F32 ? work.level->exact : work.gemm;
    p.m            = one ? ggml_nrows(x) : x->ne[1];
    p.n            = w->ne[1];
    p.k            = w->ne[0];
    p.a_type       = Type::F32;
    p.a_row_bytes  = static_cast<int64_t>(x->nb[1]);
    p.ldc          = p.n;
    p.column_start = bias;
    p.batches      = one ? 1 : x->ne[2] * x->ne[3];
    p.one_a        = one;
    // src0 is repeated along the dimensions 2 and 3
    int64_t repeat_2 = x->ne[2] / w->ne[2];
    int64_t repeat_3 = x->ne[3] / w->ne[3];
    int element      = static_cast<int>(ggml_type_size(w->type));
    multiply(
        work, p,
        [&](int64_t batch) {
            return static_cast<const char*>(x->data) + batch % x->ne[2] * x->nb[2] + batch / x->ne[2] * x->nb[3];
        },
        [&](int64_t batch) { return to + batch * p.m * p.n; }, [](char*, int64_t, int64_t, int) {},
        [&](char* panel, const char*, int64_t batch, int64_t column, int n, int64_t first_k, int64_t k) {
            const char* from = static_cast<const char*>(w->data) + column * w->nb[1] + first_k * element;
            if (!one) {
                from += batch % x->ne[2] / repeat_2 * w->nb[2] + batch / x->ne[2] / repeat_3 * w->nb[3];
            }
            p.gemm->pack_columns(panel, from, type, static_cast<int64_t>(w->nb[1]), n, k);
        });
}

}  // namespace sdcpp4j::fastcpu
