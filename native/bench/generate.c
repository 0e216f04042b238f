/* generate: pictures by upstream's own functions, written as raw files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static void write_pictures(const bench_request* request, const sd_image_t* images) {
    for (int i = 0; i < request->params.batch_count; i++) {
        if (images[i].data == NULL || images[i].channel != 3) {
            fail("picture %d of %s has no RGB pixels", i, request->out);
        }
        size_t capacity = strlen(request->out) + 32;
        char* path      = checked(malloc(capacity));
        snprintf(path, capacity, "%s.%d.rgb", request->out, i);
        write_rgb(path, &images[i]);
        printf("%s\n", path);
        free(path);
    }
}

int run_generate(int argc, char** argv) {
    sd_ctx_params_t model;
    sd_ctx_params_init(&model);
    int index = 0;
    while (index < argc && argv[index][0] == '-') {
        if (!model_option(&model, argc, argv, &index)) {
            fail("there is no option %s: see --help", argv[index]);
        }
        index++;
    }
    if (model.model_path == NULL) {
        fail("--model is missing: see --help");
    }
    if (index == argc) {
        fail("give at least one request: see --help");
    }

    /* All of them, so that a slip in the last one shows before the first picture. */
    int count               = argc - index;
    bench_request* requests = checked(calloc((size_t)count, sizeof(bench_request)));
    for (int i = 0; i < count; i++) {
        requests[i] = parse_request(argv[index + i]);
    }

    sd_ctx_t* context = load_model(&model);
    for (int i = 0; i < count; i++) {
        sd_img_gen_params_t params = requests[i].params;
        if (requests[i].init != NULL) {
            params.init_image = read_rgb(requests[i].init);
        }
        sd_image_t* images = generate_image(context, &params);
        if (images == NULL) {
            fail("no picture came back for request %d (%s)", i + 1, requests[i].out);
        }
        write_pictures(&requests[i], images);
        free_sd_images(images, params.batch_count);
        free(params.init_image.data);
        free_request(&requests[i]);
    }
    free_sd_ctx(context);
    free(requests);
    return EXIT_SUCCESS;
}
