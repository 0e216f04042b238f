/* How long a piece of work takes: samples on the monotonic clock, and their median. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"

/* Work that takes this many times a sample's length even at first is surely not to be repeated. */
#define LONG_WORK 20

double now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double sample(bench_work work, void* state, int64_t times) {
    double start = now_ns();
    work(state, times);
    return now_ns() - start;
}

static int by_value(const void* a, const void* b) {
    double x = *(const double*)a;
    double y = *(const double*)b;
    return (x > y) - (x < y);
}

static double median(const double* samples, int count) {
    double* sorted = checked(malloc((size_t)count * sizeof(double)));
    for (int i = 0; i < count; i++) {
        sorted[i] = samples[i];
    }
    qsort(sorted, (size_t)count, sizeof(double), by_value);
    double middle = count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
    free(sorted);
    return middle;
}

void measure(const char* name, bench_work work, void* state, const bench_effort* effort) {
    /* The first run is in no sample: it reads weights and touches memory. Nor is what finds out how often to repeat. */
    int64_t times = 1;
    double took   = sample(work, state, times);
    while (took < effort->sample_ns * LONG_WORK) {
        took = sample(work, state, times);
        if (took >= effort->sample_ns) {
            break;
        }
        double more = took > 0 ? effort->sample_ns / took * 1.2 : 10;
        times       = (int64_t)((double)times * (more > 10 ? 10 : more)) + 1;
    }

    double* samples = checked(malloc((size_t)effort->max_samples * sizeof(double)));
    double end      = now_ns() + effort->budget_ns;
    int count       = 0;
    while (count < effort->max_samples && (count < effort->min_samples || now_ns() < end)) {
        samples[count++] = sample(work, state, times) / (double)times;
    }

    printf("{\"name\": \"%s\", \"unit\": \"ns/op\", \"score\": %.3f, \"samples\": [", name, median(samples, count));
    for (int i = 0; i < count; i++) {
        printf("%s%.3f", i == 0 ? "" : ", ", samples[i]);
    }
    printf("]}\n");
    fflush(stdout);
    free(samples);
}
