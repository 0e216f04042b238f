#include "job.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <vector>

namespace sdcpp4j {
namespace {

thread_local Job* current_job = nullptr;

std::mutex jobs_mutex;
std::vector<Job*> running_jobs;  // guarded by jobs_mutex

constexpr size_t kMaxRemembered = 4096;

// Upstream has no callback between text encoding, sampling and decoding, but it logs each transition on the calling
// thread. The source is pinned by checksum, so its log formats are as stable as its functions.
enum class Transition { ENCODE_TEXT, SAMPLE, NEXT_IMAGE, DECODE, IMAGE_DECODED, WRITE };
struct Mark {
    const char* prefix;
    Transition transition;
};
constexpr Mark kMarks[] = {
    {"encode_first_stage completed", Transition::ENCODE_TEXT},
    {"get_learned_condition completed", Transition::SAMPLE},
    {"generating image: ", Transition::NEXT_IMAGE},
    {"decoding %zu latents", Transition::DECODE},
    {"generating latent video completed", Transition::DECODE},
    {"latent %zu decoded", Transition::IMAGE_DECODED},
    {"load tensors done", Transition::WRITE},
};

}  // namespace

Job::Job(sdcpp4j_call* call) : call_(call), outer_(current_job), since_(Clock::now()) {
    std::fill(std::begin(call_->seconds), std::end(call_->seconds), 0.0);
    if (call_->error != nullptr && call_->error_capacity > 0) {
        call_->error[0] = '\0';
    }
    std::lock_guard<std::mutex> lock(jobs_mutex);
    running_jobs.push_back(this);
    current_job = this;
}

Job::~Job() {
    close_phase();
    std::lock_guard<std::mutex> lock(jobs_mutex);
    running_jobs.erase(std::find(running_jobs.begin(), running_jobs.end(), this));
    current_job = outer_;
}

Job* Job::current() { return current_job; }

size_t Job::count() {
    std::lock_guard<std::mutex> lock(jobs_mutex);
    return running_jobs.size();
}

void Job::enter(sdcpp4j_phase phase) {
    close_phase();
    phase_ = phase;
    report(phase_, 0, 0);
}

void Job::close_phase() {
    auto now = Clock::now();
    if (phase_ >= 0) {
        call_->seconds[phase_] += std::chrono::duration<double>(now - since_).count();
    }
    since_ = now;
}

void Job::mark(const char* format) {
    for (const Mark& mark : kMarks) {
        if (std::strncmp(format, mark.prefix, std::strlen(mark.prefix)) != 0) {
            continue;
        }
        switch (mark.transition) {
            case Transition::ENCODE_TEXT:
                enter(SDCPP4J_PHASE_ENCODE_TEXT);
                break;
            case Transition::SAMPLE:
                enter(SDCPP4J_PHASE_SAMPLE);
                break;
            case Transition::NEXT_IMAGE:
                image_++;
                break;
            case Transition::DECODE:
                image_ = 0;
                enter(SDCPP4J_PHASE_DECODE);
                break;
            case Transition::IMAGE_DECODED:
                report(phase_, 1, 1);
                image_++;
                break;
            case Transition::WRITE:
                enter(SDCPP4J_PHASE_WRITE);
                break;
        }
        return;
    }
}

const char* Job::not_a_number_source() const {
    switch (not_a_number_phase_) {
        case SDCPP4J_PHASE_ENCODE_IMAGE:
            return "the VAE's encoder";
        case SDCPP4J_PHASE_ENCODE_TEXT:
            return "the text encoder";
        case SDCPP4J_PHASE_SAMPLE:
            return "the diffusion model";
        case SDCPP4J_PHASE_UPSCALE:
            return "the upscaler";
        default:
            return "the VAE";
    }
}

void Job::load_progress(int step, int steps) {
    report(SDCPP4J_PHASE_LOAD, loaded_before_ + step, load_all_ > 0 ? load_all_ : steps);
}

void Job::report(int phase, int step, int steps) {
    if (call_->progress != nullptr && phase >= 0) {
        call_->progress(phase, image(), step, steps, call_->data);
    }
}

void Job::remember(const char* line) {
    std::lock_guard<std::mutex> lock(jobs_mutex);
    if (current_job != nullptr) {
        current_job->keep(line);
        return;
    }
    auto loads    = [](const Job* job) { return job->phase_ == SDCPP4J_PHASE_LOAD; };
    bool one_does = std::any_of(running_jobs.begin(), running_jobs.end(), loads);
    for (Job* job : running_jobs) {
        if (!one_does || loads(job)) {
            job->keep(line);
        }
    }
}

void Job::keep(const char* line) {
    if (lines_.size() + std::strlen(line) < kMaxRemembered) {
        lines_ += lines_.empty() ? "" : "; ";
        lines_ += line;
    }
}

void Job::fail(const std::string& what) {
    if (call_->error == nullptr || call_->error_capacity == 0) {
        return;
    }
    std::lock_guard<std::mutex> lock(jobs_mutex);
    std::string text = lines_.empty() ? what : what + ": " + lines_;
    size_t length    = std::min<size_t>(text.size(), call_->error_capacity - 1);
    std::memcpy(call_->error, text.data(), length);
    call_->error[length] = '\0';
}

}  // namespace sdcpp4j
