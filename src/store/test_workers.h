#pragma once

#include "base/time.h"
#include "net/workers.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

/// A real clock and a real worker thread for programs that try out the journal without a shard.
namespace hearth::store::testing {

class RealClock final : public Clock {
public:
    Micros utc() const override {
        return std::chrono::duration_cast<std::chrono::microseconds>(
                   std::chrono::system_clock::now().time_since_epoch())
            .count();
    }
    Micros steady() const override {
        return std::chrono::duration_cast<std::chrono::microseconds>(
                   std::chrono::steady_clock::now().time_since_epoch())
            .count();
    }
};

/// One worker thread and a queue back, as a shard has.
class ThreadWorkers final : public net::Workers {
public:
    ThreadWorkers()
        : thread_([this] { work(); }) {}
    ~ThreadWorkers() override {
        {
            const std::scoped_lock lock(mutex_);
            stop_ = true;
        }
        wake_.notify_all();
        thread_.join();
    }
    ThreadWorkers(const ThreadWorkers&) = delete;
    ThreadWorkers& operator=(const ThreadWorkers&) = delete;

    void run(Job job, Job done) override {
        const std::scoped_lock lock(mutex_);
        jobs_.emplace_back(std::move(job), std::move(done));
        wake_.notify_all();
    }
    /// Runs what was posted back; waits for something where nothing is.
    void turn() {
        std::unique_lock lock(mutex_);
        back_.wait(lock, [this] { return !done_.empty(); });
        take(lock);
    }
    /// The same without waiting.
    void turn_now() {
        std::unique_lock lock(mutex_);
        take(lock);
    }
    bool idle() {
        const std::scoped_lock lock(mutex_);
        return jobs_.empty() && done_.empty() && !busy_;
    }

private:
    void take(std::unique_lock<std::mutex>& lock) {
        auto ready = std::exchange(done_, {});
        lock.unlock();
        for (const Job& done : ready)
            done();
    }
    void work() {
        std::unique_lock lock(mutex_);
        while (true) {
            wake_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
            if (jobs_.empty()) return;
            auto [job, done] = std::move(jobs_.front());
            jobs_.pop_front();
            busy_ = true;
            lock.unlock();
            job();
            lock.lock();
            busy_ = false;
            done_.push_back(std::move(done));
            back_.notify_all();
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable back_;
    std::deque<std::pair<Job, Job>> jobs_;
    std::deque<Job> done_;
    bool busy_ = false;
    bool stop_ = false;
    std::thread thread_;
};

} // namespace hearth::store::testing
