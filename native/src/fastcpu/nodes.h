#pragma once

#include "work.h"

struct ggml_cgraph;
struct ggml_tensor;

namespace sdcpp4j::fastcpu {

// Whether anything is to be done for the node; a view is none.
bool is_computed(const ggml_tensor* node);

// The node at an index and those right behind it that are computed with it. Nodes are only joined where each one works in
// place on the result of the one before: what lies in that memory behind the last one is then the same as without joining,
// and no other memory is written.
class Nodes {
public:
    Nodes(const ggml_cgraph* graph, int index);

    bool taken() const { return kind_ != Kind::None; }
    int end() const { return end_; }
    void compute(Work& work) const;

private:
    enum class Kind { None, Conv2d, MulMat, Attention, GroupNorm, Norm, Add, Multiply, Silu, Gelu, GeluQuick, Copy, Concat, Upscale };

    // The next computed node if it is this operation, in place on this group's result.
    const ggml_tensor* follower(int op) const;
    void join(const ggml_tensor* node);
    void join_bias(int dimension);
    void join_affine(int dimension);

    const ggml_cgraph* graph_;
    const ggml_tensor* node_;
    Kind kind_ = Kind::None;
    int end_;
    const float* scale_ = nullptr;  // per channel, as the bias
    const float* bias_  = nullptr;
    bool silu_          = false;
};

}  // namespace sdcpp4j::fastcpu
