#pragma once

#include "base/time.h"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace hearth::broker {

/// Counts log-ins that failed, each under a key (a name, an address), and says when there are many.
/// It keeps nobody out: only how failures are answered depends on it.
///
/// Remembers at most `keys`; beyond that all new ones share one count. Times are the steady
/// clock's.
class LoginFailures {
public:
    explicit LoginFailures(std::size_t most, Micros window = 10 * minutes, std::size_t keys = 1'000)
        : most_(most)
        , window_(window)
        , keys_(keys) {}

    /// Counts one; true when these are more than `most` within the window.
    bool add(std::string_view key, Micros now);

private:
    struct Count {
        Micros since = 0; ///< the first one
        std::size_t failures = 0;
    };

    Count& count_of(std::string_view key, Micros now);

    std::size_t most_;
    Micros window_;
    std::size_t keys_;
    std::map<std::string, Count, std::less<>> counts_;
    Count others_;
};

} // namespace hearth::broker
