#pragma once

#include <exception>
#include <new>
#include <string>

#include "job.h"

namespace sdcpp4j {

// Thrown out of ggml's abort callback, so that a failed GGML_ASSERT on the calling thread unwinds to the guard.
struct GgmlAbort : std::exception {
    explicit GgmlAbort(const char* message) : message(message) {}
    const char* what() const noexcept override { return message.c_str(); }
    std::string message;
};

// Why a call did not come to its end, when that was no fault of the runtime; SDCPP4J_OK when it was.
inline int32_t stopped(Job& job) {
    if (job.cancelled()) {
        job.fail("cancelled");
        return SDCPP4J_CANCELLED;
    }
    if (job.not_a_number()) {
        job.fail(std::string(job.not_a_number_source()) + " computed NaN");
        return SDCPP4J_NOT_A_NUMBER;
    }
    return SDCPP4J_OK;
}

// Runs work(job) -> int32_t status with no way out for an exception. Every entry point that can fail goes through here.
template <typename Work>
int32_t guarded(sdcpp4j_call* call, Work work) noexcept {
    if (call == nullptr) {
        return SDCPP4J_INVALID_ARGUMENT;
    }
    Job job(call);
    try {
        int32_t status = work(job);
        int32_t reason = status == SDCPP4J_FAILED ? stopped(job) : SDCPP4J_OK;
        return reason == SDCPP4J_OK ? status : reason;
    } catch (const GgmlAbort& e) {
        // some of upstream's assertions take a stopped computation for an impossible one
        if (int32_t reason = stopped(job); reason != SDCPP4J_OK) {
            return reason;
        }
        job.fail(std::string("the runtime hit an internal check (") + e.what() + ")");
        return SDCPP4J_ABORTED;
    } catch (const std::bad_alloc&) {
        job.fail("out of memory");
        return SDCPP4J_OUT_OF_MEMORY;
    } catch (const std::exception& e) {
        // the prompt parser's only way to fail
        bool weight = std::string(e.what()) == "stof";
        job.fail(weight ? "a weight in the prompt is not a number: write (words:1.2)" : e.what());
        return SDCPP4J_EXCEPTION;
    } catch (...) {
        job.fail("an exception of an unknown type");
        return SDCPP4J_EXCEPTION;
    }
}

}  // namespace sdcpp4j
