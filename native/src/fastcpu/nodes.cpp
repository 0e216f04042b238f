#include "nodes.h"

#include "ggml-impl.h"
#include "pointwise.h"

namespace sdcpp4j::fastcpu {

namespace {

bool plain(const ggml_tensor* tensor) { return tensor->type == GGML_TYPE_F32 && ggml_is_contiguous(tensor); }

// One value for each index of the dimension of `node`, side by side.
bool per_index(const ggml_tensor* values, const ggml_tensor* node, int dimension) {
    return plain(values) && values->ne[dimension] == node->ne[dimension] && ggml_nelements(values) == node->ne[dimension];
}

bool apart(const ggml_tensor* a, const ggml_tensor* b) {
    auto* from = static_cast<const char*>(a->data);
    auto* to   = static_cast<const char*>(b->data);
    return from + ggml_nbytes(a) <= to || to + ggml_nbytes(b) <= from;
}

}  // namespace

bool is_computed(const ggml_tensor* node) {
    switch (node->op) {
        case GGML_OP_NONE:
        case GGML_OP_RESHAPE:
        case GGML_OP_VIEW:
        case GGML_OP_PERMUTE:
        case GGML_OP_TRANSPOSE:
            return false;
        default:
            return (node->flags & GGML_TENSOR_FLAG_COMPUTE) != 0 && !ggml_is_empty(node);
    }
}

Nodes::Nodes(const ggml_cgraph* graph, int index) : graph_(graph), node_(graph->nodes[index]), end_(index + 1) {
    if (!is_computed(node_)) {
        return;
    }
    switch (node_->op) {
        case GGML_OP_CONV_2D:
            if (takes_conv_2d(node_)) {
                kind_ = Kind::Conv2d;
                join_bias(2);
            }
            break;
        case GGML_OP_MUL_MAT:
            if (takes_mul_mat(node_)) {
                kind_ = Kind::MulMat;
                join_bias(0);
            }
            break;
        case GGML_OP_FLASH_ATTN_EXT:
            kind_ = takes_attention(node_) ? Kind::Attention : Kind::None;
            break;
        case GGML_OP_GROUP_NORM:
            if (plain(node_) && plain(node_->src[0])) {
                kind_ = Kind::GroupNorm;
                join_affine(2);
                const ggml_tensor* next = follower(GGML_OP_UNARY);
                if (next != nullptr && ggml_get_unary_op(next) == GGML_UNARY_OP_SILU) {
                    silu_ = true;
                    join(next);
                }
            }
            break;
        case GGML_OP_NORM:
            if (plain(node_) && plain(node_->src[0])) {
                kind_ = Kind::Norm;
                join_affine(0);
            }
            break;
        case GGML_OP_ADD:
            kind_ = takes_binary(node_) ? Kind::Add : Kind::None;
            break;
        case GGML_OP_MUL:
            kind_ = takes_binary(node_) ? Kind::Multiply : Kind::None;
            break;
        case GGML_OP_UNARY:
            if (plain(node_) && plain(node_->src[0])) {
                switch (ggml_get_unary_op(node_)) {
                    case GGML_UNARY_OP_SILU:
                        kind_ = Kind::Silu;
                        break;
                    case GGML_UNARY_OP_GELU:
                        kind_ = Kind::Gelu;
                        break;
                    case GGML_UNARY_OP_GELU_QUICK:
                        kind_ = Kind::GeluQuick;
                        break;
                    default:
                        break;
                }
            }
            break;
        case GGML_OP_DUP:
        case GGML_OP_CONT:
        case GGML_OP_CPY:
            kind_ = takes_copy(node_) ? Kind::Copy : Kind::None;
            break;
        case GGML_OP_CONCAT:
            kind_ = plain(node_) && plain(node_->src[0]) && plain(node_->src[1]) ? Kind::Concat : Kind::None;
            break;
        case GGML_OP_UPSCALE:
            kind_ = takes_upscale(node_) ? Kind::Upscale : Kind::None;
            break;
        default:
            break;
    }
}

const ggml_tensor* Nodes::follower(int op) const {
    int next = end_;
    while (next < graph_->n_nodes && !is_computed(graph_->nodes[next])) {
        next++;
    }
    if (next == graph_->n_nodes) {
        return nullptr;
    }
    const ggml_tensor* node = graph_->nodes[next];
    bool in_place           = node->op == op && node->data == node_->data && node->src[0]->data == node_->data && plain(node) &&
                    plain(node->src[0]) && ggml_nelements(node) == ggml_nelements(node_) &&
                    ggml_nelements(node->src[0]) == ggml_nelements(node_);
    return in_place ? node : nullptr;
}

void Nodes::join(const ggml_tensor* node) {
    while (graph_->nodes[end_] != node) {
        end_++;
    }
    end_++;
}

void Nodes::join_bias(int dimension) {
    const ggml_tensor* add = follower(GGML_OP_ADD);
    if (add != nullptr && add->ne[dimension] == node_->ne[dimension] && per_index(add->src[1], add, dimension) &&
        apart(add->src[1], node_)) {
        bias_ = static_cast<const float*>(add->src[1]->data);
        join(add);
    }
}

void Nodes::join_affine(int dimension) {
    const ggml_tensor* multiply = follower(GGML_OP_MUL);
    if (multiply != nullptr && multiply->ne[dimension] == node_->ne[dimension] &&
        per_index(multiply->src[1], multiply, dimension) && apart(multiply->src[1], node_)) {
        scale_ = static_cast<const float*>(multiply->src[1]->data);
        join(multiply);
        join_bias(dimension);
    }
}

void Nodes::compute(Work& work) const {
    auto* to = static_cast<float*>(node_->data);
    switch (kind_) {
        case Kind::Conv2d:
            return conv_2d(work, node_, bias_, to);
        case Kind::MulMat:
            return mul_mat(work, node_, bias_, to);
        case Kind::Attention:
            return attention(work, node_);
        case Kind::GroupNorm:
            return group_norm(work, node_, scale_, bias_, silu_);
        case Kind::Norm:
            return norm(work, node_, scale_, bias_);
        case Kind::Add:
            return binary(work, node_, work.level->vectors->add);
        case Kind::Multiply:
            return binary(work, node_, work.level->vectors->multiply);
        case Kind::Silu:
            return unary(work, node_, work.level->vectors->silu);
        case Kind::Gelu:
            return unary(work, node_, work.level->vectors->gelu);
        case Kind::GeluQuick:
            return unary(work, node_, work.level->vectors->gelu_quick);
        case Kind::Copy:
            return copy(work, node_);
        case Kind::Concat:
            return concat(work, node_);
        case Kind::Upscale:
            return upscale(work, node_);
        case Kind::None:
            return;
    }
}

}  // namespace sdcpp4j::fastcpu
