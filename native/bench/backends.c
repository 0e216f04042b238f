/*
 * backends: the text encoder, the diffusion model's evaluation and the VAE's decoding, on one backend after another in turns, so that all of
 * them meet the same state of the machine. CPU time of all threads is told beside the wall time: on a busy machine it is
 * the one to compare.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

#define MAX_BACKENDS 8
#define MAX_ROUNDS 64
#define PARTS 3

enum { TEXT, UNET, VAE };

typedef struct {
    const char* argument; /* NAME or NAME@LEVEL */
    sd_ctx_t* context;
    float* text;
    float* noise;
    uint8_t* pixels;
    double first[PARTS]; /* the call that meets cold memory */
    double wall[PARTS][MAX_ROUNDS];
    double cpu[PARTS][MAX_ROUNDS];
} backend;

static double seconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static sdcpp4j_call new_call(char* error, size_t capacity) {
    sdcpp4j_call call   = {0};
    call.error          = error;
    call.error_capacity = capacity;
    return call;
}

static void load(backend* it, const sd_ctx_params_t* model) {
    char name[128];
    snprintf(name, sizeof(name), "%s", it->argument);
    char* level = strchr(name, '@');
    if (level != NULL) {
        *level++ = '\0';
        setenv("SDCPP4J_CPU_LEVEL", level, 1);
    } else {
        unsetenv("SDCPP4J_CPU_LEVEL");
    }
    sd_ctx_params_t params = *model;
    params.backend         = name;
    char error[4096];
    sdcpp4j_call call = new_call(error, sizeof(error));
    if (sdcpp4j_load(&call, &params, &it->context) != SDCPP4J_OK) {
        fail("%s: %s", it->argument, error);
    }
}

static int by_value(const void* a, const void* b) {
    double x = *(const double*)a;
    double y = *(const double*)b;
    return (x > y) - (x < y);
}

static double median(const double* samples, int count) {
    double sorted[MAX_ROUNDS];
    memcpy(sorted, samples, (size_t)count * sizeof(double));
    qsort(sorted, (size_t)count, sizeof(double), by_value);
    return count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

static double decibel(double peak, double squares, int64_t count) {
    return squares == 0 ? INFINITY : 10 * log10(peak * peak * (double)count / squares);
}

int run_backends(int argc, char** argv) {
    sd_ctx_params_t model;
    sd_ctx_params_init(&model);
    int size   = 256;
    int rounds = 3;
    int index  = 0;
    for (; index < argc && argv[index][0] == '-'; index++) {
        if (strcmp(argv[index], "--size") == 0) {
            size = (int)parse_integer("--size", option_value(argc, argv, &index), 64, 4096);
        } else if (strcmp(argv[index], "--rounds") == 0) {
            rounds = (int)parse_integer("--rounds", option_value(argc, argv, &index), 1, MAX_ROUNDS);
        } else if (!model_option(&model, argc, argv, &index)) {
            fail("there is no option %s: see --help", argv[index]);
        }
    }
    int count = argc - index;
    if (model.model_path == NULL || count < 1 || count > MAX_BACKENDS) {
        fail("give --model and 1 to %d backends: see --help", MAX_BACKENDS);
    }
    backend* all = checked(calloc((size_t)count, sizeof(backend)));
    char error[4096];
    for (int i = 0; i < count; i++) {
        all[i].argument = argv[index + i];
        load(&all[i], &model);
    }

    sdcpp4j_parts parts;
    sdcpp4j_call call = new_call(error, sizeof(error));
    if (sdcpp4j_describe_parts(&call, all[0].context, &parts) != SDCPP4J_OK) {
        fail("%s", error);
    }
    int side                    = size / parts.downscale;
    sdcpp4j_noise_shapes shapes = {{1, parts.latent_channels, side, side}, {1, 77, parts.text_width}, {0}, {0}};
    int64_t latent_count        = (int64_t)parts.latent_channels * side * side;
    int64_t text_count          = 77 * (int64_t)parts.text_width;
    float* latents              = checked(malloc((size_t)latent_count * sizeof(float)));
    float* pooled               = NULL;
    if (parts.pooled_width > 0) {
        pooled           = checked(malloc((size_t)parts.pooled_width * sizeof(float)));
        shapes.pooled[0] = 1;
        shapes.pooled[1] = parts.pooled_width;
    }
    uint32_t dice = 12345;
    for (int64_t i = 0; i < latent_count; i++) {
        dice       = dice * 1664525u + 1013904223u;
        latents[i] = (float)(dice >> 8) / 8388608.f - 1.f;
    }
    int64_t pixel_count = 3 * (int64_t)side * side * parts.downscale * parts.downscale;
    for (int i = 0; i < count; i++) {
        all[i].text   = checked(malloc((size_t)text_count * sizeof(float)));
        all[i].noise  = checked(malloc((size_t)latent_count * sizeof(float)));
        all[i].pixels = checked(malloc((size_t)pixel_count));
    }
    for (int round = -1; round < rounds; round++) { /* the one before the first is told apart */
        for (int i = 0; i < count; i++) {
            for (int part = 0; part < PARTS; part++) {
                double wall = seconds(CLOCK_MONOTONIC);
                double cpu  = seconds(CLOCK_PROCESS_CPUTIME_ID);
                call        = new_call(error, sizeof(error));
                int32_t status;
                if (part == TEXT) {
                    status = sdcpp4j_encode_text(&call, all[i].context, "a lighthouse on a cliff at dusk", -1, size, size, 77, all[i].text, pooled);
                } else if (part == UNET) { /* all with the first one's text */
                    status = sdcpp4j_predict_noise(&call, all[i].context, &shapes, latents, 500, all[0].text, pooled, NULL, NULL, 0, all[i].noise);
                } else {
                    status = sdcpp4j_decode_latents(&call, all[i].context, latents, shapes.latents, 0, all[i].pixels);
                }
                if (status != SDCPP4J_OK) {
                    fail("%s: %s", all[i].argument, error);
                }
                if (round < 0) {
                    all[i].first[part] = seconds(CLOCK_MONOTONIC) - wall;
                } else {
                    all[i].wall[part][round] = seconds(CLOCK_MONOTONIC) - wall;
                    all[i].cpu[part][round]  = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
                }
            }
        }
    }

    static const char* const kNames[PARTS] = {"text", "unet", "vae"};
    for (int part = 0; part < PARTS; part++) {
        for (int i = 0; i < count; i++) {
            double squares       = 0;
            double peak          = part == VAE ? 255 : 0;
            int64_t values       = part == TEXT ? text_count : part == UNET ? latent_count : pixel_count;
            const float* first   = part == TEXT ? all[0].text : all[0].noise;
            const float* answers = part == TEXT ? all[i].text : all[i].noise;
            for (int64_t j = 0; j < values; j++) {
                double d = part == VAE ? (double)all[i].pixels[j] - all[0].pixels[j] : (double)answers[j] - first[j];
                squares += d * d;
                peak = part == VAE ? peak : fmax(peak, fabs(first[j]));
            }
            double wall = median(all[i].wall[part], rounds);
            double cpu  = median(all[i].cpu[part], rounds);
            printf("%-4s %4d %-26s first %8.3f s  wall %8.3f s  cpu %8.3f s  speed-up wall %5.2f cpu %5.2f  %6.1f dB from %s\n", kNames[part], size,
                   all[i].argument, all[i].first[part], wall, cpu, median(all[0].wall[part], rounds) / wall, median(all[0].cpu[part], rounds) / cpu,
                   decibel(peak, squares, values), all[0].argument);
        }
    }
    for (int i = 0; i < count; i++) {
        sdcpp4j_free_context(all[i].context);
        free(all[i].text);
        free(all[i].noise);
        free(all[i].pixels);
    }
    free(latents);
    free(pooled);
    free(all);
    return EXIT_SUCCESS;
}
