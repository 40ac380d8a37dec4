#pragma once

#include "net/shard.h"

/// Only for tests.
namespace hearth::net {

/// Turns until `done`, and says whether it came to that. A minute is for a test that hangs: how
/// many turns the work takes depends on how the threads are scheduled.
template <class Done>
bool turn_until(Shard& shard, Done done) {
    const SystemClock clock;
    const Micros give_up = clock.steady() + 1 * minutes;
    while (!done() && clock.steady() < give_up)
        shard.turn(10 * milliseconds);
    return done();
}

} // namespace hearth::net
