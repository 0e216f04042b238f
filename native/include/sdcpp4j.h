/*
 * The C ABI of sdcpp4j: guarded entry points around stable-diffusion.cpp.
 *
 * Rules that hold for every function here:
 *  - No C++ exception crosses. Calls that can fail return an sdcpp4j_status and write the reason into call->error.
 *  - Nothing is printed. Log lines go to the function set with sdcpp4j_set_log.
 *  - What is handed out has a function here that takes it back; NULL is accepted there.
 *  - A context is used by one thread at a time. Different contexts may be used by different threads.
 *
 * Plain C99, fixed-width types, structs only by pointer: made to be bound.
 */
#ifndef SDCPP4J_H
#define SDCPP4J_H

#include <stdint.h>

#include "stable-diffusion.h"

/* Changed whenever a function, a struct or the meaning of a value changes. */
#define SDCPP4J_ABI_VERSION 7

#if defined(_WIN32)
#define SDCPP4J_API __declspec(dllexport)
#else
#define SDCPP4J_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum sdcpp4j_status {
    SDCPP4J_OK               = 0,
    SDCPP4J_INVALID_ARGUMENT = 1, /* a value that the runtime cannot take; nothing was started */
    SDCPP4J_FAILED           = 2, /* the runtime reported failure */
    SDCPP4J_OUT_OF_MEMORY    = 3,
    SDCPP4J_EXCEPTION        = 4, /* a C++ exception was caught */
    SDCPP4J_ABORTED          = 5, /* a ggml assertion was caught; the context must not be used again */
    SDCPP4J_CANCELLED        = 6, /* call->cancel was set; the context can be used again */
    SDCPP4J_NOT_A_NUMBER     = 7, /* a part of the model computed NaN; the context can be used again */
};

/* What a call is busy with. A call passes through them in this order; parts may be skipped. */
enum sdcpp4j_phase {
    SDCPP4J_PHASE_LOAD         = 0, /* weights: step = tensors read so far */
    SDCPP4J_PHASE_ENCODE_IMAGE = 1, /* pictures to latents, or to an embedding */
    SDCPP4J_PHASE_ENCODE_TEXT  = 2, /* prompts to embeddings */
    SDCPP4J_PHASE_SAMPLE       = 3, /* denoising: step = steps done */
    SDCPP4J_PHASE_DECODE       = 4, /* latents to pictures: step = images done, or tiles when tiled */
    SDCPP4J_PHASE_UPSCALE      = 5, /* pixels to more pixels: step = tiles done */
    SDCPP4J_PHASE_WRITE        = 6, /* a converted file is written: no steps */
    SDCPP4J_PHASE_COUNT        = 7,
};

/*
 * Progress of one call, on the thread that made the call. (step 0 of 0) announces a phase.
 * image: index in the batch, 0 outside sampling and decoding. Must not throw or unwind.
 */
typedef void (*sdcpp4j_progress_fn)(int32_t phase, int32_t image, int32_t step, int32_t steps, int64_t data);

/*
 * One preview picture: width * height RGB bytes, valid during the call only. Must not throw or unwind.
 * image and step as in sdcpp4j_progress_fn.
 */
typedef void (*sdcpp4j_preview_fn)(int32_t image, int32_t step, int32_t width, int32_t height, const uint8_t* rgb,
                                   int64_t data);

/* One log line without its newline. level: enum sd_log_level_t. May come from any thread. Must not throw or unwind. */
typedef void (*sdcpp4j_log_fn)(int32_t level, const char* text);

/* What one call carries besides its arguments; owned by the caller, used during the call only. */
typedef struct sdcpp4j_call {
    sdcpp4j_progress_fn progress;          /* may be NULL */
    int64_t data;                          /* handed to progress and preview */
    const int32_t* cancel;                 /* may be NULL; another thread sets *cancel to non-zero to stop the call */
    sdcpp4j_preview_fn preview;            /* may be NULL */
    int32_t preview_mode;                  /* enum preview_t; how latents become the preview picture */
    int32_t preview_interval;              /* a preview after every so many steps, and after the last */
    char* error;                           /* receives a NUL-terminated UTF-8 text on failure, may be NULL */
    uint64_t error_capacity;               /* bytes at error */
    double seconds[SDCPP4J_PHASE_COUNT];   /* out: wall time by phase */
    int64_t bytes_needed;                  /* out, with SDCPP4J_OUT_OF_MEMORY: what was wanted, 0 when that is not known */
    int64_t bytes_free;                    /* and what there was */
} sdcpp4j_call;

/* Size of a struct (field == NULL) or offset and size of one of its fields, as this library was compiled. */
typedef struct sdcpp4j_layout_entry {
    const char* type;
    const char* field;
    uint64_t offset;
    uint64_t size;
} sdcpp4j_layout_entry;

/* What a model file holds, read from its header alone. */
typedef struct sdcpp4j_inspection {
    const char* family;        /* static text such as "SD 1.x"; NULL when it is no known model */
    int64_t tensors;
    int64_t parameters;
    int64_t weight_bytes;      /* memory that the weights need as they are stored */
    int32_t has_diffusion;     /* 0 or 1 each */
    int32_t has_text_encoder;
    int32_t has_vae;
    int32_t weight_type;       /* enum sd_type_t of most diffusion weights, SD_TYPE_COUNT when none */
} sdcpp4j_inspection;

/* Bytes that one generate_image call needs: the weights, and beside them, by phase; phases do not overlap. 0: the phase is left out. */
typedef struct sdcpp4j_memory {
    int64_t weights;
    int64_t encode_image;
    int64_t sample;
    int64_t decode;
    int64_t device_free; /* free bytes of the device that computes; -1 when that is the host */
} sdcpp4j_memory;

/* How much of a LoRA a model has a place for. */
typedef struct sdcpp4j_lora_match {
    int64_t tensors; /* in the file */
    int64_t used;    /* of these, the ones that change a weight of the model */
} sdcpp4j_lora_match;

/* A prompt as the text encoder reads it: chunks of 77, each from a start token to one or more end tokens. */
typedef struct sdcpp4j_tokens {
    int32_t count;
    const int32_t* ids;
    const float* weights;
    const char* const* texts; /* what a token stands for; NULL for start, end and padding */
} sdcpp4j_tokens;

/* What the parts of a model take and give: SD 1.x, SD 2.x and SDXL alone. */
typedef struct sdcpp4j_parts {
    int32_t latent_channels; /* 4 */
    int32_t downscale;       /* pixels that a latent's pixel stands for, along each side: 8 */
    int32_t latent_multiple; /* sides of latents that the diffusion model takes are multiples of this: 8 */
    int32_t text_width;      /* numbers of a token's embedding: 768, 1024 or 2048 */
    int32_t pooled_width;    /* numbers of the pooled embedding: 2816 for SDXL, 0 for the others */
    int32_t concat_channels; /* what the diffusion model takes beside the latents: 5 for inpainting, 4 for edits, 1 for depth, else 0 */
    int32_t prediction;      /* enum prediction_t: what the diffusion model answers; a flow is told as FLOW_PRED */
    int32_t has_control_net; /* 0 or 1 */
    float scaling_factor;    /* the VAE's latents times this are the diffusion model's; 1 with a TAESD */
} sdcpp4j_parts;

/* Shapes of what a diffusion model is asked with, the slowest dimension first; all 0 for what is left out. */
typedef struct sdcpp4j_noise_shapes {
    int64_t latents[4]; /* N, channels, height, width */
    int64_t text[3];    /* 1 or N, tokens (a multiple of 77), width */
    int64_t pooled[2];  /* 1 or N, width */
    int64_t concat[4];  /* 1 or N, channels, height and width of the latents */
} sdcpp4j_noise_shapes;

/* --- identity of the library ------------------------------------------------------------------------------- */

SDCPP4J_API int32_t sdcpp4j_abi_version(void);
/* "diffusion-rs-sys 0.1.20", or "local" for a build from a given source tree */
SDCPP4J_API const char* sdcpp4j_upstream_version(void);
/* The CMake preset, such as "cpu". */
SDCPP4J_API const char* sdcpp4j_preset(void);
/* Points *entries to a static table and returns its length. */
SDCPP4J_API int32_t sdcpp4j_layout(const sdcpp4j_layout_entry** entries);
/* Contexts and picture arrays handed out and not yet taken back, and calls in progress. */
SDCPP4J_API int64_t sdcpp4j_live_objects(void);

/* --- devices ----------------------------------------------------------------------------------------------- */

/* Something that computes; static texts. */
typedef struct sdcpp4j_device {
    const char* name;        /* as backends are named: "CPU", "CUDA0" */
    const char* description; /* what it is */
    const char* code;        /* for the CPU: which kind of CPU the code in use was compiled for, or what it is; else empty */
    int32_t is_cpu;          /* 0 or 1 */
} sdcpp4j_device;

/* How many there are: the CPU, and GPUs that were found by the first call that needs them. */
SDCPP4J_API int32_t sdcpp4j_device_count(void);
/* The device of an index below the count. */
SDCPP4J_API void sdcpp4j_device_at(int32_t index, sdcpp4j_device* out);
/* Bytes of the device's own memory; of a CPU all of the machine's, free or not. */
SDCPP4J_API int32_t sdcpp4j_device_memory(sdcpp4j_call* call, int32_t index, int64_t* free, int64_t* total);

/* --- logging ----------------------------------------------------------------------------------------------- */

/* Process-wide. NULL switches logging off. Lines below min_level (enum sd_log_level_t) are not formatted. */
SDCPP4J_API void sdcpp4j_set_log(sdcpp4j_log_fn log, int32_t min_level);

/* --- contexts ---------------------------------------------------------------------------------------------- */

/* Opens the files and reads all weights, unless params_backend or max_vram ask for weights on demand. */
SDCPP4J_API int32_t sdcpp4j_load(sdcpp4j_call* call, const sd_ctx_params_t* params, sd_ctx_t** context);
SDCPP4J_API void sdcpp4j_free_context(sd_ctx_t* context);
/* The family's name as in sdcpp4j_inspection; static text. */
SDCPP4J_API const char* sdcpp4j_context_family(const sd_ctx_t* context);
/* Pictures are made in multiples of this many pixels; other sizes are rounded up by the runtime. */
SDCPP4J_API int32_t sdcpp4j_size_multiple(const sd_ctx_t* context);

/* --- pictures ---------------------------------------------------------------------------------------------- */

/*
 * Measures what the same generate_image call would need, without computing anything: the graphs are built and laid out,
 * not run. Text encoding is left out, it needs little. Weights that are read on demand would be read: then all is 0.
 */
SDCPP4J_API int32_t sdcpp4j_estimate_memory(sdcpp4j_call* call, sd_ctx_t* context, const sd_img_gen_params_t* params,
                                            sdcpp4j_memory* out);
/* Fills *images with params->batch_count pictures; sdcpp4j_free_images takes them back. Not for models that make videos. */
SDCPP4J_API int32_t sdcpp4j_generate_image(sdcpp4j_call* call, sd_ctx_t* context, const sd_img_gen_params_t* params,
                                           sd_image_t** images);
SDCPP4J_API void sdcpp4j_free_images(sd_image_t* images, int32_t count);

/* --- videos ------------------------------------------------------------------------------------------------ */

/* As sdcpp4j_estimate_memory, for a video; sampling is left out. */
SDCPP4J_API int32_t sdcpp4j_estimate_video_memory(sdcpp4j_call* call, sd_ctx_t* context, const sd_vid_gen_params_t* params,
                                                  sdcpp4j_memory* out);
/*
 * Fills *frames with *count pictures, at most params->video_frames: models make 4n+1 or 8n+1. sdcpp4j_free_images takes them
 * back. Only for models of which sd_ctx_supports_video_generation is true. Sound is left out.
 */
SDCPP4J_API int32_t sdcpp4j_generate_video(sdcpp4j_call* call, sd_ctx_t* context, const sd_vid_gen_params_t* params,
                                           sd_image_t** frames, int32_t* count);

/* --- prompts and LoRAs ------------------------------------------------------------------------------------- */

/*
 * Compares a LoRA file with the model, from their headers. A tensor that belongs to a weight of another shape, or is
 * quantised, is an SDCPP4J_INVALID_ARGUMENT: applying it would end in an assertion.
 */
SDCPP4J_API int32_t sdcpp4j_match_lora(sdcpp4j_call* call, sd_ctx_t* context, const char* path, sdcpp4j_lora_match* out);
/* Only for models with a CLIP text encoder (SD 1.x, SD 2.x, SDXL). sdcpp4j_free_tokens takes *tokens back. */
SDCPP4J_API int32_t sdcpp4j_tokenize(sdcpp4j_call* call, sd_ctx_t* context, const char* prompt, sdcpp4j_tokens** tokens);
SDCPP4J_API void sdcpp4j_free_tokens(sdcpp4j_tokens* tokens);

/* --- the parts of a model --------------------------------------------------------------------------------- */

/*
 * For SD 1.x, SD 2.x and SDXL, and without LoRAs. Floats lie in the caller's memory, one after the other, in the order of
 * PyTorch: N, channels, height, width. What is written is allocated by the caller, as large as the text says.
 */
SDCPP4J_API int32_t sdcpp4j_describe_parts(sdcpp4j_call* call, sd_ctx_t* context, sdcpp4j_parts* out);
/* The share of the picture's variance at each of the training's timesteps; count is 1000. Not for EDM and flow models. */
SDCPP4J_API int32_t sdcpp4j_alphas_cumprod(sdcpp4j_call* call, sd_ctx_t* context, float* out, int32_t count);
/* How many tokens a prompt's embedding has: a multiple of 77. */
SDCPP4J_API int32_t sdcpp4j_text_tokens(sdcpp4j_call* call, sd_ctx_t* context, const char* prompt, int32_t* tokens);
/*
 * Writes tokens * text_width floats, and pooled_width floats to pooled (may be NULL when that is 0). tokens: as told by
 * sdcpp4j_text_tokens. clip_skip: as in generate_image, -1 for the model's own. width, height: of the picture to be, which
 * SDXL is told with the pooled embedding. An empty prompt is encoded as generate_image does a negative one.
 */
SDCPP4J_API int32_t sdcpp4j_encode_text(sdcpp4j_call* call, sd_ctx_t* context, const char* prompt, int32_t clip_skip,
                                        int32_t width, int32_t height, int32_t tokens, float* text, float* pooled);
/*
 * RGB to latents for the diffusion model: 1, latent_channels, height / downscale, width / downscale. The mean of what the VAE
 * answers, or with sampled a sample, by the model's generator and the seed. tiled: 0 or 1.
 */
SDCPP4J_API int32_t sdcpp4j_encode_image(sdcpp4j_call* call, sd_ctx_t* context, const sd_image_t* image, int32_t sampled,
                                         int64_t seed, int32_t tiled, float* latents);
/* N latents of the diffusion model to N RGB pictures, downscale times as wide and high. shape: 4 numbers. tiled: 0 or 1. */
SDCPP4J_API int32_t sdcpp4j_decode_latents(sdcpp4j_call* call, sd_ctx_t* context, const float* latents, const int64_t* shape,
                                           int32_t tiled, uint8_t* rgb);
/* The same by a projection, at once and roughly: pictures of the latents' own size. */
SDCPP4J_API int32_t sdcpp4j_preview_latents(sdcpp4j_call* call, sd_ctx_t* context, const float* latents, const int64_t* shape,
                                            uint8_t* rgb);
/*
 * Asks the diffusion model, N times one after the other, and writes as many floats as the latents have: noise or velocity.
 * The latents are already scaled as the model takes them. pooled and concat are NULL where their shape is 0. control may be
 * NULL; its picture has the size of the picture to be. Memory is kept until another function works with the context.
 */
SDCPP4J_API int32_t sdcpp4j_predict_noise(sdcpp4j_call* call, sd_ctx_t* context, const sdcpp4j_noise_shapes* shapes,
                                          const float* latents, float timestep, const float* text, const float* pooled,
                                          const float* concat, const sd_image_t* control, float control_strength,
                                          float* output);
/* Gives back now what sdcpp4j_predict_noise keeps. */
SDCPP4J_API int32_t sdcpp4j_rest(sdcpp4j_call* call, sd_ctx_t* context);

/* --- upscaling --------------------------------------------------------------------------------------------- */

/* An ESRGAN model; used by one thread at a time. */
typedef struct sdcpp4j_upscaler sdcpp4j_upscaler;

/* tile_size: pixels of the input that are computed at once, as a square; 0 for all of them. */
SDCPP4J_API int32_t sdcpp4j_load_upscaler(sdcpp4j_call* call, const char* path, int32_t tile_size, int32_t threads,
                                          int32_t conv_direct, const char* backend, sdcpp4j_upscaler** upscaler);
SDCPP4J_API void sdcpp4j_free_upscaler(sdcpp4j_upscaler* upscaler);
/* How many times as wide and high a picture becomes. */
SDCPP4J_API int32_t sdcpp4j_upscale_factor(const sdcpp4j_upscaler* upscaler);
/* image: RGB. *images becomes an array of one picture; sdcpp4j_free_images takes it back. */
SDCPP4J_API int32_t sdcpp4j_upscale(sdcpp4j_call* call, sdcpp4j_upscaler* upscaler, const sd_image_t* image,
                                    sd_image_t** images);

/* --- what a picture shows ---------------------------------------------------------------------------------- */

/*
 * A safety checker's image encoder, CLIP ViT-L/14 with its projection, under the names that diffusers gives; used by one thread
 * at a time.
 */
typedef struct sdcpp4j_vision sdcpp4j_vision;

SDCPP4J_API int32_t sdcpp4j_load_vision(sdcpp4j_call* call, const char* path, int32_t threads, const char* backend,
                                        sdcpp4j_vision** vision);
SDCPP4J_API void sdcpp4j_free_vision(sdcpp4j_vision* vision);
/* Reads any tensor of the same file, such as concept_embeds, as floats; count: how many it has. */
SDCPP4J_API int32_t sdcpp4j_vision_table(sdcpp4j_call* call, sdcpp4j_vision* vision, const char* name, float* values,
                                         int64_t count);
/* pixels: 3 * 224 * 224 floats, red, green, blue, normalised as CLIP wants them. embedding: receives 768 floats. */
SDCPP4J_API int32_t sdcpp4j_embed_picture(sdcpp4j_call* call, sdcpp4j_vision* vision, const float* pixels, float* embedding);

/* --- files ------------------------------------------------------------------------------------------------- */

SDCPP4J_API int32_t sdcpp4j_inspect(sdcpp4j_call* call, const char* path, sdcpp4j_inspection* out);
/*
 * Reads a model file, and with vae a VAE into it, converts the weights and writes all to output, as safetensors if it ends
 * so, else as GGUF. type: SD_TYPE_COUNT leaves the weights as they are. rules: as tensor_type_rules. The whole model is in
 * memory meanwhile. Reading and writing are not interrupted by call->cancel. vae and rules may be NULL.
 */
SDCPP4J_API int32_t sdcpp4j_convert(sdcpp4j_call* call, const char* input, const char* vae, const char* output, int32_t type,
                                    const char* rules);
/* Replaces an RGB picture by its edges, white on black (Canny). */
SDCPP4J_API int32_t sdcpp4j_canny(sdcpp4j_call* call, const sd_image_t* image, float high_threshold, float low_threshold,
                                  float weak, float strong);

#ifdef __cplusplus
}
#endif

#endif
