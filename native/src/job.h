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

    // Keeps a warning or error line for the failure text: of this thread's job, or, when it has none, of all that run.
    static void remember(const char* line);

    void enter(sdcpp4j_phase phase);
    // step of steps within the current phase
    void progress(int step, int steps) { report(phase_, step, steps); }
    // Weights can be read within any phase; the time counts to that phase.
    void load_progress(int step, int steps) { report(SDCPP4J_PHASE_LOAD, step, steps); }
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
    Clock::time_point since_;
    std::string lines_;  // guarded by the mutex in job.cpp
};

}  // namespace sdcpp4j
