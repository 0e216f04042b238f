// The image encoder of a safety checker: OpenAI's CLIP ViT-L/14. Upstream has its parts, in a header, but no door to them.

#include "model/te/clip.hpp"

#include <algorithm>
#include <memory>

#include "backends.h"
#include "core/ggml_extend_backend.h"
#include "guard.h"
#include "model_manager.h"
#include "names.h"
#include "objects.h"

using sdcpp4j::guarded;
using sdcpp4j::Job;

namespace {

constexpr int64_t kSide  = 224;
constexpr int64_t kWidth = 768;

// Upstream's MLP goes by the width alone and takes 1024 for OpenCLIP-H's text encoder, whose activation is GELU. OpenAI's
// ViT-L/14 has the same width and quick GELU. The classes below put that in, layer by layer.
struct Mlp : public CLIPMLP {
    Mlp(int64_t width, int64_t inner) : CLIPMLP(width, inner) { use_gelu = false; }
};

struct Layer : public CLIPLayer {
    Layer(int64_t width, int64_t heads, int64_t inner) : CLIPLayer(width, heads, inner) {
        blocks["mlp"] = std::make_shared<Mlp>(width, inner);
    }
};

struct Encoder : public CLIPEncoder {
    Encoder(int layers, int64_t width, int64_t heads, int64_t inner) : CLIPEncoder(layers, width, heads, inner) {
        for (int i = 0; i < layers; i++) {
            blocks["layers." + std::to_string(i)] = std::make_shared<Layer>(width, heads, inner);
        }
    }
};

struct Tower : public CLIPVisionModel {
    Tower() : CLIPVisionModel(OPENAI_CLIP_VIT_L_14) {
        blocks["encoder"] = std::make_shared<Encoder>(n_layer, hidden_size, n_head, intermediate_size);
    }
};

struct Network : public CLIPVisionModelProjection {
    Network() : CLIPVisionModelProjection(OPENAI_CLIP_VIT_L_14) { blocks["vision_model"] = std::make_shared<Tower>(); }
};

struct Runner : public GGMLRunner {
    Network network;

    Runner(ggml_backend_t backend, const String2TensorStorage& tensors, std::shared_ptr<RunnerWeightManager> manager)
        : GGMLRunner(backend, std::move(manager)) {
        network.init(params_ctx, tensors);
    }

    std::string get_desc() override { return "safety checker"; }

    sd::Tensor<float> compute(int threads, const sd::Tensor<float>& pixels) {
        auto graph = [&]() -> ggml_cgraph* {
            ggml_cgraph* cgraph = new_graph_custom(2048);
            ggml_tensor* input  = make_input(pixels);
            auto context        = get_context();
            ggml_build_forward_expand(cgraph, network.forward(&context, input));
            return cgraph;
        };
        return take_or_empty(GGMLRunner::compute<float>(graph, threads, true, true, true));
    }
};

// From the names of a file, of transformers before and since version 5, to upstream's. The second one is transformers' own slip.
std::string upstream_name(std::string name) {
    for (const auto& [theirs, upstreams] : {std::pair<std::string, std::string>{"vision_model.vision_model.", "vision_model."},
                                            {"vision_model.pre_layrnorm.", "vision_model.pre_layernorm."}}) {
        if (starts_with(name, theirs)) {
            name = upstreams + name.substr(theirs.size());
        }
    }
    return name;
}

void rename(String2TensorStorage& tensors) {
    String2TensorStorage renamed;
    for (auto& [name, tensor] : tensors) {
        tensor.name          = upstream_name(name);
        renamed[tensor.name] = tensor;
    }
    tensors.swap(renamed);
}

}  // namespace

struct sdcpp4j_vision {
    SDBackendManager backends;
    std::shared_ptr<Runner> runner;
    // knows the runner's tensors by their addresses: to be freed ahead of it
    std::shared_ptr<ModelManager> manager;
    int threads = 1;

    // Says what failed, or nothing.
    std::string load(const char* path, const std::string& backend, Job& job) {
        constexpr auto kModule = SDBackendModule::CLIP_VISION;
        std::string error;
        if (!backends.init(backend.c_str(), "", &error)) {
            return "the backend cannot be used: " + error;
        }
        ggml_backend_t device = backends.runtime_backend(kModule);
        ggml_backend_t store  = backends.params_backend(kModule);
        if (device == nullptr || store == nullptr) {
            return "the backend could not be started";
        }
        manager = std::make_shared<ModelManager>();
        manager->set_n_threads(threads);
        ModelLoader& loader = manager->loader();
        if (!loader.init_from_file(path)) {
            return "the file could not be read";
        }
        rename(loader.get_tensor_storage_map());
        runner = std::make_shared<Runner>(device, loader.get_tensor_storage_map(), manager);
        std::map<std::string, ggml_tensor*> by_name;
        runner->network.get_param_tensors(by_name);
        std::vector<ggml_tensor*> tensors;
        for (const auto& [name, tensor] : by_name) {
            tensors.push_back(tensor);
        }
        if (!manager->register_param_tensors("safety checker", std::move(by_name), ModelManager::ResidencyMode::ParamBackend,
                                             device, store) ||
            !manager->validate_registered_tensors()) {
            return "the file does not hold a CLIP ViT-L/14 image encoder";
        }
        // now, so that a damaged file shows here and not at the first picture
        if (job.must_stop() || !manager->prepare_params(tensors)) {
            return "the weights could not be read";
        }
        manager->release_compute_backend_params(tensors);
        return "";
    }
};

extern "C" int32_t sdcpp4j_load_vision(sdcpp4j_call* call, const char* path, int32_t threads, const char* backend,
                                       sdcpp4j_vision** vision) {
    return guarded(call, [&](Job& job) -> int32_t {
        if (path == nullptr || vision == nullptr || threads < 1) {
            job.fail("path and vision must not be NULL, threads 1 or more");
            return SDCPP4J_INVALID_ARGUMENT;
        }
        *vision = nullptr;
        job.enter(SDCPP4J_PHASE_LOAD);
        sdcpp4j::fill_name_tables();
        auto loaded     = std::make_unique<sdcpp4j_vision>();
        loaded->threads = threads;
        if (std::string failure = loaded->load(path, sdcpp4j::placement(backend, nullptr).backend, job); !failure.empty()) {
            job.fail(failure);
            return SDCPP4J_FAILED;
        }
        *vision = loaded.release();
        sdcpp4j::live_objects++;
        return SDCPP4J_OK;
    });
}

extern "C" void sdcpp4j_free_vision(sdcpp4j_vision* vision) {
    if (vision != nullptr) {
        delete vision;
        sdcpp4j::live_objects--;
        sdcpp4j::give_back_freed_memory();
    }
}

extern "C" int32_t sdcpp4j_vision_table(sdcpp4j_call* call, sdcpp4j_vision* vision, const char* name, float* values,
                                        int64_t count) {
    return guarded(call, [&](Job& job) -> int32_t {
        if (vision == nullptr || name == nullptr || values == nullptr) {
            job.fail("vision, name and values must not be NULL");
            return SDCPP4J_INVALID_ARGUMENT;
        }
        job.enter(SDCPP4J_PHASE_LOAD);
        std::vector<float> table;
        if (!vision->manager->loader().load_float_tensor(name, table)) {
            job.fail(std::string("the tensor ") + name + " could not be read");
            return SDCPP4J_FAILED;
        }
        if (static_cast<int64_t>(table.size()) != count) {
            job.fail(std::string("the tensor ") + name + " has " + std::to_string(table.size()) + " numbers, not " +
                     std::to_string(count));
            return SDCPP4J_INVALID_ARGUMENT;
        }
        std::copy(table.begin(), table.end(), values);
        return SDCPP4J_OK;
    });
}

extern "C" int32_t sdcpp4j_embed_picture(sdcpp4j_call* call, sdcpp4j_vision* vision, const float* pixels, float* embedding) {
    return guarded(call, [&](Job& job) -> int32_t {
        if (vision == nullptr || pixels == nullptr || embedding == nullptr) {
            job.fail("vision, pixels and embedding must not be NULL");
            return SDCPP4J_INVALID_ARGUMENT;
        }
        job.enter(SDCPP4J_PHASE_ENCODE_IMAGE);
        sd::Tensor<float> input({kSide, kSide, 3, 1}, std::vector<float>(pixels, pixels + kSide * kSide * 3));
        sd::Tensor<float> output = vision->runner->compute(vision->threads, input);
        if (output.numel() != kWidth) {
            job.fail("no embedding came back");
            return SDCPP4J_FAILED;
        }
        std::copy(output.values().begin(), output.values().end(), embedding);
        return SDCPP4J_OK;
    });
}
