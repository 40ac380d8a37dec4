#pragma once

#include "base/time.h"

namespace hearth::simulator {

/// How simulated time follows real time: `speed` times as fast, and standing still while it is held
/// (before the story begins, or while the network cannot take what the story tells).
class Pace {
public:
    Pace(double speed, Micros story_time)
        : speed_(speed)
        , story_(story_time) {}

    /// From here on time runs. Also after it was held: what was missed is not caught up with.
    void run_from(Micros steady, Micros story_time) {
        running_ = true;
        steady_ = steady;
        story_ = story_time;
    }

    /// Simulated time at that moment of the steady clock.
    Micros at(Micros steady) const {
        if (!running_) return story_;
        return story_ + static_cast<Micros>(static_cast<double>(steady - steady_) * speed_);
    }

    /// How long, in real time, a length of simulated time takes.
    Micros real(Micros simulated) const {
        return static_cast<Micros>(static_cast<double>(simulated) / speed_);
    }

private:
    double speed_;
    bool running_ = false;
    Micros steady_ = 0;
    Micros story_;
};

} // namespace hearth::simulator
