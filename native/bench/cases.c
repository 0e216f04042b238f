/*
 * time: the pieces of work that the Java benchmarks in jmh/ measure as well, under the names that jmh/Table.java knows.
 * Loading is done by the guarded function, which reads all weights as the binding does; pictures by upstream's own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static const char kPrompt[]   = "a (red:1.2) fox in the snow, [blurry] trees, golden hour, highly detailed, 35mm photograph";
static const char kNegative[] = "lowres, bad anatomy, extra fingers, cropped, worst quality, jpeg artifacts, watermark";

/* --- a call that does nothing ------------------------------------------------------------------------------- */

static volatile int64_t consumed;

static void empty_call(void* state, int64_t times) {
    (void)state;
    int64_t sum = 0;
    for (int64_t i = 0; i < times; i++) {
        sum += sdcpp4j_abi_version();
    }
    consumed = sum;
}

/* --- a progress report -------------------------------------------------------------------------------------- */

static volatile int32_t reported[4];

static void on_report(int32_t phase, int32_t image, int32_t step, int32_t steps, int64_t data) {
    (void)data;
    reported[0] = phase;
    reported[1] = image;
    reported[2] = step;
    reported[3] = steps;
}

static void report(void* state, int64_t times) {
    (void)state;
    /* Read again for each call, so that it stays an indirect one. */
    static volatile sdcpp4j_progress_fn function = on_report;
    for (int64_t i = 0; i < times; i++) {
        function(SDCPP4J_PHASE_SAMPLE, 0, (int32_t)i, 20, 1);
    }
}

/* --- a request ---------------------------------------------------------------------------------------------- */

/* A copy from the heap, as the binding must make one. */
static char* copy_of(const char* text) {
    size_t bytes = strlen(text) + 1;
    return memcpy(checked(malloc(bytes)), text, bytes);
}

void fill_params(sd_img_gen_params_t* params, int size, int steps) {
    sd_img_gen_params_init(params);
    params->prompt          = copy_of(kPrompt);
    params->negative_prompt = copy_of(kNegative);
    params->width           = size;
    params->height          = size;
    params->seed            = 42;
    params->batch_count     = 1;
    params->clip_skip       = 2;

    sd_sample_params_t* sample = &params->sample_params;
    sample->sample_steps       = steps;
    sample->sample_method      = EULER_A_SAMPLE_METHOD;
    sample->scheduler          = KARRAS_SCHEDULER;
    sample->eta                = 1.f;
    sample->guidance.txt_cfg   = 7.f;
}

void free_params(sd_img_gen_params_t* params) {
    free((char*)params->prompt);
    free((char*)params->negative_prompt);
}

/* Seen from outside, so that nothing of the struct can be left out. */
static const sd_img_gen_params_t* volatile filled;

static void request(void* state, int64_t times) {
    (void)state;
    for (int64_t i = 0; i < times; i++) {
        sd_img_gen_params_t params;
        fill_params(&params, 512, 20);
        filled = &params;
        free_params(&params);
    }
    filled = NULL;
}

/* --- pixels ------------------------------------------------------------------------------------------------- */

typedef struct {
    size_t bytes;
    uint8_t* from;
    uint8_t* to;
} pixels;

static pixels pixels_of(size_t side) {
    pixels p = {side * side * 3, checked(malloc(side * side * 3)), checked(malloc(side * side * 3))};
    memset(p.from, 127, p.bytes);
    memset(p.to, 0, p.bytes);
    return p;
}

static void copy_pixels(void* state, int64_t times) {
    static void* (*volatile copy)(void*, const void*, size_t) = memcpy;
    pixels* p = state;
    for (int64_t i = 0; i < times; i++) {
        copy(p->to, p->from, p->bytes);
    }
}

/* Seen from outside, so that the memory cannot be left out. */
static void* volatile made;

/* A picture's own memory: what a caller of the C API has to get, and to give back. */
static void new_pixels(void* state, int64_t times) {
    static void* (*volatile copy)(void*, const void*, size_t) = memcpy;
    pixels* p = state;
    for (int64_t i = 0; i < times; i++) {
        void* memory = checked(malloc(p->bytes));
        copy(memory, p->from, p->bytes);
        made = memory;
        free(memory);
    }
}

/* --- a model, and pictures ---------------------------------------------------------------------------------- */

static void load(void* state, int64_t times) {
    const sd_ctx_params_t* params = state;
    for (int64_t i = 0; i < times; i++) {
        char error[1024];
        sdcpp4j_call call = {.error = error, .error_capacity = sizeof(error)};
        sd_ctx_t* context;
        if (sdcpp4j_load(&call, params, &context) != SDCPP4J_OK) {
            fail("%s cannot be loaded: %s", params->model_path, error);
        }
        sdcpp4j_free_context(context);
    }
}

typedef struct {
    sd_ctx_t* context;
    int size;
    int steps;
} picture;

static void generate(void* state, int64_t times) {
    const picture* p = state;
    for (int64_t i = 0; i < times; i++) {
        sd_img_gen_params_t params;
        fill_params(&params, p->size, p->steps);
        sd_image_t* images = generate_image(p->context, &params);
        if (images == NULL) {
            fail("no picture came back");
        }
        free_sd_images(images, params.batch_count);
        free_params(&params);
    }
}

/* --- the command -------------------------------------------------------------------------------------------- */

static const bench_effort kFull  = {.sample_ns = 20e6, .budget_ns = 20e9, .min_samples = 5, .max_samples = 51};
static const bench_effort kQuick = {.sample_ns = 5e6, .budget_ns = 2e9, .min_samples = 1, .max_samples = 15};

static const char* only = "";

static bool wanted(const char* name) { return strncmp(name, only, strlen(only)) == 0; }

static void measure_if_wanted(const char* name, bench_work work, void* state, const bench_effort* effort) {
    if (wanted(name)) {
        measure(name, work, state, effort);
    }
}

static void on_log(int32_t level, const char* text) {
    (void)level;
    fprintf(stderr, "%s\n", text);
}

static void measure_model(const sd_ctx_params_t* params, const bench_effort* effort) {
    /* As the binding does: upstream would format each of its many log lines even for a callback that drops them. */
    sdcpp4j_set_log(on_log, SD_LOG_WARN);
    measure_if_wanted("load", load, (void*)params, effort);

    if (!wanted("generate64") && !wanted("generate256")) {
        return;
    }
    sd_ctx_t* context = load_model(params);
    picture small     = {context, 64, 2};
    picture medium    = {context, 256, 4};
    measure_if_wanted("generate64", generate, &small, effort);
    measure_if_wanted("generate256", generate, &medium, effort);
    free_sd_ctx(context);
}

int run_time(int argc, char** argv) {
    const bench_effort* effort = &kFull;
    sd_ctx_params_t params;
    sd_ctx_params_init(&params);
    for (int index = 0; index < argc; index++) {
        if (strcmp(argv[index], "--quick") == 0) {
            effort = &kQuick;
        } else if (strcmp(argv[index], "--only") == 0) {
            only = option_value(argc, argv, &index);
        } else if (!model_option(&params, argc, argv, &index)) {
            fail("there is no option %s: see --help", argv[index]);
        }
    }

    measure_if_wanted("call", empty_call, NULL, effort);
    measure_if_wanted("progress", report, NULL, effort);
    measure_if_wanted("request", request, NULL, effort);
    pixels p512  = pixels_of(512);
    pixels p1024 = pixels_of(1024);
    measure_if_wanted("copy512", copy_pixels, &p512, effort);
    measure_if_wanted("copy1024", copy_pixels, &p1024, effort);
    measure_if_wanted("new512", new_pixels, &p512, effort);
    measure_if_wanted("new1024", new_pixels, &p1024, effort);
    free(p512.from);
    free(p512.to);
    free(p1024.from);
    free(p1024.to);
    if (params.model_path != NULL) {
        measure_model(&params, effort);
    }
    return EXIT_SUCCESS;
}
