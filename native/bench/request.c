/* Requests as text: key=value pairs. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define UNIT_SEPARATOR '\x1f'

static void put(bench_request* request, const char* key, const char* value) {
    sd_img_gen_params_t* params = &request->params;
    sd_sample_params_t* sample  = &params->sample_params;
    if (strcmp(key, "prompt") == 0) {
        params->prompt = value;
    } else if (strcmp(key, "negative") == 0) {
        params->negative_prompt = value;
    } else if (strcmp(key, "width") == 0) {
        params->width = (int)parse_integer(key, value, 1, INT_MAX);
    } else if (strcmp(key, "height") == 0) {
        params->height = (int)parse_integer(key, value, 1, INT_MAX);
    } else if (strcmp(key, "steps") == 0) {
        sample->sample_steps = (int)parse_integer(key, value, 1, INT_MAX);
    } else if (strcmp(key, "cfg") == 0) {
        sample->guidance.txt_cfg = parse_float(key, value);
    } else if (strcmp(key, "sampler") == 0) {
        sample->sample_method = str_to_sample_method(value);
        if (sample->sample_method == SAMPLE_METHOD_COUNT) {
            fail("there is no sampler '%s': use upstream's names, such as euler_a", value);
        }
    } else if (strcmp(key, "scheduler") == 0) {
        sample->scheduler = str_to_scheduler(value);
        if (sample->scheduler == SCHEDULER_COUNT) {
            fail("there is no scheduler '%s': use upstream's names, such as karras", value);
        }
    } else if (strcmp(key, "seed") == 0) {
        params->seed = parse_integer(key, value, 0, INT64_MAX);
    } else if (strcmp(key, "batch") == 0) {
        params->batch_count = (int)parse_integer(key, value, 1, INT_MAX);
    } else if (strcmp(key, "clip_skip") == 0) {
        params->clip_skip = (int)parse_integer(key, value, INT_MIN, INT_MAX);
    } else if (strcmp(key, "eta") == 0) {
        sample->eta = parse_float(key, value);
    } else if (strcmp(key, "strength") == 0) {
        params->strength = parse_float(key, value);
    } else if (strcmp(key, "init") == 0) {
        request->init = value;
    } else if (strcmp(key, "out") == 0) {
        request->out = value;
    } else {
        fail("there is no key '%s' in a request: see --help", key);
    }
}

bench_request parse_request(const char* argument) {
    bench_request request = {0};
    sd_img_gen_params_init(&request.params);
    if (argument[0] == '@') {
        size_t size;
        request.text = read_file(argument + 1, &size);
        if (strlen(request.text) != size) {
            fail("%s holds a NUL byte: a request is text", argument + 1);
        }
    } else {
        request.text = checked(strdup(argument));
    }

    char separator = strchr(request.text, UNIT_SEPARATOR) != NULL ? UNIT_SEPARATOR : '\n';
    for (char* pair = request.text; pair != NULL;) {
        char* next = strchr(pair, separator);
        if (next != NULL) {
            *next++ = '\0';
        }
        if (*pair != '\0') { /* nothing stands behind a last separator */
            char* equals = strchr(pair, '=');
            if (equals == NULL) {
                fail("'%s' in a request is no key=value pair: see --help", pair);
            }
            *equals = '\0';
            put(&request, pair, equals + 1);
        }
        pair = next;
    }
    if (request.out == NULL) {
        fail("a request has no key 'out', which says where the pictures go: see --help");
    }
    return request;
}

void free_request(bench_request* request) {
    free(request->text);
}
