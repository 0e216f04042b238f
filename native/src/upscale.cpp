// ESRGAN upscaling. Upstream's own entry points hand out no error and keep their class to themselves; its header does not.

#include "upscaler.h"

#include <memory>

#include "backends.h"
#include "fastcpu/backend.h"
#include "guard.h"
#include "names.h"
#include "objects.h"
#include "request.h"

using sdcpp4j::guarded;
using sdcpp4j::Job;

struct sdcpp4j_upscaler {
    std::unique_ptr<UpscalerGGML> model;
};

extern "C" int32_t sdcpp4j_load_upscaler(sdcpp4j_call* call, const char* path, int32_t tile_size, int32_t threads,
                                         int32_t conv_direct, const char* backend, sdcpp4j_upscaler** upscaler) {
    return guarded(call, [&](Job& job) -> int32_t {
        if (path == nullptr || upscaler == nullptr || tile_size < 0 || threads < 1) {
            job.fail("path and upscaler must not be NULL, tile_size not negative, threads 1 or more");
            return SDCPP4J_INVALID_ARGUMENT;
        }
        *upscaler = nullptr;
        job.enter(SDCPP4J_PHASE_LOAD);
        sdcpp4j::fill_name_tables();
        auto model = std::make_unique<UpscalerGGML>(threads, conv_direct != 0, tile_size, sdcpp4j::placement(backend, nullptr).backend);
        if (!model->load_from_file(path, threads)) {
            job.fail("the upscaler could not be loaded");
            return SDCPP4J_FAILED;
        }
        if (sdcpp4j::fastcpu::is_fastcpu(model->backend_manager.runtime_backend(SDBackendModule::UPSCALER))) {
            model->esrgan_upscaler->set_conv2d_direct_enabled(true);  // one node that it takes over
        }
        // now, so that a damaged file shows here and not at the first picture
        std::map<std::string, ggml_tensor*> by_name;
        model->esrgan_upscaler->get_param_tensors(by_name);
        std::vector<ggml_tensor*> tensors;
        for (const auto& [name, tensor] : by_name) {
            tensors.push_back(tensor);
        }
        if (job.must_stop() || !model->model_manager->prepare_params(tensors)) {
            job.fail("the weights could not be read");
            return SDCPP4J_FAILED;
        }
        model->model_manager->release_compute_backend_params(tensors);
        *upscaler = new sdcpp4j_upscaler{std::move(model)};
        sdcpp4j::live_objects++;
        return SDCPP4J_OK;
    });
}

extern "C" void sdcpp4j_free_upscaler(sdcpp4j_upscaler* upscaler) {
    if (upscaler != nullptr) {
        delete upscaler;
        sdcpp4j::live_objects--;
        sdcpp4j::give_back_freed_memory();
    }
}

extern "C" int32_t sdcpp4j_upscale_factor(const sdcpp4j_upscaler* upscaler) {
    return upscaler->model->esrgan_upscaler->config.scale;
}

extern "C" int32_t sdcpp4j_upscale(sdcpp4j_call* call, sdcpp4j_upscaler* upscaler, const sd_image_t* image,
                                   sd_image_t** images) {
    return guarded(call, [&](Job& job) -> int32_t {
        if (upscaler == nullptr || image == nullptr || images == nullptr) {
            job.fail("upscaler, image and images must not be NULL");
            return SDCPP4J_INVALID_ARGUMENT;
        }
        *images = nullptr;
        if (std::string refusal = sdcpp4j::why_refused(*image); !refusal.empty()) {
            job.fail(refusal);
            return SDCPP4J_INVALID_ARGUMENT;
        }
        job.enter(SDCPP4J_PHASE_UPSCALE);
        // first, so that nothing is lost when there is no memory for it
        auto* result = static_cast<sd_image_t*>(calloc(1, sizeof(sd_image_t)));
        if (result == nullptr) {
            throw std::bad_alloc();
        }
        std::unique_ptr<sd_image_t, decltype(&free)> owner(result, free);
        *result = upscaler->model->upscale(*image, 0);  // the model has its own factor
        if (result->data == nullptr) {
            job.fail("no picture came back");
            return SDCPP4J_FAILED;
        }
        *images = owner.release();
        sdcpp4j::live_objects++;
        return SDCPP4J_OK;
    });
}
