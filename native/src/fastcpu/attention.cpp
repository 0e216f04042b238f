// FLASH_ATTN_EXT: softmax(q k^T scale + mask) v, a block of queries at a time against one block of keys after another, with a
// running maximum and sum for each query (Dao et al., FlashAttention-2, 2023). Sums are f32 in both precisions.

#include <cmath>
#include <cstring>

#include "ggml.h"
#include "product.h"

namespace sdcpp4j::fastcpu {

namespace {

constexpr int64_t kKeys = 512;  // in a block, a multiple of each kernel's panel and quantum

float parameter(const ggml_tensor* node, int index) {
    float value;
    std::memcpy(&value, node->op_params + index, sizeof(value));
    return value;
}

bool values(const ggml_tensor* tensor) {
    return (tensor->type == GGML_TYPE_F32 || tensor->type == GGML_TYPE_F16) && tensor->nb[0] == ggml_type_size(tensor->type);
}

Type type_of(const ggml_tensor* tensor) { return tensor->type == GGML_TYPE_F32 ? Type::F32 : Type::F16; }

const char* matrix(const ggml_tensor* tensor, int64_t head, int64_t batch) {
    return static_cast<const char*>(tensor->data) + head * tensor->nb[2] + batch * tensor->nb[3];
}

// Keys and values of all heads, packed.
struct Packed {
    const Gemm& gemm;
    int64_t keys;
    int64_t blocks;
    int64_t depth;         // of q and k, padded
    int64_t value_panels;  // in a row of v
    int64_t key_bytes;     // of one panel
    int64_t value_bytes;   // of one panel of a whole block
    int64_t head_bytes;
    char* data = nullptr;

    Packed(const Gemm& gemm, const ggml_tensor* k, const ggml_tensor* v)
        : gemm(gemm), keys(k->ne[1]), blocks(parts(keys, kKeys)), depth(rounded_up(k->ne[0], gemm.quantum)),
          value_panels(parts(v->ne[0], gemm.panel)), key_bytes(depth * gemm.panel * gemm.element),
          value_bytes(kKeys * gemm.panel * gemm.element),
          head_bytes(blocks * (kKeys / gemm.panel * key_bytes + value_panels * value_bytes)) {}

    int64_t in_block(int64_t block) const { return std::min(kKeys, keys - block * kKeys); }
    char* keys_of(int64_t head, int64_t block) const {
        return data + head * head_bytes + block * (kKeys / gemm.panel * key_bytes + value_panels * value_bytes);
    }
    char* values_of(int64_t head, int64_t block) const { return keys_of(head, block) + kKeys / gemm.panel * key_bytes; }

    void pack(const ggml_tensor* k, const ggml_tensor* v, int64_t head, int64_t block) const {
        int64_t first     = block * kKeys;
        int64_t count     = in_block(block);
        const char* k_row = matrix(k, head % k->ne[2], head / k->ne[2]) + first * k->nb[1];
        for (int64_t j = 0; j * gemm.panel < count; j++) {
            gemm.pack_columns(keys_of(head, block) + j * key_bytes, k_row + j * gemm.panel * k->nb[1], type_of(k),
                              static_cast<int64_t>(k->nb[1]), static_cast<int>(std::min<int64_t>(gemm.panel, count - j * gemm.panel)),
                              k->ne[0]);
        }
        const char* v_row = matrix(v, head % v->ne[2], head / v->ne[2]) + first * v->nb[1];
        for (int64_t j = 0; j < value_panels; j++) {
            gemm.pack_rows(values_of(head, block) + j * value_bytes, v_row + j * gemm.panel * v->nb[0], type_of(v),
                           static_cast<int64_t>(v->nb[1]),
                           static_cast<int>(std::min<int64_t>(gemm.panel, v->ne[0] - j * gemm.panel)), count);
        }
    }
};

// One thread's memory for a block of queries.
struct Rows {
    int64_t count;  // of queries, a multiple of the kernel's rows
    int64_t q_stride, p_stride, o_stride;
    int64_t q_bytes, scores_bytes, p_bytes, o_bytes;

    Rows(const Gemm& gemm, int64_t depth, int64_t value_depth)
        : count(std::max<int64_t>(64 / gemm.rows, 1) * gemm.rows), q_stride(depth + 64 / gemm.element),
          p_stride(kKeys + 64 / gemm.element), o_stride(value_depth), q_bytes(rounded_up(count * q_stride * gemm.element, 64)),
          scores_bytes(count * p_stride * 4), p_bytes(gemm.element == 4 ? 0 : rounded_up(count * p_stride * gemm.element, 64)),
          o_bytes(rounded_up(count * o_stride * 4, 64)) {}
    size_t bytes() const { return static_cast<size_t>(q_bytes + scores_bytes + p_bytes + o_bytes + 2 * count * 4); }
};

// C = A * B over all rows and panels
void product(const Gemm& gemm, const char* a, int64_t lda, int64_t rows, const char* b, int64_t panel_bytes, int64_t k, float* c,
             int64_t ldc, int64_t columns, bool accumulate) {
    Block block      = {};
    block.lda        = lda;
    block.k          = rounded_up(k, gemm.quantum);
    block.ldc        = ldc;
    block.accumulate = accumulate;
    for (int64_t row = 0; row < rows; row += gemm.rows) {
        block.a = a + row * lda * gemm.element;
        block.m = static_cast<int>(std::min<int64_t>(gemm.rows, rows - row));
        for (int64_t column = 0; column < columns; column += gemm.panel) {
            block.b = b + column / gemm.panel * panel_bytes;
            block.n = static_cast<int>(std::min<int64_t>(gemm.panel, columns - column));
            block.c = c + row * ldc + column;
            gemm.multiply(block);
        }
    }
}

}  // namespace

bool takes_attention(const ggml_tensor* node) {
    const ggml_tensor* q    = node->src[0];
    const ggml_tensor* k    = node->src[1];
    const ggml_tensor* v    = node->src[2];
    const ggml_tensor* mask = node->src[3];
    return node->src[4] == nullptr && parameter(node, 1) == 0.f && parameter(node, 2) == 0.f && q->type == GGML_TYPE_F32 &&
           values(q) && values(k) && values(v) && k->ne[2] == v->ne[2] && node->type == GGML_TYPE_F32 &&
           ggml_is_contiguous(node) &&
           (mask == nullptr || (mask->type == GGML_TYPE_F16 && mask->nb[0] == 2 && mask->ne[1] >= q->ne[1]));
}

void attention(Work& work, const ggml_tensor* node) {
    const ggml_tensor* q    = node->src[0];
    const ggml_tensor* k    = node->src[1];
    const ggml_tensor* v    = node->src[2];
    const ggml_tensor* mask = node->src[3];
    const Gemm& gemm        = *work.gemm;
    const Vectors& vectors  = *work.level->vectors;
    const float scale       = parameter(node, 0);

    Packed packed(gemm, k, v);
    const int64_t key_heads = k->ne[2] * k->ne[3];
    packed.data             = static_cast<char*>(work.shared.reserve(static_cast<size_t>(key_heads * packed.head_bytes)));
    work.pool.run(key_heads * packed.blocks,
                  [&](int64_t task, int) { packed.pack(k, v, task / packed.blocks, task % packed.blocks); });

    const Rows rows(gemm, packed.depth, v->ne[0]);
    work.reserve_each(rows.bytes());
    const int64_t heads  = q->ne[2];
    const int64_t blocks = parts(q->ne[1], rows.count);
    work.pool.run(heads * q->ne[3] * blocks, [&](int64_t task, int thread) {
        int64_t head     = task / blocks % heads;
        int64_t batch    = task / blocks / heads;
        int64_t first    = task % blocks * rows.count;
        int64_t count    = std::min(rows.count, q->ne[1] - first);
        int64_t key_head = batch / (q->ne[3] / k->ne[3]) * k->ne[2] + head / (heads / k->ne[2]);
        char* q_rows     = work.of_thread(thread);
        auto* scores     = reinterpret_cast<float*>(q_rows + rows.q_bytes);
        char* p_rows     = gemm.element == 4 ? reinterpret_cast<char*>(scores) : q_rows + rows.q_bytes + rows.scores_bytes;
        auto* sums       = reinterpret_cast<float*>(q_rows + rows.q_bytes + rows.scores_bytes + rows.p_bytes);
        float* maximum   = sums + rows.o_bytes / 4;
        float* total     = maximum + rows.count;

        gemm.begin();
        for (int64_t i = 0; i < count; i++) {
            gemm.convert(q_rows + i * rows.q_stride * gemm.element, matrix(q, head, batch) + (first + i) * q->nb[1], Type::F32,
                         q->ne[0], packed.depth);
            maximum[i] = -INFINITY;
            total[i]   = 0.f;
        }
        for (int64_t block = 0; block < packed.blocks; block++) {
            int64_t keys = packed.in_block(block);
            product(gemm, q_rows, rows.q_stride, count, packed.keys_of(key_head, block), packed.key_bytes, packed.depth, scores,
                    rows.p_stride, keys, false);
            for (int64_t i = 0; i < count; i++) {
                const uint16_t* mask_row = nullptr;
                if (mask != nullptr) {
                    mask_row = reinterpret_cast<const uint16_t*>(matrix(mask, head % mask->ne[2], batch % mask->ne[3]) +
                                                                 (first + i) * mask->nb[1]) +
                               block * kKeys;
                }
                float* row  = scores + i * rows.p_stride;
                float again = vectors.softmax_step(row, keys, scale, mask_row, maximum + i, total + i);
                if (block > 0 && again != 1.f) {
                    vectors.scale(sums + i * rows.o_stride, v->ne[0], again);
                }
                if (gemm.element != 4) {
                    gemm.convert(p_rows + i * rows.p_stride * gemm.element, row, Type::F32, keys,
                                 rounded_up(keys, gemm.quantum));
                }
            }
            product(gemm, p_rows, rows.p_stride, count, packed.values_of(key_head, block), packed.value_bytes, keys, sums,
                    rows.o_stride, v->ne[0], block > 0);
        }
        gemm.end();
        for (int64_t i = 0; i < count; i++) {
            vectors.scale(sums + i * rows.o_stride, v->ne[0], total[i] == 0.f ? 0.f : 1.f / total[i]);
            std::memcpy(static_cast<char*>(node->data) + head * node->nb[1] + (first + i) * node->nb[2] + batch * node->nb[3],
                        sums + i * rows.o_stride, static_cast<size_t>(v->ne[0]) * sizeof(float));
        }
    });
}

}  // namespace sdcpp4j::fastcpu
