#pragma once

#include "base/time.h"
#include "net/workers.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace hearth::net {

/// The real clocks. Only net/ and above may ask the operating system for the time.
class SystemClock final : public Clock {
public:
    Micros utc() const override;
    Micros steady() const override;
};

/// One thread, one event loop, and the homes that live on it.
///
/// A turn: everything that is ready is read and handled, then each step of each_turn() runs in the
/// order in which it was added (the homes' queues, the journal's write, the sockets' flush). What a
/// turn sends therefore never leaves before what caused it is written.
///
/// All calls belong to the shard's thread, except post() and stop().
class Shard {
public:
    using Task = std::function<void()>;
    using TimerId = std::uint64_t;

    explicit Shard(int worker_threads = 2);
    ~Shard();
    Shard(const Shard&) = delete;
    Shard& operator=(const Shard&) = delete;

    /// Runs turns on the calling thread until stop().
    void run();
    /// One turn that waits at most `longest` for something to do: for tests and benchmarks.
    void turn(Micros longest);
    /// From any thread, also from a signal handler's thread: the turn under way is the last.
    void stop();

    /// From any thread: runs `task` on the shard in a coming turn.
    void post(Task task);

    /// Adds a step to the end of every turn. Before run() only.
    void each_turn(Task step);

    /// Asked before every wait for when there is something to do next (steady clock; nothing: not
    /// before something comes in): a turn comes then, so that the steps need not be run now and
    /// then. Before run() only.
    void wake_by(std::function<std::optional<Micros>()> next);

    /// Runs `task` once, at the earliest `delay` from now.
    TimerId after(Micros delay, Task task);
    /// Runs `task` again and again.
    TimerId every(Micros interval, Task task);
    void cancel(TimerId timer);

    /// Watches a descriptor that is readable when `ready` has something to do (level-triggered),
    /// such as another epoll set. It stays the caller's.
    void watch(int descriptor, Task ready);
    void unwatch(int descriptor);

    Workers& workers();
    /// For rooms that bring their own Asio objects (HTTP); they run on the shard's thread.
    boost::asio::io_context& io();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace hearth::net
