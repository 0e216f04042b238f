/*
 * Two copies of the library in one process, from two folders, and with them a foreign ggml whose every function ends the
 * process: each copy uses its own code and nobody else's.
 *
 *   sdcpp4j-neighbours MODEL STRANGER LIBRARY [LIBRARY]
 *
 * STRANGER is libsdcpp4j-stranger.so, LIBRARY a libsdcpp4j.so. All are loaded for everyone to see (RTLD_GLOBAL).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdcpp4j.h"

enum { SIDE = 64, BYTES = SIDE * SIDE * 3 };

static void on_log(int32_t level, const char* text) {
    fprintf(stderr, "%s %s\n", level >= SD_LOG_WARN ? "warning:" : "log:", text);
}

static void* function(void* library, const char* name) {
    void* found = dlsym(library, name);
    if (found == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    return found;
}

#define FUNCTION(name) __typeof__(&name) my_##name = (__typeof__(&name))function(library, #name)

static void generate(void* library, const char* model, uint8_t* pixels) {
    FUNCTION(sdcpp4j_set_log);
    FUNCTION(sdcpp4j_load);
    FUNCTION(sdcpp4j_generate_image);
    FUNCTION(sdcpp4j_free_images);
    FUNCTION(sdcpp4j_free_context);
    FUNCTION(sd_ctx_params_init);
    FUNCTION(sd_img_gen_params_init);
    char error[4096]    = "";
    sdcpp4j_call call   = {0};
    call.error          = error;
    call.error_capacity = sizeof error;
    my_sdcpp4j_set_log(on_log, SD_LOG_WARN);

    sd_ctx_params_t load;
    my_sd_ctx_params_init(&load);
    load.model_path     = model;
    load.n_threads      = 2;
    sd_ctx_t* context   = NULL;
    sd_image_t* images  = NULL;
    sd_img_gen_params_t request;
    my_sd_img_gen_params_init(&request);
    request.prompt                     = "a cat";
    request.width                      = SIDE;
    request.height                     = SIDE;
    request.seed                       = 5;
    request.sample_params.sample_steps = 2;
    if (my_sdcpp4j_load(&call, &load, &context) != SDCPP4J_OK ||
        my_sdcpp4j_generate_image(&call, context, &request, &images) != SDCPP4J_OK) {
        fprintf(stderr, "no picture: %s\n", error);
        exit(1);
    }
    memcpy(pixels, images[0].data, BYTES);
    my_sdcpp4j_free_images(images, 1);
    my_sdcpp4j_free_context(context);
}

int main(int argc, char** argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: sdcpp4j-neighbours MODEL STRANGER LIBRARY [LIBRARY]\n");
        return 2;
    }
    static uint8_t first[BYTES];
    static uint8_t next[BYTES];
    for (int i = 2; i < argc; i++) {
        if (dlopen(argv[i], RTLD_NOW | RTLD_GLOBAL) == NULL) {
            fprintf(stderr, "%s\n", dlerror());
            return 1;
        }
    }
    for (int round = 0; round < 2; round++) {
        for (int i = 3; i < argc; i++) {
            generate(dlopen(argv[i], RTLD_NOW | RTLD_NOLOAD), argv[1], next);
            if (round == 0 && i == 3) {
                memcpy(first, next, BYTES);
            }
            if (memcmp(first, next, BYTES) != 0) {
                fprintf(stderr, "%s makes another picture than %s\n", argv[i], argv[3]);
                return 1;
            }
        }
    }
    printf("ok %d copies beside a foreign ggml\n", argc - 3);
    return 0;
}
