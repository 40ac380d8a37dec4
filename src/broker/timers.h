#pragma once

#include "base/time.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace hearth::broker {

/// Deadlines in order. Setting and taking one is O(log n); nothing is ever cancelled: who is told
/// looks whether the deadline still stands, and sets another if it has moved. So a packet that
/// comes only writes down when it came.
class Timers {
public:
    enum class Kind : std::uint8_t { connect, keep_alive, session, will, orphans, retained };

    struct Timer {
        Micros at = 0; ///< steady
        std::uint64_t key = 0;
        Kind kind = Kind::connect;

        bool operator<(const Timer& other) const { return at > other.at; }
    };

    void set(Micros at, Kind kind, std::uint64_t key) {
        heap_.push_back({at, key, kind});
        std::push_heap(heap_.begin(), heap_.end());
    }
    /// The earliest deadline, or 0 for none.
    Micros next() const { return heap_.empty() ? 0 : heap_.front().at; }
    /// Takes the earliest if its time has come.
    bool take(Micros now, Timer& timer) {
        if (heap_.empty() || heap_.front().at > now) return false;
        std::pop_heap(heap_.begin(), heap_.end());
        timer = heap_.back();
        heap_.pop_back();
        return true;
    }
    void clear() { heap_.clear(); }

private:
    std::vector<Timer> heap_;
};

} // namespace hearth::broker
