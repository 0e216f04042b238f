// What of a LoRA fits a model. Upstream says so only in log lines, afterwards, and asserts where shapes differ.

#include "lora.h"

#include <memory>
#include <set>

#include "model/adapter/lora.hpp"

namespace sdcpp4j {
namespace {

// A change of a weight as a matrix: what goes in (and the kernel's area), what comes out.
struct Change {
    int64_t in    = 0;
    int64_t out   = 0;
    int64_t parts = 0;  // tensors of the LoRA that make it up

    int64_t elements() const { return in * out; }
};

class LoraFile {
public:
    // the shapes only: no_alloc leaves the data out
    LoraFile(LoraModel& lora, const std::set<std::string>& weight_names) : lora_(lora) {
        const auto& stored    = lora.model_manager->loader().get_tensor_storage_map();
        ggml_init_params size = {(stored.size() + 1) * ggml_tensor_overhead(), nullptr, true};
        context_.reset(ggml_init(size));
        if (!context_) {
            throw std::bad_alloc();
        }
        for (const auto& [name, tensor] : stored) {
            lora.lora_tensors[name] = ggml_new_tensor(context_.get(), GGML_TYPE_F32, tensor.n_dims, tensor.ne);
        }
        lora.preprocess_lora_tensors(weight_names);
    }
    ~LoraFile() { lora_.lora_tensors.clear(); }

    int64_t count() const { return static_cast<int64_t>(lora_.lora_tensors.size()); }

    // What the file has for a weight, of any of the kinds that upstream applies; parts is 0 when it has nothing.
    Change change(const std::string& weight) const {
        Change all;
        // some weights are several of the LoRA's, one below the other
        for (int index = 0;; index++) {
            std::string key = "lora." + weight + (index == 0 ? "" : "." + std::to_string(index)) + ".";
            Change one      = single(key);
            if (one.parts == 0) {
                return all;
            }
            all.in = one.in;
            all.out += one.out;
            all.parts += one.parts;
        }
    }

private:
    ggml_tensor* find(const std::string& name) const {
        auto found = lora_.lora_tensors.find(name);
        return found == lora_.lora_tensors.end() ? nullptr : found->second;
    }

    // up * down of one rank, with a kernel between them if there is one
    Change product(const std::string& down_name, const std::string& up_name, const std::string& mid_name) const {
        const ggml_tensor* down = find(down_name);
        const ggml_tensor* up   = find(up_name);
        const ggml_tensor* mid  = find(mid_name);
        if (down == nullptr || up == nullptr) {
            return {};
        }
        int64_t rank   = down->ne[ggml_n_dims(down) - 1];
        int64_t kernel = mid == nullptr ? 1 : ggml_nelements(mid) / (rank * rank);
        return {ggml_nelements(down) / rank * kernel, ggml_nelements(up) / rank, mid == nullptr ? 2 : 3};
    }

    Change single(const std::string& key) const {
        Change change = product(key + "lora_down", key + "lora_up", key + "lora_mid");
        if (change.parts == 0) {
            if (const ggml_tensor* diff = find(key + "diff")) {
                int64_t out = diff->ne[ggml_n_dims(diff) - 1];
                change      = {ggml_nelements(diff) / out, out, 1};
            }
        }
        if (change.parts == 0) {
            change        = product(key + "hada_w1_b", key + "hada_w1_a", key + "hada_t1");
            Change second = product(key + "hada_w2_b", key + "hada_w2_a", key + "hada_t2");
            change.parts  = second.parts == 0 ? 0 : change.parts + second.parts;
        }
        if (change.parts == 0) {
            change = kronecker(key);
        }
        if (change.parts > 0) {
            change.parts += (find(key + "alpha") != nullptr) + (find(key + "scale") != nullptr);
        }
        return change;
    }

    Change kronecker(const std::string& key) const {
        Change change = {1, 1, 0};
        for (const char* name : {"lokr_w1", "lokr_w2"}) {
            if (const ggml_tensor* whole = find(key + name)) {
                int64_t out = whole->ne[ggml_n_dims(whole) - 1];
                change      = {change.in * (ggml_nelements(whole) / out), change.out * out, change.parts + 1};
                continue;
            }
            Change factor = product(key + name + "_b", key + name + "_a", "");
            if (factor.parts == 0) {
                return {};
            }
            change = {change.in * factor.in, change.out * factor.out, change.parts + factor.parts};
        }
        return change;
    }

    struct Free {
        void operator()(ggml_context* context) const { ggml_free(context); }
    };

    LoraModel& lora_;
    std::unique_ptr<ggml_context, Free> context_;
};

// Upstream fills a matrix that is too low with zeros.
bool fits(const Change& change, const ggml_tensor* weight) {
    int64_t out = weight->ne[ggml_n_dims(weight) - 1];
    int64_t in  = ggml_nelements(weight) / out;
    return change.elements() == ggml_nelements(weight) ||
           (ggml_n_dims(weight) == 2 && change.in == in && change.out < out);
}

}  // namespace

std::string match_lora(const std::string& path, const std::map<std::string, ggml_tensor*>& weights, SDVersion version,
                       ggml_backend_t backend, sdcpp4j_lora_match& match) {
    std::set<std::string> names = LoraModel::tensor_names(weights);
    LoraModel lora(path, backend, backend, path, "", version);
    if (lora.load_failed) {
        return "the file could not be read";
    }
    for (const auto& [name, tensor] : lora.model_manager->loader().get_tensor_storage_map()) {
        if (ggml_is_quantized(tensor.type)) {
            // applying it would end in an assertion on a computing thread, and that the process
            return std::string("its weights are quantised (") + ggml_type_name(tensor.type) +
                   "), which the runtime cannot apply: take the file with f16 or f32 weights";
        }
    }
    LoraFile file(lora, names);
    match = {file.count(), 0};
    for (const auto& [name, weight] : weights) {
        Change change = file.change(name);
        if (change.parts > 0 && !fits(change, weight)) {
            int64_t out = weight->ne[ggml_n_dims(weight) - 1];
            return "it changes the weight '" + name + "' as one of " + std::to_string(change.out) + " x " +
                   std::to_string(change.in) + " numbers, and this model's has " + std::to_string(out) + " x " +
                   std::to_string(ggml_nelements(weight) / out);
        }
        match.used += change.parts;
    }
    return "";
}

}  // namespace sdcpp4j
