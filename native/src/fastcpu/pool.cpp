#include "pool.h"

#include <immintrin.h>

#include <system_error>

namespace sdcpp4j::fastcpu {

namespace {

// Some 20 to 50 microseconds: the next job often follows at once.
constexpr int kSpins = 1000;

}  // namespace

void Pool::set_threads(int count) {
    if (count < 1) {
        count = 1;
    }
    if (count == threads()) {
        return;
    }
    {
        std::lock_guard<std::mutex> lock(mutex_);
        leave_ = true;
        generation_++;
    }
    job_came_.notify_all();
    for (std::thread& worker : workers_) {
        worker.join();
    }
    workers_.clear();
    leave_ = false;
    try {
        workers_.reserve(static_cast<size_t>(count));
        for (int i = 1; i < count; i++) {
            workers_.emplace_back(&Pool::serve, this, i);
        }
    } catch (const std::system_error&) {
        // as many as there are
    }
}

void Pool::take_tasks(int thread) {
    for (;;) {
        int64_t task = next_.fetch_add(1, std::memory_order_relaxed);
        if (task >= tasks_) {
            return;
        }
        call_(work_, task, thread);
    }
}

void Pool::run_shared(int64_t tasks, Call call, const void* work) {
    {
        std::lock_guard<std::mutex> lock(mutex_);
        call_  = call;
        work_  = work;
        tasks_ = tasks;
        next_.store(0, std::memory_order_relaxed);
        open_ = true;
        generation_++;
    }
    job_came_.notify_all();
    take_tasks(0);
    std::unique_lock<std::mutex> lock(mutex_);
    open_ = false;  // who has not joined by now finds nothing left to do
    job_left_.wait(lock, [this] { return inside_ == 0; });
}

void Pool::serve(int thread) {
    uint64_t seen = 0;
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
        if (leave_) {
            return;
        }
        if (open_ && seen != generation_) {
            seen = generation_;
            inside_++;
            lock.unlock();
            take_tasks(thread);
            lock.lock();
            if (--inside_ == 0) {
                job_left_.notify_one();
            }
            continue;
        }
        seen = generation_;
        lock.unlock();
        for (int i = 0; i < kSpins && generation_.load(std::memory_order_relaxed) == seen; i++) {
            _mm_pause();
        }
        lock.lock();
        job_came_.wait(lock, [&] { return leave_ || generation_ != seen; });
        // the loop's start compares with the job's generation again
    }
}

}  // namespace sdcpp4j::fastcpu
