#pragma once

#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include "kernels.h"
#include "pool.h"

struct ggml_tensor;

namespace sdcpp4j::fastcpu {

// Memory for intermediate values; what was in it is lost when it grows.
class Scratch {
public:
    Scratch() = default;
    ~Scratch() { std::free(data_); }
    Scratch(const Scratch&)            = delete;
    Scratch& operator=(const Scratch&) = delete;

    // At least so many bytes, on a border of 64. Throws std::bad_alloc.
    void* reserve(size_t bytes) {
        if (bytes > size_) {
            release();
            data_ = std::aligned_alloc(64, (bytes + 63) / 64 * 64);
            if (data_ == nullptr) {
                throw std::bad_alloc();
            }
            size_ = bytes;
        }
        return data_;
    }
    void release() {
        std::free(data_);
        data_ = nullptr;
        size_ = 0;
    }
    char* data() const { return static_cast<char*>(data_); }
    size_t size() const { return size_; }

private:
    void* data_  = nullptr;
    size_t size_ = 0;
};

// What the operations of one backend work with. One graph is computed at a time.
struct Work {
    const Level* level;
    const Gemm* gemm;  // the level's fast or exact one
    Pool pool;
    Scratch shared;

    // Each thread's own memory of so many bytes, for one operation. Throws std::bad_alloc.
    void reserve_each(size_t bytes) {
        while (each_.size() < static_cast<size_t>(pool.threads())) {
            each_.push_back(std::make_unique<Scratch>());
        }
        for (auto& scratch : each_) {
            scratch->reserve(bytes);
        }
    }
    char* of_thread(int thread) const { return each_[static_cast<size_t>(thread)]->data(); }

private:
    std::vector<std::unique_ptr<Scratch>> each_;
};

// Each of these says whether it computes the node, and what follows it, in ops. The nodes' data is not looked at.
bool takes_conv_2d(const ggml_tensor* node);
bool takes_mul_mat(const ggml_tensor* node);
bool takes_attention(const ggml_tensor* node);

// bias: one value for each output channel or feature, or null. to: where the result goes, in the node's layout.
void conv_2d(Work& work, const ggml_tensor* node, const float* bias, float* to);
void mul_mat(Work& work, const ggml_tensor* node, const float* bias, float* to);
void attention(Work& work, const ggml_tensor* node);

}  // namespace sdcpp4j::fastcpu
