#pragma once

#include <string>

#include "sdcpp4j.h"

namespace sdcpp4j {

// What the loaded model means for a request.
struct ModelTraits {
    bool has_ays_levels;    // the AYS scheduler has a table for this family
    bool takes_hires;       // false for models whose UNet takes more than the latent
    bool takes_references;  // false where upstream reads past an array then
    int clip_skip_min;      // the last layers that the runtime never loads cannot be read
    bool makes_videos;      // and no pictures, or the other way round
};

// Why the runtime must not see this request: it would crash, hang, read past an array or ignore what was asked for. Empty
// when it may. The text says what was wrong, with the value.
std::string why_refused(const sd_img_gen_params_t& params, const ModelTraits& model);
std::string why_refused(const sd_vid_gen_params_t& params, const ModelTraits& model);
// The same for a picture to be worked on, and for a prompt alone.
std::string why_refused(const sd_image_t& image);
std::string why_refused(const char* prompt);
// The same for latents, N x channels x height x width, whose sides must be multiples of a number.
std::string why_refused(const int64_t* shape, const sdcpp4j_parts& parts, int64_t multiple);
// The same for what a diffusion model is to be asked, and for the picture that its ControlNet is to be shown.
std::string why_refused(const sdcpp4j_noise_shapes& shapes, const sdcpp4j_parts& parts);
std::string why_refused(const sd_image_t& control, float strength, const sdcpp4j_noise_shapes& shapes,
                        const sdcpp4j_parts& parts);

}  // namespace sdcpp4j
