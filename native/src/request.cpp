#include "request.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <type_traits>

#if defined(__linux__)
#include <pthread.h>
#endif

namespace sdcpp4j {
namespace {

constexpr int kMaxSide   = 16384;
constexpr int kMaxSteps  = 10000;
constexpr int kMaxBatch  = 1000;
constexpr int kMaxLoras  = 1000;
constexpr int kMaxImages = 1000;
constexpr int kMaxFrames = 10000;

constexpr int64_t kTokensInChunk = 77;

// Upstream parses prompts with std::regex, which recurses once for each character: 320 bytes of stack each (measured with
// gcc 12), more under a sanitizer. An overflow would end the process.
constexpr size_t kStackPerCharacter = 1000;

size_t stack_left() {
#if defined(__linux__)
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        void* lowest = nullptr;
        size_t size  = 0;
        pthread_attr_getstack(&attributes, &lowest, &size);
        pthread_attr_destroy(&attributes);
        char here = 0;
        return static_cast<size_t>(&here - static_cast<char*>(lowest));
    }
#endif
    return 1u << 20;  // what the smallest usual thread has
}

class Refusal {
public:
    // the bounds take the value's type
    template <typename Number>
    void range(const char* name, Number value, std::common_type_t<Number> min, std::common_type_t<Number> max) {
        if (!(value >= min && value <= max)) {
            say(std::string(name) + " is " + std::to_string(value) + ": give a number from " + std::to_string(min) + " to " +
                std::to_string(max));
        }
    }

    void image(const char* name, const sd_image_t& image, uint32_t channels) {
        if (image.data == nullptr) {
            return;
        }
        range((std::string(name) + "'s width").c_str(), image.width, 1, kMaxSide);
        range((std::string(name) + "'s height").c_str(), image.height, 1, kMaxSide);
        if (image.channel != channels) {
            say(std::string(name) + " has " + std::to_string(image.channel) + " channels: give it " + std::to_string(channels));
        }
    }

    void array(const char* name, const void* data, int64_t count, int64_t max) {
        range((std::string("the number of ") + name).c_str(), count, 0, max);
        if (count > 0 && data == nullptr) {
            say(std::to_string(count) + " " + name + " are announced, but there is no array of them");
        }
    }

    void prompt(const char* name, const char* text) {
        size_t length = text == nullptr ? 0 : std::strlen(text);
        size_t most   = stack_left() / kStackPerCharacter;
        if (length > most) {
            say(std::string(name) + " has " + std::to_string(length) + " bytes: shorten it to " + std::to_string(most) +
                ", or call from a thread with a larger stack");
        }
    }

    void sigmas(const char* name, const float* sigmas, int count) {
        array(name, sigmas, count, kMaxSteps);
        if (count == 1) {
            say(std::string(name) + ": one alone makes no step, give two or more");
        }
        for (int i = 0; text_.empty() && i < count; i++) {
            range(name, sigmas[i], 0.f, std::numeric_limits<float>::max());
        }
    }

    void that(bool holds, const std::string& otherwise) {
        if (!holds) {
            say(otherwise);
        }
    }

    bool empty() const { return text_.empty(); }
    const std::string& text() const { return text_; }

private:
    void say(const std::string& text) {
        if (text_.empty()) {
            text_ = text;
        }
    }

    std::string text_;
};

// An enum's field as the number it is: a caller may have put any there, and C++ must not read it as its enum then.
template <typename Enum>
int64_t number(const Enum& field) {
    static_assert(sizeof(Enum) == sizeof(int32_t), "C's enums are ints");
    int32_t value = 0;
    std::memcpy(&value, &field, sizeof value);
    return value;
}

bool can_be_read(const char* path) {
    FILE* file = path == nullptr ? nullptr : std::fopen(path, "rb");
    if (file == nullptr) {
        return false;
    }
    std::fclose(file);
    return true;
}

std::string quoted(const char* path) { return path == nullptr ? "NULL" : "'" + std::string(path) + "'"; }

void check_sampling(const sd_sample_params_t& sampling, const ModelTraits& model, Refusal& refusal) {
    // the count stands for "the model's own"
    refusal.range("the sampling method", number(sampling.sample_method), 0, SAMPLE_METHOD_COUNT);
    int64_t scheduler = number(sampling.scheduler);
    refusal.range("the scheduler", scheduler, 0, SCHEDULER_COUNT);
    refusal.sigmas("custom sigmas", sampling.custom_sigmas, sampling.custom_sigmas_count);
    if (sampling.custom_sigmas_count == 0) {
        bool needs_two =
            scheduler == KARRAS_SCHEDULER || scheduler == EXPONENTIAL_SCHEDULER || scheduler == GITS_SCHEDULER;
        refusal.range("steps", sampling.sample_steps, needs_two ? 2 : 1, kMaxSteps);
    }
    refusal.that(scheduler != AYS_SCHEDULER || model.has_ays_levels,
                 "the ays scheduler has no noise levels for this model: choose another");
    float most = std::numeric_limits<float>::max();
    refusal.range("the guidance scale", sampling.guidance.txt_cfg, -most, most);
    // infinity stands for "the model's own"
    refusal.that(!std::isnan(sampling.eta), "eta is not a number");
    refusal.that(!std::isnan(sampling.guidance.img_cfg), "the image guidance scale is not a number");
    refusal.array("skipped layers", sampling.guidance.slg.layers, sampling.guidance.slg.layer_count, 1000);
}

void check_loras(const sd_lora_t* loras, uint32_t count, Refusal& refusal) {
    refusal.array("LoRAs", loras, count, kMaxLoras);
    for (uint32_t i = 0; refusal.empty() && i < count; i++) {
        const sd_lora_t& lora = loras[i];
        refusal.that(can_be_read(lora.path), "there is no LoRA file " + quoted(lora.path));
        refusal.that(std::isfinite(lora.multiplier), "the weight of the LoRA " + quoted(lora.path) + " is not a number");
    }
}

void check_images(const char* array, const char* one, const sd_image_t* images, int count, Refusal& refusal) {
    refusal.array(array, images, count, kMaxImages);
    for (int i = 0; refusal.empty() && i < count; i++) {
        refusal.that(images[i].data != nullptr, std::string(one) + " has no pixels");
        refusal.image(one, images[i], 3);
    }
}

template <typename Params>
void check_prompts_and_size(const Params& params, Refusal& refusal) {
    refusal.prompt("the prompt", params.prompt);
    refusal.prompt("the negative prompt", params.negative_prompt);
    refusal.range("width", params.width, 1, kMaxSide);
    refusal.range("height", params.height, 1, kMaxSide);
}

std::string written(const int64_t* shape, size_t dimensions) {
    std::string text;
    for (size_t i = 0; i < dimensions; i++) {
        text += (i == 0 ? "" : "x") + std::to_string(shape[i]);
    }
    return text;
}

// The first dimension of what comes along with latents: one for all, or one for each.
bool is_one_or_each(int64_t count, const int64_t* latents) { return count == 1 || count == latents[0]; }

}  // namespace

std::string why_refused(const sd_img_gen_params_t& params, const ModelTraits& model) {
    Refusal refusal;
    refusal.that(!model.makes_videos, "this model makes videos, no pictures: ask for a video");
    check_prompts_and_size(params, refusal);
    refusal.range("the batch count", params.batch_count, 1, kMaxBatch);
    refusal.that(params.clip_skip <= 0 || params.clip_skip >= model.clip_skip_min,
                 "clip skip is " + std::to_string(params.clip_skip) + ": this model takes " + std::to_string(model.clip_skip_min) +
                     " or more");
    refusal.range("clip skip", params.clip_skip, -1, 12);
    check_sampling(params.sample_params, model, refusal);
    refusal.range("strength", params.strength, 0.f, 1.f);
    refusal.that(std::isfinite(params.control_strength), "the control strength is not a number");
    refusal.image("the initial image", params.init_image, 3);
    refusal.image("the mask", params.mask_image, 1);
    refusal.image("the control image", params.control_image, 3);
    refusal.that(params.ref_images_count == 0 || model.takes_references,
                 "the runtime cannot work from reference images with this model: leave them out");
    check_images("reference images", "a reference image", params.ref_images, params.ref_images_count, refusal);
    check_loras(params.loras, params.lora_count, refusal);
    const sd_hires_params_t& hires = params.hires;
    if (hires.enabled) {
        refusal.that(model.takes_hires, "hires fix does not work with inpaint and edit models");
        refusal.sigmas("hires sigmas", hires.custom_sigmas, hires.custom_sigmas_count);
        refusal.range("the hires upscaler", number(hires.upscaler), 0, SD_HIRES_UPSCALER_COUNT - 1);
        refusal.that(number(hires.upscaler) != SD_HIRES_UPSCALER_MODEL || can_be_read(hires.model_path),
                     "there is no upscaler file " + quoted(hires.model_path));
        refusal.range("the hires scale", hires.scale, 0.f, 64.f);
        refusal.range("the hires width", hires.target_width, 0, kMaxSide);
        refusal.range("the hires height", hires.target_height, 0, kMaxSide);
    }
    return refusal.text();
}

std::string why_refused(const sd_vid_gen_params_t& params, const ModelTraits& model) {
    Refusal refusal;
    refusal.that(model.makes_videos, "this model makes pictures, no videos: ask for pictures");
    check_prompts_and_size(params, refusal);
    refusal.range("the number of frames", params.video_frames, 1, kMaxFrames);
    refusal.range("the frames per second", params.fps, 1, 1000);
    check_sampling(params.sample_params, model, refusal);
    const sd_sample_params_t& high_noise = params.high_noise_sample_params;
    refusal.range("the high noise sampling method", number(high_noise.sample_method), 0, SAMPLE_METHOD_COUNT);
    refusal.range("the high noise steps", high_noise.sample_steps, -1, kMaxSteps);
    refusal.that(std::isfinite(high_noise.guidance.txt_cfg), "the high noise guidance scale is not a number");
    refusal.that(!std::isnan(high_noise.eta), "the high noise eta is not a number");
    refusal.range("the boundary between high and low noise", params.moe_boundary, 0.f, 1.f);
    refusal.range("strength", params.strength, 0.f, 1.f);
    refusal.that(std::isfinite(params.vace_strength), "the strength of the control frames is not a number");
    refusal.image("the first frame", params.init_image, 3);
    refusal.image("the last frame", params.end_image, 3);
    check_images("control frames", "a control frame", params.control_frames, params.control_frames_size, refusal);
    check_loras(params.loras, params.lora_count, refusal);
    refusal.that(!params.hires.enabled, "hires fix is for pictures");
    return refusal.text();
}

std::string why_refused(const sd_image_t& image) {
    Refusal refusal;
    refusal.that(image.data != nullptr, "the image has no pixels");
    refusal.image("the image", image, 3);
    return refusal.text();
}

std::string why_refused(const char* prompt) {
    Refusal refusal;
    refusal.prompt("the prompt", prompt);
    return refusal.text();
}

std::string why_refused(const int64_t* shape, const sdcpp4j_parts& parts, int64_t multiple) {
    std::string what = "the latents' shape is " + written(shape, 4) + ": ";
    if (shape[0] < 1 || shape[0] > kMaxBatch) {
        return what + "give 1 to " + std::to_string(kMaxBatch) + " of them";
    }
    if (shape[1] != parts.latent_channels) {
        return what + "this model's latents have " + std::to_string(parts.latent_channels) + " channels";
    }
    int64_t most = kMaxSide / parts.downscale;
    for (int64_t side : {shape[2], shape[3]}) {
        if (side < 1 || side > most || side % multiple != 0) {
            return what + "their sides must be multiples of " + std::to_string(multiple) + ", up to " + std::to_string(most);
        }
    }
    return "";
}

std::string why_refused(const sdcpp4j_noise_shapes& shapes, const sdcpp4j_parts& parts) {
    if (std::string refusal = why_refused(shapes.latents, parts, parts.latent_multiple); !refusal.empty()) {
        return refusal;
    }
    const std::string each = ", for one or for " + std::to_string(shapes.latents[0]);
    const int64_t* text    = shapes.text;
    if (!is_one_or_each(text[0], shapes.latents) || text[1] < kTokensInChunk || text[1] > kTokensInChunk * kMaxBatch ||
        text[1] % kTokensInChunk != 0 || text[2] != parts.text_width) {
        return "the text's shape is " + written(text, 3) + ": this model takes a multiple of 77 tokens with " +
               std::to_string(parts.text_width) + " numbers each" + each;
    }
    const int64_t* pooled = shapes.pooled;
    if (parts.pooled_width == 0 ? pooled[0] != 0 || pooled[1] != 0
                                : !is_one_or_each(pooled[0], shapes.latents) || pooled[1] != parts.pooled_width) {
        return "the pooled text's shape is " + written(pooled, 2) + ": this model takes " +
               (parts.pooled_width == 0 ? "none" : std::to_string(parts.pooled_width) + " numbers" + each);
    }
    const int64_t* concat = shapes.concat;
    bool has_concat       = concat[0] != 0 || concat[1] != 0 || concat[2] != 0 || concat[3] != 0;
    if (parts.concat_channels == 0 ? has_concat
                                   : !is_one_or_each(concat[0], shapes.latents) || concat[1] != parts.concat_channels ||
                                         concat[2] != shapes.latents[2] || concat[3] != shapes.latents[3]) {
        return (has_concat ? "the shape of what is concatenated is " + written(concat, 4) : "nothing is concatenated") +
               std::string(": this model takes ") +
               (parts.concat_channels == 0
                    ? "latents alone"
                    : std::to_string(parts.concat_channels) + " channels beside the latents, of their height and width" + each);
    }
    return "";
}

std::string why_refused(const sd_image_t& control, float strength, const sdcpp4j_noise_shapes& shapes,
                        const sdcpp4j_parts& parts) {
    if (!parts.has_control_net) {
        return "there is a control image, but the model was loaded without a ControlNet";
    }
    if (std::string refusal = why_refused(control); !refusal.empty()) {
        return refusal;
    }
    int64_t width  = shapes.latents[3] * parts.downscale;
    int64_t height = shapes.latents[2] * parts.downscale;
    if (control.width != width || control.height != height) {
        return "the control image has " + std::to_string(control.width) + "x" + std::to_string(control.height) +
               " pixels: give it " + std::to_string(width) + "x" + std::to_string(height);
    }
    return std::isfinite(strength) ? "" : "the control strength is not a number";
}

}  // namespace sdcpp4j
