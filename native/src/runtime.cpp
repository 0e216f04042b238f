// The entry points that make pictures. Upstream keeps the class behind sd_ctx_t in stable-diffusion.cpp, so this file
// includes it in place of compiling it: that is the only way to reach a context's parts without changing upstream.

#include "stable-diffusion.cpp"

#include "guard.h"

namespace {

using sdcpp4j::guarded;
using sdcpp4j::Job;

// Reads all weights now, so that a damaged file or missing memory shows here and not at the first picture.
bool preload(StableDiffusionGGML& sd) {
    std::map<std::string, ggml_tensor*> by_name;
    if (sd.cond_stage_model) {
        sd.cond_stage_model->get_param_tensors(by_name);
    }
    if (sd.diffusion_model) {
        sd.diffusion_model->get_param_tensors(by_name);
    }
    if (sd.first_stage_model) {
        sd.first_stage_model->get_param_tensors(by_name);
    }
    std::vector<ggml_tensor*> tensors;
    tensors.reserve(by_name.size());
    for (const auto& [name, tensor] : by_name) {
        tensors.push_back(tensor);
    }
    if (!sd.model_manager->prepare_params(tensors)) {
        return false;
    }
    sd.model_manager->release_compute_backend_params(tensors);
    return true;
}

}  // namespace

extern "C" int32_t sdcpp4j_load(sdcpp4j_call* call, const sd_ctx_params_t* params, sd_ctx_t** context) {
    return guarded(call, [&](Job& job) -> int32_t {
        if (params == nullptr || context == nullptr) {
            job.fail("params and context must not be NULL");
            return SDCPP4J_INVALID_ARGUMENT;
        }
        *context = nullptr;
        job.enter(SDCPP4J_PHASE_LOAD);

        // new_sd_ctx leaks everything when init throws; a unique_ptr does not
        auto sd = std::make_unique<StableDiffusionGGML>();
        if (!sd->init(params)) {
            job.fail("the model could not be loaded");
            return SDCPP4J_FAILED;
        }
        bool on_demand = !sd->params_backend_spec.empty() || sd->max_vram != 0.f;
        if (!on_demand && !preload(*sd)) {
            job.fail("the weights could not be read");
            return SDCPP4J_FAILED;
        }

        auto* result = static_cast<sd_ctx_t*>(malloc(sizeof(sd_ctx_t)));
        if (result == nullptr) {
            throw std::bad_alloc();
        }
        result->sd = sd.release();
        *context   = result;
        return SDCPP4J_OK;
    });
}

extern "C" void sdcpp4j_free_context(sd_ctx_t* context) {
    if (context != nullptr) {
        free_sd_ctx(context);
    }
}

extern "C" const char* sdcpp4j_context_family(const sd_ctx_t* context) {
    return model_version_to_str[context->sd->version];
}

extern "C" int32_t sdcpp4j_size_multiple(const sd_ctx_t* context) {
    return context->sd->get_vae_scale_factor() * context->sd->get_diffusion_model_down_factor();
}

extern "C" int32_t sdcpp4j_generate_image(sdcpp4j_call* call, sd_ctx_t* context, const sd_img_gen_params_t* params,
                                          sd_image_t** images) {
    return guarded(call, [&](Job& job) -> int32_t {
        if (context == nullptr || params == nullptr || images == nullptr) {
            job.fail("context, params and images must not be NULL");
            return SDCPP4J_INVALID_ARGUMENT;
        }
        bool encodes_images = params->init_image.data != nullptr || params->ref_images_count > 0;
        job.enter(encodes_images ? SDCPP4J_PHASE_ENCODE_IMAGE : SDCPP4J_PHASE_ENCODE_TEXT);
        *images = generate_image(context, params);
        if (*images == nullptr) {
            job.fail("no picture came back");
            return SDCPP4J_FAILED;
        }
        return SDCPP4J_OK;
    });
}

extern "C" void sdcpp4j_free_images(sd_image_t* images, int32_t count) {
    if (images != nullptr) {
        free_sd_images(images, count);
    }
}

// --- files ----------------------------------------------------------------------------------------------------

extern "C" int32_t sdcpp4j_inspect(sdcpp4j_call* call, const char* path, sdcpp4j_inspection* out) {
    return guarded(call, [&](Job& job) -> int32_t {
        if (path == nullptr || out == nullptr) {
            job.fail("path and out must not be NULL");
            return SDCPP4J_INVALID_ARGUMENT;
        }
        *out = {};
        ModelLoader loader;
        if (!loader.init_from_file(path)) {
            job.fail("the file could not be read");
            return SDCPP4J_FAILED;
        }
        loader.convert_tensors_name();

        SDVersion version = loader.get_sd_version();
        out->family       = version == VERSION_COUNT ? nullptr : model_version_to_str[version];
        out->weight_type  = SD_TYPE_COUNT;
        std::map<ggml_type, uint32_t> types = loader.get_diffusion_model_wtype_stat();
        uint32_t most = 0;
        for (const auto& [type, count] : types) {
            if (count > most) {
                most             = count;
                out->weight_type = static_cast<int32_t>(type);
            }
        }
        for (const auto& [name, tensor] : loader.get_tensor_storage_map()) {
            out->tensors++;
            out->parameters += tensor.nelements();
            out->weight_bytes += tensor.nbytes();
            out->has_diffusion |= starts_with(name, "model.diffusion_model.");
            out->has_text_encoder |= starts_with(name, "cond_stage_model.") || starts_with(name, "text_encoders.");
            out->has_vae |= starts_with(name, "first_stage_model.") || starts_with(name, "vae.");
        }
        return SDCPP4J_OK;
    });
}
