#pragma once

#include "base/time.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace hearth::net {

/// A shard's timers: an ordered table and no call into the operating system, so that thousands of
/// keep-alive timers cost what they cost in memory and nothing else. The time is handed in.
class Timers {
public:
    using Task = std::function<void()>;
    using Id = std::uint64_t;

    /// `interval` 0: once. Else the task comes again each interval after it was due; when a whole
    /// interval was missed, the missed ones are left out.
    Id add(Micros due, Micros interval, Task task);
    /// Also from within the timer's own task. A timer that is not there is no error.
    void cancel(Id id);

    /// When the earliest one is due.
    std::optional<Micros> next() const;

    /// Runs what is due, in the order of due times, then of adding. A timer that a task adds waits
    /// for the next call, so a task that adds itself again cannot hold up the turn.
    void run_due(Micros now);

    std::size_t size() const { return due_of_.size(); }

private:
    struct Key {
        Micros due = 0;
        Id id = 0;
        auto operator<=>(const Key&) const = default;
    };
    struct Timer {
        Micros interval = 0;
        Task task;
    };

    void run(Key key, Micros now);

    std::map<Key, Timer> timers_;
    std::unordered_map<Id, Micros> due_of_;
    std::vector<Key> running_; ///< what this call of run_due() takes; kept for its memory
    Id last_id_ = 0;
};

} // namespace hearth::net
