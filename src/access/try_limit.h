#pragma once

#include "base/time.h"

#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace hearth::access {

/// Counts tries at a secret, each under the name of who tries (an address), and says when they are
/// too many: at most `tries` within `window`. Whoever succeeds is forgiven the try.
///
/// Remembers at most `names`; beyond that all new ones share one count, so that many addresses buy
/// no more tries than one. Lives in memory only. Times are the steady clock's.
class TryLimit {
public:
    explicit TryLimit(std::size_t tries = 10, Micros window = 10 * minutes,
                      std::size_t names = 1'000)
        : tries_(tries)
        , window_(window)
        , names_(names) {}

    /// Counts a try and returns 0, or refuses it and returns how long to wait until the next.
    Micros begin(std::string_view who, Micros now);
    /// The newest try of this one was a good one.
    void forgive(std::string_view who);

private:
    std::deque<Micros>& tries_of(std::string_view who, Micros now);

    std::size_t tries_;
    Micros window_;
    std::size_t names_;
    std::map<std::string, std::deque<Micros>, std::less<>> all_;
    std::deque<Micros> others_;
};

} // namespace hearth::access
