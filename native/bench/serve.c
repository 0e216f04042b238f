/* serve: pieces of work on demand, so that another process can take turns with this one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench.h"

static void on_log(int32_t level, const char* text) {
    (void)level;
    fprintf(stderr, "%s\n", text);
}

/* Without a callback upstream draws progress bars on stdout. */
static void on_progress(int step, int steps, float time, void* data) {
    (void)step;
    (void)steps;
    (void)time;
    (void)data;
}

static sd_ctx_t* guarded_load(const sd_ctx_params_t* params) {
    char error[1024];
    sdcpp4j_call call = {.error = error, .error_capacity = sizeof(error)};
    sd_ctx_t* context;
    if (sdcpp4j_load(&call, params, &context) != SDCPP4J_OK) {
        fail("%s cannot be loaded: %s", params->model_path, error);
    }
    return context;
}

/* One picture by upstream's own function, with the struct filled and everything freed. */
static double picture(sd_ctx_t* context, int side, int steps) {
    double start = now_ns();
    sd_img_gen_params_t params;
    fill_params(&params, side, steps);
    sd_image_t* images = generate_image(context, &params);
    if (images == NULL) {
        fail("no picture came back");
    }
    free_sd_images(images, params.batch_count);
    free_params(&params);
    return now_ns() - start;
}

/* The same through the guarded function, which knows how long each phase took. */
static void phases(sd_ctx_t* context, int side, int steps, double* seconds) {
    char error[1024];
    sdcpp4j_call call = {.error = error, .error_capacity = sizeof(error)};
    sd_img_gen_params_t params;
    fill_params(&params, side, steps);
    sd_image_t* images = NULL;
    if (sdcpp4j_generate_image(&call, context, &params, &images) != SDCPP4J_OK) {
        fail("no picture came back: %s", error);
    }
    sdcpp4j_free_images(images, params.batch_count);
    free_params(&params);
    memcpy(seconds, call.seconds, sizeof(call.seconds));
}

static double peak_bytes(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss * 1024;
}

int run_serve(int argc, char** argv) {
    sd_ctx_params_t params;
    sd_ctx_params_init(&params);
    for (int index = 0; index < argc; index++) {
        if (!model_option(&params, argc, argv, &index)) {
            fail("there is no option %s: see --help", argv[index]);
        }
    }
    if (params.model_path == NULL) {
        fail("--model is missing: see --help");
    }
    sdcpp4j_set_log(on_log, SD_LOG_WARN); /* as the binding does */
    sd_set_progress_callback(on_progress, NULL);

    sd_ctx_t* context = NULL;
    char line[128];
    while (fgets(line, sizeof(line), stdin) != NULL) {
        int side;
        int steps;
        if (strcmp(line, "load\n") == 0) {
            double start = now_ns();
            sdcpp4j_free_context(guarded_load(&params));
            printf("{\"ns\": %.0f}\n", now_ns() - start);
        } else if (sscanf(line, "picture %d %d", &side, &steps) == 2) {
            context = context != NULL ? context : guarded_load(&params);
            printf("{\"ns\": %.0f}\n", picture(context, side, steps));
        } else if (sscanf(line, "phases %d %d", &side, &steps) == 2) {
            context = context != NULL ? context : guarded_load(&params);
            double seconds[SDCPP4J_PHASE_COUNT];
            phases(context, side, steps, seconds);
            printf("{\"text\": %.0f, \"sample\": %.0f, \"decode\": %.0f}\n", seconds[SDCPP4J_PHASE_ENCODE_TEXT] * 1e9,
                   seconds[SDCPP4J_PHASE_SAMPLE] * 1e9, seconds[SDCPP4J_PHASE_DECODE] * 1e9);
        } else if (strcmp(line, "peak\n") == 0) {
            printf("{\"bytes\": %.0f}\n", peak_bytes());
        } else {
            fail("there is no work called %s: see --help", line);
        }
        fflush(stdout);
    }
    sdcpp4j_free_context(context);
    return EXIT_SUCCESS;
}
