#include "net/worker_pool.h"

#include <csignal>
#include <utility>

namespace hearth::net {

WorkerPool::WorkerPool(int threads, Post post)
    : post_(std::move(post)) {
    // A thread inherits its maker's mask.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (int i = 0; i < threads; ++i)
        threads_.emplace_back([this] { work(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

WorkerPool::~WorkerPool() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

void WorkerPool::run(Job job, Job done) {
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back({std::move(job), std::move(done)});
    }
    wake_.notify_one();
}

void WorkerPool::work() noexcept {
    while (true) {
        Work next;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) return;
            next = std::move(queue_.front());
            queue_.pop_front();
        }
        next.job();
        // What the job holds is let go here, before anyone hears that it is done.
        next.job = nullptr;
        if (next.done) post_(std::move(next.done));
    }
}

} // namespace hearth::net
