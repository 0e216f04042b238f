#pragma once

#include <chrono>
#include <string>

#include "sdcpp4j.h"

namespace sdcpp4j {

// One guarded call in progress on the current thread: which phase it is in, whom to tell, what was logged meanwhile.
class Job {
public:
    explicit Job(sdcpp4j_call* call);
    ~Job();
    Job(const Job&)            = delete;
    Job& operator=(const Job&) = delete;

    // The innermost job of this thread, or NULL: loader workers and OpenMP threads have none.
    static Job* current();

    // Keeps a warning or error line for the failure text: of this thread's job, or, when it has none (a loader's worker),
    // of the job that loads a model, or of all when none does: weights can be read on demand.
    static void remember(const char* line);

    // How many calls are in progress.
    static size_t count();

    // Whether the caller wants no more of it. Upstream's computations then end with "aborted".
    bool cancelled() const {
        return call_->cancel != nullptr && *static_cast<const volatile int32_t*>(call_->cancel) != 0;
    }
    // While true, the errors that a stopped computation leaves behind are no news.
    bool quiet() const { return measured_ != nullptr || not_a_number() || cancelled(); }

    // A computation gave NaN; there is no way back from that.
    void set_not_a_number() { not_a_number_phase_ = phase_; }
    bool not_a_number() const { return not_a_number_phase_ >= 0; }
    // What computed it.
    const char* not_a_number_source() const;

    // Weights are being changed in place: stopping half-way would leave them changed half.
    void set_uninterruptible(bool value) { uninterruptible_ = value; }
    bool must_stop() const { return !uninterruptible_ && cancelled(); }

    // While set, graphs are measured in place of being computed; the largest goes to *bytes.
    void measure_into(int64_t* bytes) { measured_ = bytes; }
    int64_t* measured() const { return measured_; }

    void enter(sdcpp4j_phase phase);
    // step of steps within the current phase
    void progress(int step, int steps) {
        step_  = step;
        steps_ = steps;
        report(phase_, step, steps);
    }
    // Weights can be read within any phase; the time counts to that phase.
    void load_progress(int step, int steps);
    // The next weights read are a part of a larger whole, of which so many tensors were read before.
    void set_load_part(int before, int all) {
        loaded_before_ = before;
        load_all_      = all;
    }
    // Whether the step that is being computed is one to show.
    bool shows_preview(int step, int steps) const {
        return call_->preview_interval > 0 && (step % call_->preview_interval == 0 || step == steps);
    }
    int step() const { return step_; }
    int steps() const { return steps_; }
    const sdcpp4j_call& call() const { return *call_; }
    int image() const { return image_ < 0 ? 0 : image_; }
    // A log format that tells where upstream stands; see the table in job.cpp.
    void mark(const char* format);
    // Writes what failed and the remembered lines into call->error.
    void fail(const std::string& what);

private:
    using Clock = std::chrono::steady_clock;

    void report(int phase, int step, int steps);
    void close_phase();
    void keep(const char* line);

    sdcpp4j_call* call_;
    Job* outer_;
    int phase_ = -1;
    int image_ = -1;
    int step_  = 0;
    int steps_ = 0;
    int loaded_before_     = 0;
    int load_all_          = 0;
    bool uninterruptible_  = false;
    int not_a_number_phase_ = -1;
    int64_t* measured_     = nullptr;
    Clock::time_point since_;
    std::string lines_;  // guarded by the mutex in job.cpp
};

}  // namespace sdcpp4j
