/* Command line, and what both commands need: failing, numbers, the model. */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static const char kHelp[] =
    "sdcpp4j-bench: stable-diffusion.cpp called from C, as a reference for its Java binding\n"
    "\n"
    "sdcpp4j-bench generate --model FILE [MODEL OPTIONS] REQUEST...\n"
    "    Loads the model once and makes the pictures of each request, one request after the other.\n"
    "\n"
    "    REQUEST is one argument of key=value pairs, or @FILE with the name of a file that holds them. Pairs are\n"
    "    separated by the unit separator (0x1f); without any, by newlines. A value is everything behind the first '=',\n"
    "    as UTF-8. What is left out keeps upstream's default.\n"
    "        prompt, negative          texts\n"
    "        width, height             pixels\n"
    "        steps, seed, batch        numbers; picture n of a batch has the seed + n\n"
    "        cfg, eta, strength        numbers with a point\n"
    "        clip_skip                 a layer counted from the last\n"
    "        sampler, scheduler        upstream's names, such as euler_a and karras\n"
    "        init                      a raw picture to start from\n"
    "        out                       required: picture n goes to the raw file OUT.n.rgb\n"
    "    A raw picture is its width and height, 32 bits little-endian each, then R G B bytes row by row.\n"
    "    Example: sdcpp4j-bench generate --model m.safetensors $'prompt=a cat\\nwidth=64\\nheight=64\\nseed=7\\nout=cat'\n"
    "\n"
    "sdcpp4j-bench time [--model FILE] [MODEL OPTIONS] [--quick] [--only NAME]\n"
    "    Prints a JSON line for each measured piece of work: its name, the unit, the median and all samples.\n"
    "    Without a model, only the pieces that need none. --only keeps the names that start with NAME.\n"
    "\n"
    "sdcpp4j-bench serve --model FILE [MODEL OPTIONS]\n"
    "    Reads a piece of work a line from stdin, does it once and prints a JSON line:\n"
    "        load                      loads the model and frees it\n"
    "        picture SIDE STEPS        a picture by upstream's own function\n"
    "        phases SIDE STEPS         the same by the guarded one: text encoding, sampling and decoding apart\n"
    "        peak                      the most memory that was resident by now\n"
    "\n"
    "sdcpp4j-bench devices\n"
    "    Prints a line for each device: its name, for a CPU whose code it runs, and its description, with tabs between.\n"
    "\n"
    "sdcpp4j-bench backends --model FILE [MODEL OPTIONS] [--size N] [--rounds N] BACKEND...\n"
    "    Times the text encoder, the diffusion model and the VAE on each backend, in turns, and tells\n"
    "    how far their answers are from the first one's. BACKEND is a name such as cpu or fastcpu-bf16, with a lower processor level as in fastcpu-f32@avx2.\n"
    "\n"
    "MODEL OPTIONS\n"
    "    --vae FILE      another VAE than the model's\n"
    "    --taesd FILE    a tiny autoencoder in the VAE's place\n"
    "    --threads N     CPU threads; upstream's choice by default\n"
    "    --rng NAME      cuda (default), cpu or std_default\n"
    "    --type NAME     converts the weights, such as f32, f16 or q8_0\n"
    "    --backend NAME  where to compute, such as cpu; the first GPU or the own CPU backend by default\n"
    "    --mmap          maps the file in place of reading it\n"
    "    --flash-attention, --diffusion-flash-attention, --diffusion-conv-direct, --vae-conv-direct\n"
    "                    other ways to compute; off by default\n"
    "\n"
    "Ends with status 0, or with 1 and a sentence on stderr.\n";

void fail(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fflush(stdout);
    fputs("sdcpp4j-bench: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

void* checked(void* memory) {
    if (memory == NULL) {
        fail("out of memory");
    }
    return memory;
}

const char* option_value(int argc, char** argv, int* index) {
    const char* option = argv[*index];
    if (++*index >= argc) {
        fail("%s needs a value: see --help", option);
    }
    return argv[*index];
}

bool model_option(sd_ctx_params_t* params, int argc, char** argv, int* index) {
    const char* option = argv[*index];
    if (strcmp(option, "--model") == 0) {
        params->model_path = option_value(argc, argv, index);
    } else if (strcmp(option, "--vae") == 0) {
        params->vae_path = option_value(argc, argv, index);
    } else if (strcmp(option, "--taesd") == 0) {
        params->taesd_path = option_value(argc, argv, index);
    } else if (strcmp(option, "--threads") == 0) {
        params->n_threads = (int)parse_integer(option, option_value(argc, argv, index), 1, 1024);
    } else if (strcmp(option, "--backend") == 0) {
        params->backend = option_value(argc, argv, index);
    } else if (strcmp(option, "--mmap") == 0) {
        params->enable_mmap = true;
    } else if (strcmp(option, "--flash-attention") == 0) {
        params->flash_attn = true;
    } else if (strcmp(option, "--diffusion-flash-attention") == 0) {
        params->diffusion_flash_attn = true;
    } else if (strcmp(option, "--diffusion-conv-direct") == 0) {
        params->diffusion_conv_direct = true;
    } else if (strcmp(option, "--vae-conv-direct") == 0) {
        params->vae_conv_direct = true;
    } else if (strcmp(option, "--rng") == 0) {
        const char* name = option_value(argc, argv, index);
        params->rng_type = str_to_rng_type(name);
        if (params->rng_type == RNG_TYPE_COUNT) {
            fail("there is no generator '%s': use cuda, cpu or std_default", name);
        }
    } else if (strcmp(option, "--type") == 0) {
        const char* name = option_value(argc, argv, index);
        params->wtype    = str_to_sd_type(name);
        if (params->wtype == SD_TYPE_COUNT) {
            fail("there is no weight type '%s': use f32, f16, bf16, q8_0 ...", name);
        }
    } else {
        return false;
    }
    return true;
}

static void on_log(enum sd_log_level_t level, const char* text, void* data) {
    (void)data;
    if (level >= SD_LOG_WARN) {
        fputs(text, stderr);
    }
}

/* Without a callback upstream draws progress bars on stdout. */
static void on_progress(int step, int steps, float time, void* data) {
    (void)step;
    (void)steps;
    (void)time;
    (void)data;
}

sd_ctx_t* load_model(const sd_ctx_params_t* params) {
    sd_set_log_callback(on_log, NULL);
    sd_set_progress_callback(on_progress, NULL);
    sd_ctx_t* context = new_sd_ctx(params);
    if (context == NULL) {
        fail("%s cannot be loaded: the lines above say why", params->model_path);
    }
    return context;
}

int64_t parse_integer(const char* name, const char* text, int64_t min, int64_t max) {
    char* end;
    errno           = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < min || value > max) {
        fail("%s is '%s': give a whole number from %lld to %lld", name, text, (long long)min, (long long)max);
    }
    return value;
}

float parse_float(const char* name, const char* text) {
    char* end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(value)) {
        fail("%s is '%s': give a number", name, text);
    }
    return (float)value; /* by way of double, as Java's requests have it */
}

static int run_devices(void) {
    for (int32_t i = 0; i < sdcpp4j_device_count(); i++) {
        sdcpp4j_device device;
        sdcpp4j_device_at(i, &device);
        printf("%s\t%s\t%s\n", device.name, device.code, device.description);
    }
    return EXIT_SUCCESS;
}

int main(int argc, char** argv) {
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        fputs(kHelp, stdout);
        return EXIT_SUCCESS;
    }
    if (argc >= 2 && strcmp(argv[1], "generate") == 0) {
        return run_generate(argc - 2, argv + 2);
    }
    if (argc >= 2 && strcmp(argv[1], "time") == 0) {
        return run_time(argc - 2, argv + 2);
    }
    if (argc >= 2 && strcmp(argv[1], "serve") == 0) {
        return run_serve(argc - 2, argv + 2);
    }
    if (argc == 2 && strcmp(argv[1], "devices") == 0) {
        return run_devices();
    }
    if (argc >= 2 && strcmp(argv[1], "backends") == 0) {
        return run_backends(argc - 2, argv + 2);
    }
    fail("give a command, generate, time, serve, devices or backends: see --help");
}
