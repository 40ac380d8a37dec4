#pragma once

#include "base/time.h"

#include <algorithm>

namespace hearth::automations {

/// What the wall clock is worth, for times that were noted before a restart.
///
/// A board without a clock of its own starts with a time that is long past and is set right once
/// the network tells; others start an hour off. So what was noted earlier keeps its UTC across the
/// first time that the clock is set (to a time that the journal has not passed already): settled()
/// is true from then on, and what runs is then bound to the steady clock as everything that began
/// in this life. Until it is set, a clock that is behind the journal is taken to be where the
/// journal ended: hearth cannot have been down for less than no time.
class WallClock {
public:
    explicit WallClock(const Clock& clock)
        : clock_(clock) {}

    /// `last_known`: the newest time in the journal, 0 where it has none.
    void start(Micros last_known) {
        started_at_ = clock_.steady();
        last_known_ = last_known;
        ahead_ = clock_.utc() - started_at_;
        settled_ = false;
    }

    /// How far the wall clock was set since this was last asked; 0 where it was not.
    Micros look() {
        const Micros ahead = clock_.utc() - clock_.steady();
        const Micros jump = ahead - ahead_;
        ahead_ = ahead;
        if (jump > -clock_was_set && jump < clock_was_set) return 0;
        if (clock_.utc() >= last_known_) settled_ = true;
        return jump;
    }

    bool settled() const { return settled_; }
    /// UTC less the steady clock, when last looked at.
    Micros ahead() const { return ahead_; }
    /// When a time that was noted before the restart comes, on the steady clock.
    Micros steady_of(Micros utc) const {
        const Micros now = clock_.steady();
        const Micros known = settled_ ? 0 : last_known_ + now - started_at_;
        return now + utc - std::max(clock_.utc(), known);
    }

private:
    /// More than the clocks drift apart between two turns: then the wall clock was set.
    static constexpr Micros clock_was_set = 2 * seconds;

    const Clock& clock_;
    Micros started_at_ = 0; ///< steady clock
    Micros last_known_ = 0; ///< UTC
    Micros ahead_ = 0;
    bool settled_ = false;
};

} // namespace hearth::automations
