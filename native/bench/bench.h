/* What the files of sdcpp4j-bench share. */
#ifndef SDCPP4J_BENCH_H
#define SDCPP4J_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "sdcpp4j.h"

#if defined(__GNUC__)
#define BENCH_PRINTF(text, arguments) __attribute__((format(printf, text, arguments)))
#else
#define BENCH_PRINTF(text, arguments)
#endif

/* --- main.c ------------------------------------------------------------------------------------------------- */

/* Writes one sentence to stderr and ends the process with status 1. Nothing is freed: the process is over. */
_Noreturn void fail(const char* format, ...) BENCH_PRINTF(1, 2);

/* Ends the process when memory is NULL; otherwise returns it. */
void* checked(void* memory);

/* Takes argv[*index] and its value when it is an option about the model; *index is then at the value. */
bool model_option(sd_ctx_params_t* params, int argc, char** argv, int* index);

/* The value of the option at argv[*index]; *index is then at the value. */
const char* option_value(int argc, char** argv, int* index);

/* Upstream's new_sd_ctx, or the end of the process. Warnings of upstream go to stderr. */
sd_ctx_t* load_model(const sd_ctx_params_t* params);

/* The whole text as a number of the range, or the end of the process; name is for the message. */
int64_t parse_integer(const char* name, const char* text, int64_t min, int64_t max);
float parse_float(const char* name, const char* text);

/* --- request.c ---------------------------------------------------------------------------------------------- */

/* One picture request. The other fields point into text. */
typedef struct {
    char* text;
    sd_img_gen_params_t params;
    const char* init; /* a raw picture's file, or NULL: read late, as an earlier request may write it */
    const char* out;
} bench_request;

/* argument: key=value pairs, or @FILE with the file that holds them; see --help. */
bench_request parse_request(const char* argument);
void free_request(bench_request* request);

/* --- rgb.c -------------------------------------------------------------------------------------------------- */

/* Raw pictures: width and height as 32-bit little-endian numbers, then R G B bytes row by row. */
sd_image_t read_rgb(const char* path);
void write_rgb(const char* path, const sd_image_t* image);

/* A whole file with a NUL behind it; *size without the NUL. To be freed. */
char* read_file(const char* path, size_t* size);

/* --- measure.c ---------------------------------------------------------------------------------------------- */

typedef struct {
    double sample_ns; /* a sample repeats short work until it takes about this long */
    double budget_ns; /* no sample is begun after this much time, once there are min_samples */
    int min_samples;
    int max_samples;
} bench_effort;

/* The monotonic clock. */
double now_ns(void);

/* Does the work `times` times. */
typedef void (*bench_work)(void* state, int64_t times);

/* Prints one JSON line about the work. */
void measure(const char* name, bench_work work, void* state, const bench_effort* effort);

/* --- cases.c ------------------------------------------------------------------------------------------------ */

/* The request of all measured pictures; the same as in jmh's BenchmarkModel. Its texts are freed by the other. */
void fill_params(sd_img_gen_params_t* params, int size, int steps);
void free_params(sd_img_gen_params_t* params);

/* --- the commands ------------------------------------------------------------------------------------------- */

int run_generate(int argc, char** argv); /* generate.c */
int run_time(int argc, char** argv);     /* cases.c */
int run_serve(int argc, char** argv);    /* serve.c */
int run_backends(int argc, char** argv); /* backends.c */

#endif
