#pragma once

#include "base/time.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hearth::mqtt_discovery {

struct Component;

/// What becomes of a value when its time is over.
enum class TimerKind : std::uint8_t {
    expire, ///< `expire_after`: nothing was heard for so long, so it is unknown
    off,    ///< `off_delay`: it was on for so long, so it is off
};

/// Which value: the first one that a component offers.
struct TimerKey {
    const Component* component = nullptr; ///< a name only, never looked into
    TimerKind kind = TimerKind::expire;

    bool operator==(const TimerKey&) const = default;
};

/// When values end that no message ends. Knows times alone: all are handed in, of the steady clock.
/// To start a running timer anew costs one look-up: what it was due before is found out of date
/// when that comes.
class ValueTimers {
public:
    /// At most so many run.
    explicit ValueTimers(std::size_t most)
        : most_(most) {}

    /// Starts it, or starts it anew. False, and nothing is started, where too many run.
    bool start(TimerKey key, Micros due);
    void stop(TimerKey key) { running_.erase(key); }
    bool is_running(TimerKey key) const { return running_.contains(key); }
    bool has_room() const { return running_.size() < most_; }
    std::size_t size() const { return running_.size(); }
    std::size_t queued() const { return queue_.size(); } ///< with what is out of date

    /// Ends those whose time has come, and returns them in its order.
    std::vector<TimerKey> take_due(Micros now);
    /// Not after this take_due() has something to do; nothing where none runs.
    std::optional<Micros> next() const;

private:
    struct Running {
        Micros due = 0;
        Micros queued = 0; ///< the entry of the queue that counts
    };
    struct Hash {
        std::size_t operator()(const TimerKey& key) const {
            return std::hash<const void*>()(key.component) ^ static_cast<std::size_t>(key.kind);
        }
    };
    struct Queued {
        Micros at = 0;
        TimerKey key;
        bool operator>(const Queued& other) const { return at > other.at; }
    };

    void drop_stale();

    std::size_t most_;
    std::unordered_map<TimerKey, Running, Hash> running_;
    std::priority_queue<Queued, std::vector<Queued>, std::greater<>> queue_;
};

} // namespace hearth::mqtt_discovery
