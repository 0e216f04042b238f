#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace sdcpp4j::fastcpu {

// Threads that take the tasks of one job after another. A task goes to whichever thread is free, so a thread that the
// machine keeps waiting holds up only the task it has; nothing spins for long.
class Pool {
public:
    Pool() = default;
    ~Pool() { set_threads(1); }
    Pool(const Pool&)            = delete;
    Pool& operator=(const Pool&) = delete;

    // The caller's thread counts; not while a job runs. Where the system gives no more threads, there are fewer.
    void set_threads(int count);
    int threads() const { return static_cast<int>(workers_.size()) + 1; }

    // Calls work(task, thread) for each task once, on this thread and others, and returns when all are done. Work must not
    // throw. thread is below threads().
    template <typename Work>
    void run(int64_t tasks, const Work& work) {
        if (tasks <= 1 || workers_.empty()) {
            for (int64_t i = 0; i < tasks; i++) {
                work(i, 0);
            }
            return;
        }
        run_shared(tasks, [](const void* self, int64_t task, int thread) { (*static_cast<const Work*>(self))(task, thread); },
                   &work);
    }

private:
    using Call = void (*)(const void* work, int64_t task, int thread);

    void run_shared(int64_t tasks, Call call, const void* work);
    void serve(int thread);
    void take_tasks(int thread);

    std::vector<std::thread> workers_;
    std::mutex mutex_;
    std::condition_variable job_came_;
    std::condition_variable job_left_;
    std::atomic<uint64_t> generation_{0};  // changed under the mutex
    bool open_  = false;                   // workers may still join the job
    bool leave_ = false;
    int inside_ = 0;
    Call call_        = nullptr;
    const void* work_ = nullptr;
    int64_t tasks_    = 0;
    std::atomic<int64_t> next_{0};
};

}  // namespace sdcpp4j::fastcpu
