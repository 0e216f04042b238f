// Convolution as one product: the rows of A are the kernel's output channels, the columns of B the output's pixels, gathered
// from the picture as they are packed. The picture stays in the layout [W, H, C, N].

#include "ggml.h"
#include "product.h"

namespace sdcpp4j::fastcpu {

namespace {

struct Shape {
    int64_t stride_x, stride_y, pad_x, pad_y, dilation_x, dilation_y;
    int64_t from_w, from_h, kernel_w, kernel_h, to_w, to_h;
    int64_t row_stride;  // elements

    explicit Shape(const ggml_tensor* node)
        : stride_x(node->op_params[0]), stride_y(node->op_params[1]), pad_x(node->op_params[2]), pad_y(node->op_params[3]),
          dilation_x(node->op_params[4]), dilation_y(node->op_params[5]), from_w(node->src[1]->ne[0]),
          from_h(node->src[1]->ne[1]), kernel_w(node->src[0]->ne[0]), kernel_h(node->src[0]->ne[1]), to_w(node->ne[0]),
          to_h(node->ne[1]), row_stride(static_cast<int64_t>(node->src[1]->nb[1] / sizeof(float))) {}

    int taps() const { return static_cast<int>(kernel_w * kernel_h); }

    // Where n pixels from `pixel` on read at each tap.
    void fill(Tap* taps, int64_t pixel, int n, int lanes) const {
        int32_t x[kMaxPanel];
        int32_t y[kMaxPanel];
        for (int i = 0; i < n; i++) {
            x[i] = static_cast<int32_t>((pixel + i) % to_w * stride_x - pad_x);
            y[i] = static_cast<int32_t>((pixel + i) / to_w * stride_y - pad_y);
        }
        for (int64_t ky = 0; ky < kernel_h; ky++) {
            for (int64_t kx = 0; kx < kernel_w; kx++) {
                fill_one(*taps++, x, y, static_cast<int32_t>(kx * dilation_x), static_cast<int32_t>(ky * dilation_y), n, lanes);
            }
        }
    }

private:
    void fill_one(Tap& tap, const int32_t* x, const int32_t* y, int32_t kx, int32_t ky, int n, int lanes) const {
        tap.valid      = 0;
        tap.contiguous = 0;
        for (int g = 0; g < 2; g++) {
            bool contiguous = true;
            int first       = -1;
            tap.base[g]     = 0;
            for (int i = g * lanes; i < (g + 1) * lanes; i++) {
                tap.offset[i] = 0;
                if (i >= n) {
                    continue;
                }
                int32_t px = x[i] + kx;
                int32_t py = y[i] + ky;
                if (px < 0 || px >= from_w || py < 0 || py >= from_h) {
                    continue;
                }
                tap.valid |= 1u << i;
                tap.offset[i] = static_cast<int32_t>(py * row_stride + px);
                if (first < 0) {
                    first       = i;
                    tap.base[g] = tap.offset[i] - (i - g * lanes);
                } else if (tap.offset[i] - tap.offset[first] != i - first) {
                    contiguous = false;
                }
            }
            if (contiguous) {
                tap.contiguous |= 1u << g;
            }
        }
    }
};

}  // namespace

bool takes_conv_2d(const ggml_tensor* node) {
    const ggml_tensor* kernel  = node->src[0];
    const ggml_tensor* picture = node->src[1];
    return (kernel->type == GGML_TYPE_F16 || kernel->type == GGML_TYPE_F32) && ggml_is_contiguous(kernel) &&
           picture->type == GGML_TYPE_F32 && node->type == GGML_TYPE_F32 && ggml_is_contiguous(node) &&
           picture->nb[0] == sizeof(float) && picture->nb[1] % sizeof(float) == 0 && picture->nb[2] % sizeof(float) == 0 &&
           picture->ne[1] * static_cast<int64_t>(picture->nb[1]) < INT32_MAX && picture->ne[2] == kernel->ne[2];
}

void conv_2d(Work& work, const ggml_tensor* node, const float* bias, float* to) {
    const ggml_tensor* kernel  = node->src[0];
    const ggml_tensor* picture = node->src[1];
    const Shape shape(node);
    const int taps               = shape.taps();
    const int lanes              = work.gemm->panel / 2;
    const int64_t channel_stride = static_cast<int64_t>(picture->nb[2] / sizeof(float));

    Product p;
    p.gemm        = work.gemm;
    p.m           = kernel->ne[3];
    p.n           = shape.to_w * shape.to_h;
    p.k           = taps * kernel->ne[2];
    p.a_type      = kernel->type == GGML_TYPE_F16 ? Type::F16 : Type::F32;
    p.a_row_bytes = static_cast<int64_t>(kernel->nb[3]);
    p.ldc         = p.n;
    p.row_start   = bias;
    p.batches     = node->ne[3];
    p.panel_state = static_cast<size_t>(taps) * sizeof(Tap);
    multiply(
        work, p, [&](int64_t) { return kernel->data; }, [&](int64_t batch) { return to + batch * p.m * p.n; },
        [&](char* state, int64_t, int64_t pixel, int n) { shape.fill(reinterpret_cast<Tap*>(state), pixel, n, lanes); },
        [&](char* panel, const char* state, int64_t batch, int64_t, int, int64_t first_k, int64_t k) {
            auto* from = reinterpret_cast<const float*>(static_cast<const char*>(picture->data) + batch * picture->nb[3]);
            p.gemm->pack_pixels(panel, from, channel_stride, reinterpret_cast<const Tap*>(state), taps, first_k, k);
        });
}

}  // namespace sdcpp4j::fastcpu
