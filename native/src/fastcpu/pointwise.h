#pragma once

#include "work.h"

// Operations that are bound by memory: each value is read and written once or a few times.

namespace sdcpp4j::fastcpu {

// f32, side by side; src1 of src0's shape, or one value for each index of its first dimension, or one for each channel (and
// picture of the batch) of [W, H, C, N].
bool takes_binary(const ggml_tensor* node);
// To f32 or f16 side by side, from f32 rows or columns.
bool takes_copy(const ggml_tensor* node);
// To the nearest, by whole factors.
bool takes_upscale(const ggml_tensor* node);

using BinaryValues = void (*)(float* y, const float* a, const float* b, int64_t n);
using UnaryValues  = void (*)(float* y, const float* x, int64_t n);

// The result goes to the node's memory, and is scale * normalized + bias for each channel, then silu; these may be null.
void group_norm(Work& work, const ggml_tensor* node, const float* scale, const float* bias, bool silu);
void norm(Work& work, const ggml_tensor* node, const float* scale, const float* bias);
void binary(Work& work, const ggml_tensor* node, BinaryValues values);
void unary(Work& work, const ggml_tensor* node, UnaryValues values);
void copy(Work& work, const ggml_tensor* node);
void concat(Work& work, const ggml_tensor* node);
void upscale(Work& work, const ggml_tensor* node);

}  // namespace sdcpp4j::fastcpu
