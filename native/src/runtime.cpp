// The entry points that make pictures, and by components.inc those for a model's parts. Upstream keeps the class behind
// sd_ctx_t in stable-diffusion.cpp, so this file includes it in place of compiling it: that is the only way to reach a
// context's parts without changing upstream.

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

namespace {

using sdcpp4j::guarded;
using sdcpp4j::Job;

// A part is read without a look at the cancel flag.
constexpr size_t kLoadPartBytes = 32u << 20;

using Weights = std::map<std::string, ggml_tensor*>;

// Upstream's context, and behind it the weights as they were before the first picture. The parts must not be asked for them
// later: to look for the projection that not every CLIP has, its forward() makes an entry without a tensor
// (params["text_projection"]), and get_param_tensors() writes a name into that null.
struct Loaded {
    sd_ctx_t upstream;
    Weights* weights;
};

const Weights& weights_of(const sd_ctx_t* context) { return *reinterpret_cast<const Loaded*>(context)->weights; }

Weights weights_by_name(StableDiffusionGGML& sd) {
    Weights by_name;
    if (sd.cond_stage_model) {
        sd.cond_stage_model->get_param_tensors(by_name);
    }
    if (sd.diffusion_model) {
        sd.diffusion_model->get_param_tensors(by_name);
    }
    if (sd.high_noise_diffusion_model) {
        sd.high_noise_diffusion_model->get_param_tensors(by_name);
    }
    if (sd.first_stage_model) {
        sd.first_stage_model->get_param_tensors(by_name);
    }
    return by_name;
}

// A weight that the file holds as whole numbers: upstream would throw in a loader's thread, or compute with a type that has
// no kernels; either ends the process. Empty when there is none.
std::string unreadable_weight(StableDiffusionGGML& sd) {
    const auto& stored = sd.model_manager->loader().get_tensor_storage_map();
    for (const std::string& name : sd.model_manager->tensor_names()) {
        auto in_file = stored.find(name);
        if (in_file == stored.end() || ends_with(name, "position_ids")) {
            continue;
        }
        ggml_type type = in_file->second.type;
        if (type != GGML_TYPE_F32 && ggml_get_type_traits(type)->to_float == nullptr) {
            return "the tensor '" + name + "' is of the type " + ggml_type_name(type) + ", which no weight can be read from";
        }
    }
    return "";
}

// Reads all weights now, so that a damaged file or missing memory shows here and not at the first picture. In parts of
// about so many bytes, between which the call can be stopped.
bool preload(StableDiffusionGGML& sd, const Weights& tensors, Job& job, size_t most_bytes) {
    std::vector<ggml_tensor*> part;
    size_t part_bytes = 0;
    size_t seen       = 0;
    for (const auto& [name, tensor] : tensors) {
        part.push_back(tensor);
        part_bytes += ggml_nbytes(tensor);
        seen++;
        if (part_bytes < most_bytes && seen < tensors.size()) {
            continue;
        }
        job.set_load_part(static_cast<int>(seen - part.size()), static_cast<int>(tensors.size()));
        if (job.must_stop() || !sd.model_manager->prepare_params(part)) {
            return false;
        }
        sd.model_manager->release_compute_backend_params(part);
        part.clear();
        part_bytes = 0;
    }
    job.set_load_part(0, 0);
    return true;
}

// Only CLIP's conditioner knows words that a file adds, and can be asked for its tokens.
FrozenCLIPEmbedderWithCustomWords* clip_of(StableDiffusionGGML& sd) {
    return dynamic_cast<FrozenCLIPEmbedderWithCustomWords*>(sd.cond_stage_model.get());
}

// Why the embeddings of a load cannot be used; empty when they can.
std::string read_embeddings(StableDiffusionGGML& sd, const sd_ctx_params_t& params) {
    if (params.embedding_count == 0) {
        return "";
    }
    FrozenCLIPEmbedderWithCustomWords* encoder = clip_of(sd);
    // of SDXL's two encoders upstream gives the second one the first one's vectors
    if (encoder == nullptr || sd_version_is_sdxl(sd.version)) {
        return std::string("the runtime takes textual inversion embeddings for SD 1.x and SD 2.x only, and this is ") +
               model_version_to_str[sd.version];
    }
    return sdcpp4j::read_embeddings(*encoder, params.embeddings, params.embedding_count);
}

// How much of a model goes to each GPU, against what is free there. Upstream would find out in the middle, where ggml's own
// code for GPUs may end the process. False with a reason when something does not fit.
bool fits_devices(StableDiffusionGGML& sd, sdcpp4j_call& call, Job& job) {
    std::map<ggml_backend_dev_t, int64_t> wanted;
    auto add = [&](auto& part, SDBackendModule module) {
        ggml_backend_t backend = part ? sd.backend_manager.params_backend(module) : nullptr;
        if (backend != nullptr && !sd_backend_is_cpu(backend)) {
            Weights weights;
            part->get_param_tensors(weights);
            for (const auto& [name, tensor] : weights) {
                wanted[ggml_backend_get_device(backend)] += static_cast<int64_t>(ggml_nbytes(tensor));
            }
        }
    };
    add(sd.cond_stage_model, SDBackendModule::TE);
    add(sd.diffusion_model, SDBackendModule::DIFFUSION);
    add(sd.high_noise_diffusion_model, SDBackendModule::DIFFUSION);
    add(sd.first_stage_model, SDBackendModule::VAE);
    for (const auto& [device, bytes] : wanted) {
        size_t free  = 0;
        size_t total = 0;
        ggml_backend_dev_memory(device, &free, &total);
        if (bytes > static_cast<int64_t>(free)) {
            call.bytes_needed = bytes;
            call.bytes_free   = static_cast<int64_t>(free);
            job.fail(ggml_backend_dev_name(device));
            return false;
        }
    }
    return true;
}

// The own CPU backend takes a convolution and an attention over when each is one node of the graph; for ggml's CPU, and by
// default, upstream takes them apart.
void join_nodes_for_fastcpu(StableDiffusionGGML& sd) {
    auto is_own = [&](SDBackendModule module) {
        return sdcpp4j::fastcpu::is_fastcpu(sd.backend_manager.runtime_backend(module));
    };
    auto join = [](const auto& part) {
        if (part) {
            part->set_conv2d_direct_enabled(true);
            part->set_flash_attention_enabled(true);
        }
    };
    if (is_own(SDBackendModule::TE) && sd.cond_stage_model) {
        sd.cond_stage_model->set_flash_attention_enabled(true);
    }
    if (is_own(SDBackendModule::CLIP_VISION)) {
        join(sd.clip_vision);
    }
    if (is_own(SDBackendModule::DIFFUSION)) {
        ggml_backend_dev_t device = ggml_backend_get_device(sd.backend_manager.runtime_backend(SDBackendModule::DIFFUSION));
        LOG_INFO("the diffusion model computes on %s: %s", ggml_backend_dev_name(device), ggml_backend_dev_description(device));
        join(sd.diffusion_model);
        join(sd.high_noise_diffusion_model);
    }
    if (is_own(SDBackendModule::VAE)) {
        join(sd.first_stage_model);
        join(sd.preview_vae);
    }
    if (sd.control_net && is_own(SDBackendModule::CONTROL_NET)) {
        join(sd.control_net);
    }
}

bool reads_on_demand(const StableDiffusionGGML& sd) { return !sd.params_backend_spec.empty() || sd.max_vram != 0.f; }

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

// One evaluation of the UNet with inputs of the right shapes.
void measure_unet(StableDiffusionGGML& sd, const sd::Tensor<float>& latent) {
    bool is_sdxl    = sd_version_is_sdxl(sd.version);
    int64_t context = is_sdxl ? 2048 : sd_version_is_sd2(sd.version) ? 1024 : 768;
    int64_t concat  = sd_version_is_inpaint(sd.version) ? 5 : sd_version_is_unet_edit(sd.version) ? 4 : 0;

    sd::Tensor<float> timesteps = sd::Tensor<float>::from_vector({1.f});
    sd::Tensor<float> text      = sd::zeros<float>({context, 77, 1});
    sd::Tensor<float> vector    = is_sdxl ? sd::zeros<float>({2816, 1}) : sd::Tensor<float>();
    sd::Tensor<float> extra =
        concat > 0 ? sd::zeros<float>({latent.shape()[0], latent.shape()[1], concat, 1}) : sd::Tensor<float>();
    DiffusionParams params;
    params.x         = &latent;
    params.timesteps = &timesteps;
    params.context   = &text;
    params.c_concat  = extra.empty() ? nullptr : &extra;
    params.y         = vector.empty() ? nullptr : &vector;
    params.extra     = UNetDiffusionExtra{};
    sd.diffusion_model->compute(sd.n_threads, params);
    sd.diffusion_model->runner_done();
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

int64_t weight_bytes(const sd_ctx_t* context) {
    int64_t bytes = 0;
    for (const auto& [name, tensor] : weights_of(context)) {
        bytes += static_cast<int64_t>(ggml_nbytes(tensor));
    }
    return bytes;
}

// Free bytes of the device that computes; -1 when that is the host.
int64_t device_free(StableDiffusionGGML& sd) {
    ggml_backend_t backend    = sd.backend_manager.runtime_backend(SDBackendModule::DIFFUSION);
    ggml_backend_dev_t device = backend == nullptr ? nullptr : ggml_backend_get_device(backend);
    if (device == nullptr || ggml_backend_dev_type(device) == GGML_BACKEND_DEVICE_TYPE_CPU) {
        return -1;
    }
    size_t free  = 0;
    size_t total = 0;
    ggml_backend_dev_memory(device, &free, &total);
    return static_cast<int64_t>(free);
}

// Whether pictures of the caller's go through the VAE.
bool shows_pictures(const sd_vid_gen_params_t& params) {
    return params.init_image.data != nullptr || params.end_image.data != nullptr || params.control_frames_size > 0;
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
        sdcpp4j::fill_name_tables();
        sdcpp4j::load_backends();

        // new_sd_ctx leaks everything when init throws; a unique_ptr does not
        auto sd = std::make_unique<StableDiffusionGGML>();
        if (!sd->init(params)) {
            job.fail("the model could not be loaded");
            return SDCPP4J_FAILED;
        }
        join_nodes_for_fastcpu(*sd);
        if (std::string unreadable = unreadable_weight(*sd); !unreadable.empty()) {
            job.fail(unreadable);
            return SDCPP4J_FAILED;
        }
        if (std::string unusable = read_embeddings(*sd, *params); !unusable.empty()) {
            job.fail(unusable);
            return SDCPP4J_FAILED;
        }
        auto weights = std::make_unique<Weights>(weights_by_name(*sd));
        if (!reads_on_demand(*sd) && !fits_devices(*sd, *call, job)) {
            return SDCPP4J_OUT_OF_MEMORY;
        }
        if (!reads_on_demand(*sd) && !preload(*sd, *weights, job, kLoadPartBytes)) {
            job.fail("the weights could not be read");
            return SDCPP4J_FAILED;
        }

        auto* result = static_cast<Loaded*>(malloc(sizeof(Loaded)));  // free_sd_ctx takes it back with free
        if (result == nullptr) {
            throw std::bad_alloc();
        }
        result->upstream.sd = sd.release();
        result->weights     = weights.release();
        *context            = &result->upstream;
        sdcpp4j::live_objects++;
        return SDCPP4J_OK;
    });
}

extern "C" void sdcpp4j_free_context(sd_ctx_t* context) {
    if (context != nullptr) {
        delete reinterpret_cast<Loaded*>(context)->weights;
        free_sd_ctx(context);
        sdcpp4j::live_objects--;
        sdcpp4j::give_back_freed_memory();
    }
}

extern "C" const char* sdcpp4j_context_family(const sd_ctx_t* context) {
    return model_version_to_str[context->sd->version];
}

extern "C" int32_t sdcpp4j_size_multiple(const sd_ctx_t* context) {
    return context->sd->get_vae_scale_factor() * context->sd->get_diffusion_model_down_factor();
}

extern "C" int64_t sdcpp4j_live_objects(void) {
    return sdcpp4j::live_objects + static_cast<int64_t>(Job::count());
}

extern "C" int32_t sdcpp4j_estimate_memory(sdcpp4j_call* call, sd_ctx_t* context, const sd_img_gen_params_t* params,
                                           sdcpp4j_memory* out) {
    return with_request(call, context, params, out != nullptr, [&](Job& job, StableDiffusionGGML& sd) -> int32_t {
        *out             = {};
        out->weights     = weight_bytes(context);
        out->device_free = device_free(sd);
        if (reads_on_demand(sd)) {
            return SDCPP4J_OK;
        }
        sd.vae_tiling_params = params->vae_tiling_params;
        GenerationRequest request(context, params);
        // the larger of the two sizes is the one that has to fit
        bool hires               = request.hires.enabled;
        int width                = hires ? request.hires.target_width : request.width;
        int height               = hires ? request.hires.target_height : request.height;
        sd::Tensor<float> latent = sd.generate_init_latent(width, height);

        job.measure_into(&out->decode);
        sd.decode_first_stage(latent);
        // a ControlNet's image goes through the VAE too, though only Flux's makes use of that
        if (params->init_image.data != nullptr || params->control_image.data != nullptr || params->ref_images_count > 0) {
            job.measure_into(&out->encode_image);
            sd.encode_to_vae_latents(sd::zeros<float>({width, height, 3, 1}));
        }
        if (sd_version_is_unet(sd.version)) {
            job.measure_into(&out->sample);
            measure_unet(sd, latent);
        }
        job.measure_into(nullptr);
        return SDCPP4J_OK;
    });
}

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

extern "C" int32_t sdcpp4j_estimate_video_memory(sdcpp4j_call* call, sd_ctx_t* context, const sd_vid_gen_params_t* params,
                                                 sdcpp4j_memory* out) {
    return with_request(call, context, params, out != nullptr, [&](Job& job, StableDiffusionGGML& sd) -> int32_t {
        *out             = {};
        out->weights     = weight_bytes(context);
        out->device_free = device_free(sd);
        if (reads_on_demand(sd)) {
            return SDCPP4J_OK;
        }
        sd.vae_tiling_params = params->vae_tiling_params;
        GenerationRequest request(context, params);
        job.measure_into(&out->decode);
        sd.decode_first_stage(sd.generate_init_latent(request.width, request.height, request.frames, true), true);
        if (shows_pictures(*params)) {
            job.measure_into(&out->encode_image);
            sd.encode_first_stage(sd::zeros<float>({request.width, request.height, request.frames, 3, 1}));
        }
        job.measure_into(nullptr);
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
