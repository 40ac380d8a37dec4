#pragma once

#include "net/workers.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace hearth::net {

/// A few threads that take jobs in the order in which they were asked for.
///
/// Signals are blocked on them: the program's own thread gets those. An exception that leaves a job
/// is a bug and ends the program.
class WorkerPool final : public Workers {
public:
    /// Brings a job's `done` back to who asked; called from the pool's threads, must not block.
    using Post = std::function<void(Job done)>;

    WorkerPool(int threads, Post post);
    /// Runs what is still queued, then ends the threads.
    ~WorkerPool() override;
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// From any thread.
    void run(Job job, Job done) override;

private:
    struct Work {
        Job job;
        Job done;
    };

    void work() noexcept;

    Post post_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Work> queue_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace hearth::net
