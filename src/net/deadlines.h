#pragma once

#include "net/shard.h"
#include "net/stream_sockets.h"

#include <deque>
#include <functional>
#include <utility>

namespace hearth::net {

/// Deadlines that all lie equally far ahead, so that they are reached in the order of adding and
/// one timer serves them all. What needs its deadline no more is not taken out: the id will find
/// nothing, or nothing to do.
class Deadlines {
public:
    using Reached = std::function<void(ConnectionId)>;

    Deadlines(Shard& shard, Micros ahead, Reached reached)
        : shard_(shard)
        , ahead_(ahead)
        , reached_(std::move(reached)) {}
    ~Deadlines() { shard_.cancel(timer_); }
    Deadlines(const Deadlines&) = delete;
    Deadlines& operator=(const Deadlines&) = delete;

    void add(ConnectionId id) {
        waiting_.push_back({clock_.steady() + ahead_, id});
        if (timer_ == 0) timer_ = shard_.after(ahead_, [this] { run(); });
    }

private:
    struct Entry {
        Micros due = 0;
        ConnectionId id = 0;
    };

    void run() {
        timer_ = 0;
        const Micros now = clock_.steady();
        while (!waiting_.empty() && waiting_.front().due <= now) {
            const ConnectionId id = waiting_.front().id;
            waiting_.pop_front();
            reached_(id);
        }
        if (timer_ == 0 && !waiting_.empty())
            timer_ = shard_.after(waiting_.front().due - now, [this] { run(); });
    }

    Shard& shard_;
    SystemClock clock_;
    Micros ahead_;
    Reached reached_;
    std::deque<Entry> waiting_;
    Shard::TimerId timer_ = 0;
};

} // namespace hearth::net
