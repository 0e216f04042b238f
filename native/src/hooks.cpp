// Upstream keeps one log, one progress and one preview callback and one racy log buffer for the whole process. The build renames
// those functions where upstream defines them (util.cpp, see CMakeLists.txt), so that all its callers arrive here instead
// and are told apart by the thread's job. Without a job, for example when upstream's own C API is called directly,
// everything goes on to upstream's version.

#include <atomic>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <mutex>
#include <string>

#include "ggml.h"
#include "guard.h"
#include "hooks.h"
#include "job.h"

void log_printf(sd_log_level_t level, const char* file, int line, const char* format, ...);
void sdcpp4j_upstream_log_printf(sd_log_level_t level, const char* file, int line, const char* format, ...);
void sdcpp4j_upstream_pretty_progress(int step, int steps, float time);
void sdcpp4j_upstream_pretty_bytes_progress(int step, int steps, uint64_t bytes, float seconds);
sd_preview_cb_t sdcpp4j_upstream_get_preview_callback();
void* sdcpp4j_upstream_get_preview_callback_data();
preview_t sdcpp4j_upstream_get_preview_mode();
bool sdcpp4j_upstream_should_preview_denoised();
bool sdcpp4j_upstream_should_preview_noisy();

namespace {

using sdcpp4j::Job;

std::atomic<sdcpp4j_log_fn> log_sink{nullptr};
std::atomic<int32_t> log_min_level{SD_LOG_ERROR + 1};

std::string format_line(const char* format, va_list args) {
    va_list again;
    va_copy(again, args);
    int length = std::vsnprintf(nullptr, 0, format, args);
    std::string line(length > 0 ? length : 0, '\0');
    std::vsnprintf(line.data(), line.size() + 1, format, again);
    va_end(again);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) {
        line.pop_back();
    }
    return line;
}

void on_preview(int step, int, sd_image_t* frames, bool, void* data) {
    const Job& job = *static_cast<Job*>(data);
    job.call().preview(job.image(), step, static_cast<int32_t>(frames[0].width), static_cast<int32_t>(frames[0].height),
                       frames[0].data, job.call().data);
}

#if defined(__GNUC__)
// ggml replaces the process's terminate handler by one that starts a debugger. This runs ahead of it, sdcpp4j_set_log after.
std::terminate_handler host_terminate_handler = nullptr;
__attribute__((constructor(101))) void keep_terminate_handler() { host_terminate_handler = std::get_terminate(); }
void restore_terminate_handler() { std::set_terminate(host_terminate_handler); }
#else
void restore_terminate_handler() {}
#endif

const auto replaced_abort_callback = ggml_set_abort_callback(sdcpp4j::on_ggml_abort);

}  // namespace

void sdcpp4j::on_ggml_abort(const char* message) {
    // Only where a guard waits on this very thread; elsewhere unwinding would pass through code that cannot take it,
    // such as an OpenMP region, and the process ends as ggml wants it, with the reason in the log.
    if (Job::current() != nullptr) {
        throw sdcpp4j::GgmlAbort(message);
    }
    if (sdcpp4j_log_fn sink = log_sink) {
        sink(SD_LOG_ERROR, message);
    }
}

// ggml has a logger of its own, which prints until upstream's first context replaces it.
void sdcpp4j::on_ggml_log(ggml_log_level level, const char* text, void*) {
    sd_log_level_t as_ours = level == GGML_LOG_LEVEL_ERROR  ? SD_LOG_ERROR
                             : level == GGML_LOG_LEVEL_WARN ? SD_LOG_WARN
                             : level == GGML_LOG_LEVEL_INFO ? SD_LOG_INFO
                                                            : SD_LOG_DEBUG;
    log_printf(as_ours, "ggml", 0, "%s", text);
}

void sdcpp4j::log_line(sd_log_level_t level, const std::string& text) {
    sdcpp4j_log_fn sink = log_sink;
    if (sink != nullptr && level >= log_min_level) {
        sink(level, text.c_str());
    }
}

extern "C" void sdcpp4j_set_log(sdcpp4j_log_fn log, int32_t min_level) {
    log_sink      = log;
    log_min_level = min_level;
    ggml_log_set(sdcpp4j::on_ggml_log, nullptr);
    static std::once_flag once;
    std::call_once(once, restore_terminate_handler);
}

// The functions below have upstream's names and signatures (src/core/util.h).

void log_printf(sd_log_level_t level, const char* file, int line, const char* format, ...) {
    if (Job* job = Job::current()) {
        job->mark(format);
        if (job->quiet() && level > SD_LOG_DEBUG) {
            level = SD_LOG_DEBUG;
        }
    }
    sdcpp4j_log_fn sink = log_sink;
    if (sink != nullptr && level < log_min_level && level < SD_LOG_WARN) {
        return;
    }

    va_list args;
    va_start(args, format);
    std::string text = format_line(format, args);
    va_end(args);

    if (level >= SD_LOG_WARN) {
        Job::remember(text.c_str());
    }
    if (sink == nullptr) {
        sdcpp4j_upstream_log_printf(level, file, line, "%s", text.c_str());
    } else if (level >= log_min_level) {
        sink(level, text.c_str());
    }
}

// Sampling steps, and VAE or upscaler tiles.
void pretty_progress(int step, int steps, float time) {
    if (Job* job = Job::current()) {
        job->progress(step, steps);
    } else {
        sdcpp4j_upstream_pretty_progress(step, steps, time);
    }
}

// Weights read from a file.
void pretty_bytes_progress(int step, int steps, uint64_t bytes, float seconds) {
    if (Job* job = Job::current()) {
        job->load_progress(step, steps);
    } else {
        sdcpp4j_upstream_pretty_bytes_progress(step, steps, bytes, seconds);
    }
}

// Read once at the start of sampling.
sd_preview_cb_t sd_get_preview_callback() {
    if (Job* job = Job::current()) {
        return job->call().preview == nullptr ? nullptr : on_preview;
    }
    return sdcpp4j_upstream_get_preview_callback();
}

void* sd_get_preview_callback_data() {
    Job* job = Job::current();
    return job != nullptr ? job : sdcpp4j_upstream_get_preview_callback_data();
}

preview_t sd_get_preview_mode() {
    Job* job = Job::current();
    return job != nullptr ? static_cast<preview_t>(job->call().preview_mode) : sdcpp4j_upstream_get_preview_mode();
}

// Asked at each step, before the preview is computed: a step without a preview costs nothing.
bool sd_should_preview_denoised() {
    if (Job* job = Job::current()) {
        return job->call().preview != nullptr && job->shows_preview(job->step() + 1, job->steps());
    }
    return sdcpp4j_upstream_should_preview_denoised();
}

bool sd_should_preview_noisy() {
    return Job::current() == nullptr && sdcpp4j_upstream_should_preview_noisy();
}
