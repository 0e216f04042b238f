// The entry points that make pictures; by loading.inc, measuring.inc and components.inc those that load a model, ask what a request
// takes, and give its parts. Upstream keeps the class behind sd_ctx_t in stable-diffusion.cpp, so this file includes it in place of
// compiling it: that is the only way to reach a context's parts without changing upstream.

#include "stable-diffusion.cpp"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "backends.h"
#include "fastcpu/backend.h"
#include "guard.h"
#include "lora.h"
#include "names.h"
#include "objects.h"
#include "prompt.h"
#include "request.h"

void sdcpp4j::give_back_freed_memory() {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}

using sdcpp4j::guarded;
using sdcpp4j::Job;

#include "loading.inc"

namespace {

sdcpp4j::ModelTraits traits(const StableDiffusionGGML& sd) {
    sdcpp4j::ModelTraits model = {};
    model.has_ays_levels =
        sd_version_is_sd1(sd.version) || sd_version_is_sdxl(sd.version) || sd.version == VERSION_SVD;
    model.takes_hires   = !sd_version_is_inpaint(sd.version) && !sd_version_is_unet_edit(sd.version);
    // for each of them upstream's LLMEmbedder reads the range of a prompt from a list that it leaves empty for this family
    model.takes_references = !sd_version_is_z_image(sd.version);
    model.clip_skip_min = sd_version_is_sd2(sd.version) ? 2 : 1;  // upstream leaves the last layer of SD 2.x out
    model.makes_videos  = sd_version_supports_video_generation(sd.version);
    return model;
}

// Changed LoRAs are merged into the weights when those are next needed, in the middle of a computation; a stop there would
// leave some of them merged. So it is done ahead, in one go, for all weights.
template <typename Params>
bool merge_loras(const sd_ctx_t* context, const Params& params, Job& job) {
    job.set_uninterruptible(true);
    context->sd->apply_loras(params.loras, params.lora_count);
    bool done = preload(*context->sd, weights_of(context), job, SIZE_MAX);
    job.set_uninterruptible(false);
    return done;
}

// Gives back what the diffusion model and the ControlNet keep between two evaluations.
void rest(StableDiffusionGGML& sd) {
    sd.diffusion_model->runner_done();
    if (sd.control_net) {
        sd.control_net->runner_done();
    }
}

// What a call leaves behind in upstream's parts, however it ended. Without this, a ControlNet that was stopped would use its
// old hint again, and a VAE would go on with weights that a change of LoRAs has freed.
struct PartsDone {
    explicit PartsDone(StableDiffusionGGML& sd) : sd(sd) {}
    ~PartsDone() {
        if (sd.control_net) {
            sd.control_net->free_control_ctx();
            sd.control_net->free_compute_buffer();
        }
        if (sd.first_stage_model) {
            sd.first_stage_model->runner_done();
        }
        if (sd.preview_vae) {
            sd.preview_vae->runner_done();
        }
    }
    PartsDone(const PartsDone&)            = delete;
    PartsDone& operator=(const PartsDone&) = delete;
    StableDiffusionGGML& sd;
};

// A request that the runtime may see, for its context, or why not.
template <typename Params, typename Work>
int32_t with_request(sdcpp4j_call* call, sd_ctx_t* context, const Params* params, bool outputs, Work work) {
    return guarded(call, [&](Job& job) -> int32_t {
        if (context == nullptr || params == nullptr || !outputs) {
            job.fail("context, params and what is filled must not be NULL");
            return SDCPP4J_INVALID_ARGUMENT;
        }
        StableDiffusionGGML& sd = *context->sd;
        if (std::string refusal = why_refused(*params, traits(sd)); !refusal.empty()) {
            job.fail(refusal);
            return SDCPP4J_INVALID_ARGUMENT;
        }
        rest(sd);
        PartsDone parts_done(sd);
        return work(job, sd);
    });
}

// Whether pictures of the caller's go through the VAE.
bool shows_pictures(const sd_vid_gen_params_t& params) {
    return params.init_image.data != nullptr || params.end_image.data != nullptr || params.control_frames_size > 0;
}

}  // namespace

extern "C" const char* sdcpp4j_context_family(const sd_ctx_t* context) {
    return model_version_to_str[context->sd->version];
}

extern "C" int32_t sdcpp4j_size_multiple(const sd_ctx_t* context) {
    return context->sd->get_vae_scale_factor() * context->sd->get_diffusion_model_down_factor();
}

extern "C" int64_t sdcpp4j_live_objects(void) {
    return sdcpp4j::live_objects + static_cast<int64_t>(Job::count());
}

#include "measuring.inc"

extern "C" int32_t sdcpp4j_generate_image(sdcpp4j_call* call, sd_ctx_t* context, const sd_img_gen_params_t* params,
                                          sd_image_t** images) {
    return with_request(call, context, params, images != nullptr, [&](Job& job, StableDiffusionGGML& sd) -> int32_t {
        if (sd.apply_lora_immediately && !merge_loras(context, *params, job)) {
            job.fail("the LoRAs could not be merged");
            return SDCPP4J_FAILED;
        }
        bool encodes_images = params->init_image.data != nullptr || params->ref_images_count > 0;
        job.enter(encodes_images ? SDCPP4J_PHASE_ENCODE_IMAGE : SDCPP4J_PHASE_ENCODE_TEXT);
        *images = generate_image(context, params);
        if (*images == nullptr) {
            job.fail("no picture came back");
            return SDCPP4J_FAILED;
        }
        sdcpp4j::live_objects++;
        return SDCPP4J_OK;
    });
}

extern "C" int32_t sdcpp4j_generate_video(sdcpp4j_call* call, sd_ctx_t* context, const sd_vid_gen_params_t* params,
                                          sd_image_t** frames, int32_t* count) {
    bool outputs = frames != nullptr && count != nullptr;
    return with_request(call, context, params, outputs, [&](Job& job, StableDiffusionGGML& sd) -> int32_t {
        if (sd.apply_lora_immediately && !merge_loras(context, *params, job)) {
            job.fail("the LoRAs could not be merged");
            return SDCPP4J_FAILED;
        }
        job.enter(shows_pictures(*params) ? SDCPP4J_PHASE_ENCODE_IMAGE : SDCPP4J_PHASE_ENCODE_TEXT);
        if (!generate_video(context, params, frames, count, nullptr)) {
            job.fail("no video came back");
            return SDCPP4J_FAILED;
        }
        sdcpp4j::live_objects++;
        return SDCPP4J_OK;
    });
}

extern "C" int32_t sdcpp4j_match_lora(sdcpp4j_call* call, sd_ctx_t* context, const char* path, sdcpp4j_lora_match* out) {
    return guarded(call, [&](Job& job) -> int32_t {
        if (context == nullptr || path == nullptr || out == nullptr) {
            job.fail("context, path and out must not be NULL");
            return SDCPP4J_INVALID_ARGUMENT;
        }
        *out                    = {};
        StableDiffusionGGML& sd = *context->sd;
        sdcpp4j::fill_name_tables();
        std::string refusal = sdcpp4j::match_lora(path, weights_of(context), sd.version,
                                                  sd.backend_manager.runtime_backend(SDBackendModule::DIFFUSION), *out);
        if (!refusal.empty()) {
            job.fail(refusal);
            return SDCPP4J_INVALID_ARGUMENT;
        }
        return SDCPP4J_OK;
    });
}

extern "C" int32_t sdcpp4j_tokenize(sdcpp4j_call* call, sd_ctx_t* context, const char* prompt, sdcpp4j_tokens** tokens) {
    return guarded(call, [&](Job& job) -> int32_t {
        if (context == nullptr || prompt == nullptr || tokens == nullptr) {
            job.fail("context, prompt and tokens must not be NULL");
            return SDCPP4J_INVALID_ARGUMENT;
        }
        *tokens = nullptr;
        if (std::string refusal = sdcpp4j::why_refused(prompt); !refusal.empty()) {
            job.fail(refusal);
            return SDCPP4J_INVALID_ARGUMENT;
        }
        FrozenCLIPEmbedderWithCustomWords* encoder = clip_of(*context->sd);
        if (encoder == nullptr) {
            job.fail(std::string("tokens can be shown for models with a CLIP text encoder, and this is ") +
                     model_version_to_str[context->sd->version]);
            return SDCPP4J_INVALID_ARGUMENT;
        }
        *tokens = sdcpp4j::tokenize(*encoder, prompt);
        return SDCPP4J_OK;
    });
}

extern "C" int32_t sdcpp4j_canny(sdcpp4j_call* call, const sd_image_t* image, float high_threshold, float low_threshold,
                                 float weak, float strong) {
    return guarded(call, [&](Job& job) -> int32_t {
        if (std::string refusal = image == nullptr ? "image must not be NULL" : sdcpp4j::why_refused(*image); !refusal.empty()) {
            job.fail(refusal);
            return SDCPP4J_INVALID_ARGUMENT;
        }
        if (!preprocess_canny(*image, high_threshold, low_threshold, weak, strong, false)) {
            job.fail("the edges could not be found");
            return SDCPP4J_FAILED;
        }
        return SDCPP4J_OK;
    });
}

extern "C" void sdcpp4j_free_images(sd_image_t* images, int32_t count) {
    if (images != nullptr) {
        free_sd_images(images, count);
        sdcpp4j::live_objects--;
    }
}

#include "components.inc"
