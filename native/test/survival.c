/*
 * What sdcpp4j.h promises, on a real model: calls stop when asked to, requests that would crash the runtime are refused,
 * contexts do not mix, everything is given back, and after all of it the picture is the same as before.
 *
 *   sdcpp4j-survival MODEL LORA LORA_OF_ANOTHER_FAMILY
 *
 * One line per check; the exit status is the number of those that failed.
 */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sdcpp4j.h"

enum { SIDE = 64, BYTES = SIDE * SIDE * 3 };

static int failures = 0;

static void check(bool holds, const char* what, const char* detail) {
    printf("%s %s%s%s\n", holds ? "ok" : "NOT OK", what, detail[0] != '\0' ? ": " : "", detail);
    fflush(stdout);
    failures += holds ? 0 : 1;
}

static void on_log(int32_t level, const char* text) {
    (void)level;
    (void)text;
}

/* What one call hears and does. Its address travels as the call's data. */
typedef struct {
    int32_t cancel;
    int32_t cancel_at_phase; /* -1: never */
    int32_t steps_of_sampling;
    int32_t previews;
    int32_t preview_steps[16];
    int32_t preview_width;
} witness;

static void on_progress(int32_t phase, int32_t image, int32_t step, int32_t steps, int64_t data) {
    (void)image;
    (void)step;
    witness* seen = (witness*)(intptr_t)data;
    if (phase == SDCPP4J_PHASE_SAMPLE && steps > 0) {
        seen->steps_of_sampling = steps;
    }
    if (phase == seen->cancel_at_phase) {
        seen->cancel = 1;
    }
}

static void on_preview(int32_t image, int32_t step, int32_t width, int32_t height, const uint8_t* rgb, int64_t data) {
    (void)image;
    (void)height;
    witness* seen = (witness*)(intptr_t)data;
    if (seen->previews < 16) {
        seen->preview_steps[seen->previews] = step;
    }
    seen->preview_width = width + 0 * rgb[0]; /* rgb can be read */
    seen->previews++;
}

static char error[4096];

static sdcpp4j_call call_of(witness* seen) {
    sdcpp4j_call call   = {0};
    call.progress       = on_progress;
    call.data           = (int64_t)(intptr_t)seen;
    call.cancel         = &seen->cancel;
    call.error          = error;
    call.error_capacity = sizeof error;
    return call;
}

static witness nobody(void) {
    witness seen         = {0};
    seen.cancel_at_phase = -1;
    return seen;
}

static sd_img_gen_params_t request(void) {
    sd_img_gen_params_t params;
    sd_img_gen_params_init(&params);
    params.prompt                     = "a (lovely:1.2) cat";
    params.width                      = SIDE;
    params.height                     = SIDE;
    params.seed                       = 5;
    params.sample_params.sample_steps = 2;
    return params;
}

/* The first picture goes to pixels, which may be NULL. */
static int32_t generate(sd_ctx_t* context, witness* seen, const sd_img_gen_params_t* params, uint8_t* pixels) {
    sdcpp4j_call call  = call_of(seen);
    sd_image_t* images = NULL;
    int32_t status     = sdcpp4j_generate_image(&call, context, params, &images);
    if (status == SDCPP4J_OK && pixels != NULL && images[0].width * images[0].height * 3 == BYTES) {
        memcpy(pixels, images[0].data, BYTES);
    }
    sdcpp4j_free_images(images, params->batch_count);
    return status;
}

static int32_t load(const char* path, witness* seen, sd_ctx_t** context) {
    sd_ctx_params_t params;
    sd_ctx_params_init(&params);
    params.model_path = path;
    params.n_threads  = 2;
    sdcpp4j_call call = call_of(seen);
    return sdcpp4j_load(&call, &params, context);
}

static uint8_t expected[BYTES];

static bool still_right(sd_ctx_t* context) {
    static uint8_t pixels[BYTES];
    witness seen               = nobody();
    sd_img_gen_params_t params = request();
    memset(pixels, 0, sizeof pixels);
    return generate(context, &seen, &params, pixels) == SDCPP4J_OK && memcmp(pixels, expected, BYTES) == 0;
}

static void check_loading(const char* path) {
    sd_ctx_t* context = NULL;
    witness seen      = nobody();
    check(load("/no/such/file.safetensors", &seen, &context) == SDCPP4J_FAILED && context == NULL, "a missing file fails", error);
    seen.cancel_at_phase = SDCPP4J_PHASE_LOAD;
    check(load(path, &seen, &context) == SDCPP4J_CANCELLED && context == NULL, "loading stops", error);
    check(sdcpp4j_load(NULL, NULL, NULL) == SDCPP4J_INVALID_ARGUMENT, "no arguments are refused", "");
    sdcpp4j_free_context(NULL);
    sdcpp4j_free_images(NULL, 3);
}

static void check_cancel(sd_ctx_t* context) {
    const char* names[] = {"load", "image encoding", "text encoding", "sampling", "decoding"};
    uint8_t grey[BYTES];
    memset(grey, 128, sizeof grey);
    for (int phase = SDCPP4J_PHASE_ENCODE_IMAGE; phase <= SDCPP4J_PHASE_DECODE; phase++) {
        witness seen               = nobody();
        sd_img_gen_params_t params = request();
        params.init_image          = (sd_image_t){SIDE, SIDE, 3, grey};
        seen.cancel_at_phase       = phase;
        int32_t status             = generate(context, &seen, &params, NULL);
        check(status == SDCPP4J_CANCELLED && still_right(context), "stops in", names[phase]);
    }
    sd_img_gen_params_t tiled       = request();
    witness seen                    = nobody();
    tiled.vae_tiling_params.enabled = true;
    tiled.height                    = 512;
    tiled.sample_params.sample_steps = 1;
    seen.cancel_at_phase            = SDCPP4J_PHASE_DECODE;
    check(generate(context, &seen, &tiled, NULL) == SDCPP4J_CANCELLED && still_right(context), "stops in tiled decoding", "");
}

static void* cancel_soon(void* data) {
    witness* seen         = data;
    struct timespec pause = {0, 1000000L * (seen->cancel_at_phase % 400)};
    nanosleep(&pause, NULL);
    *(volatile int32_t*)&seen->cancel = 1;
    return NULL;
}

static void check_cancel_from_another_thread(sd_ctx_t* context) {
    bool stopped_or_done = true;
    for (int i = 0; i < 12; i++) {
        witness seen         = nobody();
        seen.cancel_at_phase = 100 + i * 37; /* milliseconds; no phase has this number */
        pthread_t other;
        pthread_create(&other, NULL, cancel_soon, &seen);
        sd_img_gen_params_t params = request();
        int32_t status             = generate(context, &seen, &params, NULL);
        pthread_join(other, NULL);
        stopped_or_done = stopped_or_done && (status == SDCPP4J_CANCELLED || status == SDCPP4J_OK);
    }
    check(stopped_or_done && still_right(context), "another thread stops calls at any moment", "");
}

static void refused(sd_ctx_t* context, const char* what, const sd_img_gen_params_t* params) {
    witness seen = nobody();
    error[0]     = '\0';
    check(generate(context, &seen, params, NULL) == SDCPP4J_INVALID_ARGUMENT && error[0] != '\0', what, error);
}

static void check_hostile(sd_ctx_t* context) {
    sd_img_gen_params_t params = request();
    params.width               = 0;
    refused(context, "width 0", &params);
    params        = request();
    params.height = -64;
    refused(context, "negative height", &params);
    params                            = request();
    params.sample_params.sample_steps = 0;
    refused(context, "no steps", &params);
    params             = request();
    params.batch_count = 0;
    refused(context, "an empty batch", &params);
    params                             = request();
    params.sample_params.sample_method = (enum sample_method_t)77;
    refused(context, "an unknown sampler", &params);
    params                            = request();
    params.sample_params.scheduler    = KARRAS_SCHEDULER;
    params.sample_params.sample_steps = 1;
    refused(context, "one karras step", &params);
    params          = request();
    params.strength = NAN;
    refused(context, "strength NaN", &params);
    params            = request();
    uint8_t four[16]  = {0};
    params.init_image = (sd_image_t){2, 2, 4, four};
    refused(context, "an image of four channels", &params);
    params                  = request();
    params.ref_images_count = 2;
    refused(context, "reference images that are not there", &params);
    params         = request();
    char* endless  = malloc(1 << 20);
    memset(endless, 'a', 1 << 20);
    endless[(1 << 20) - 1] = '\0';
    params.prompt          = endless;
    refused(context, "a prompt of a megabyte", &params);
    free(endless);

    witness seen  = nobody();
    params        = request();
    params.prompt = "(a:.)";
    check(generate(context, &seen, &params, NULL) == SDCPP4J_EXCEPTION, "a weight that is no number", error);
    check(still_right(context), "the picture after them", "");
}

static void check_loras(sd_ctx_t* context, const char* lora_path, const char* other_path) {
    static uint8_t with[BYTES];
    sd_lora_t lora             = {false, 1.f, lora_path};
    sd_img_gen_params_t params = request();
    params.loras               = &lora;
    params.lora_count          = 1;
    witness seen               = nobody();
    check(generate(context, &seen, &params, with) == SDCPP4J_OK && memcmp(with, expected, BYTES) != 0, "a LoRA has an effect", "");
    check(still_right(context), "and is gone afterwards", "");
    lora.path = other_path;
    check(generate(context, &seen, &params, NULL) != SDCPP4J_OK, "a LoRA of another family fails", error);
    check(still_right(context), "and leaves the model as it was", "");
    lora.path = "/no/such/lora.safetensors";
    refused(context, "a LoRA that is missing", &params);
}

static void check_previews(sd_ctx_t* context) {
    witness seen               = nobody();
    sd_img_gen_params_t params = request();
    params.sample_params.sample_steps = 5;
    sdcpp4j_call call     = call_of(&seen);
    call.preview          = on_preview;
    call.preview_mode     = PREVIEW_PROJ;
    call.preview_interval = 2;
    sd_image_t* images    = NULL;
    int32_t status        = sdcpp4j_generate_image(&call, context, &params, &images);
    sdcpp4j_free_images(images, 1);
    bool steps = seen.previews == 3 && seen.preview_steps[0] == 2 && seen.preview_steps[1] == 4 && seen.preview_steps[2] == 5;
    check(status == SDCPP4J_OK && steps && seen.preview_width == SIDE / 8, "previews come at every second step and the last", "");
}

static void check_memory_estimate(sd_ctx_t* context) {
    witness seen               = nobody();
    sd_img_gen_params_t params = request();
    sdcpp4j_memory small       = {0};
    sdcpp4j_memory large       = {0};
    sdcpp4j_call call          = call_of(&seen);
    int32_t status             = sdcpp4j_estimate_memory(&call, context, &params, &small);
    params.width               = 512;
    params.height              = 512;
    status |= sdcpp4j_estimate_memory(&call, context, &params, &large);
    check(status == SDCPP4J_OK && small.decode > 0 && small.sample > 0 && large.decode > 8 * small.decode, "memory is estimated", "");
    check(still_right(context), "without a trace", "");
}

typedef struct {
    sd_ctx_t* context;
    int steps;
    bool right;
} worker;

static void* work(void* data) {
    worker* mine = data;
    char own_error[256];
    mine->right = true;
    for (int i = 0; i < 3; i++) {
        witness seen                      = nobody();
        sd_img_gen_params_t params        = request();
        params.sample_params.sample_steps = mine->steps;
        sdcpp4j_call call                 = call_of(&seen);
        call.error                        = own_error;
        call.error_capacity               = sizeof own_error;
        call.preview                      = on_preview;
        call.preview_mode                 = PREVIEW_PROJ;
        call.preview_interval             = mine->steps; /* of each own call, only after its last step */
        sd_image_t* images                = NULL;
        int32_t status                    = sdcpp4j_generate_image(&call, mine->context, &params, &images);
        bool same = mine->steps != 2 || (status == SDCPP4J_OK && memcmp(images[0].data, expected, BYTES) == 0);
        bool previewed = seen.previews == 1 && seen.preview_steps[0] == mine->steps;
        mine->right = mine->right && status == SDCPP4J_OK && seen.steps_of_sampling == mine->steps && same && previewed;
        sdcpp4j_free_images(images, 1);
    }
    return NULL;
}

static void check_two_at_once(sd_ctx_t* context, const char* path) {
    sd_ctx_t* second = NULL;
    witness seen     = nobody();
    check(load(path, &seen, &second) == SDCPP4J_OK, "a second context", "");
    worker workers[2] = {{context, 2, false}, {second, 3, false}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, work, &workers[i]);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    check(workers[0].right && workers[1].right, "two contexts at once do not mix", "");
    sdcpp4j_free_context(second);
}

int main(int argc, char** argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: sdcpp4j-survival MODEL LORA LORA_OF_ANOTHER_FAMILY\n");
        return 2;
    }
    sdcpp4j_set_log(on_log, SD_LOG_ERROR);
    check_loading(argv[1]);
    sd_ctx_t* context = NULL;
    witness seen      = nobody();
    bool loaded       = load(argv[1], &seen, &context) == SDCPP4J_OK;
    check(loaded, "the model loads", error);
    if (loaded) {
        sd_img_gen_params_t params = request();
        check(generate(context, &seen, &params, expected) == SDCPP4J_OK && still_right(context), "a picture, twice the same", "");
        check_cancel(context);
        check_cancel_from_another_thread(context);
        check_hostile(context);
        check_loras(context, argv[2], argv[3]);
        check_previews(context);
        check_memory_estimate(context);
        check_two_at_once(context, argv[1]);
        sdcpp4j_free_context(context);
    }
    check(sdcpp4j_live_objects() == 0, "everything was given back", "");
    return failures;
}
