#pragma once

#include "base/time.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace hearth::access {

/// Makes guessing a password slow without shutting out who knows it. Nothing is ever locked: a try
/// beyond the free ones has to wait a little, longer with each failure, up to `longest_wait`; then
/// its password is looked at as any other's. So ten wrong passwords cost the right one seconds.
///
/// Failures are counted three ways, and a try waits for the slowest that applies to it:
/// - for a name at an address: the person who mistypes, or somebody beside them;
/// - for an address, whatever the names;
/// - for a name, whatever the addresses, so that many addresses buy no more tries than one.
/// The last two do not touch **known places**: an address from which this name got in before. So a
/// stranger elsewhere does not slow down the people at home.
///
/// Tries at one count stand in line. Where the line is longer than `longest_line`, a try is refused
/// and told when to come again. A count is forgotten `window` after its last failure. At most
/// `names` are remembered; new ones beyond share one count.
///
/// Lives in memory only. Times are the steady clock's. Called from one thread.
class SignInLimit {
public:
    struct Options {
        std::uint32_t free_tries = 10;        ///< for a name at an address
        std::uint32_t free_tries_in_all = 30; ///< for an address, and for a name
        Micros longest_wait = 8 * seconds;
        Micros longest_line = 16 * seconds;
        Micros window = 10 * minutes;
        std::size_t names = 10'000;
    };

    struct Verdict {
        bool refused = false;
        Micros wait = 0; ///< before the password is looked at; where refused, before the next try
    };

    SignInLimit()
        : SignInLimit(Options{}) {}
    explicit SignInLimit(const Options& options)
        : options_(options) {}

    /// Counts a try, as a failure until succeeded() says otherwise, and says what becomes of it.
    Verdict begin(std::string_view name, std::string_view address, Micros now);
    /// The password was right: the failures of this name at this address are forgotten.
    void succeeded(std::string_view name, std::string_view address, Micros now);
    /// How many more failures of this name at this address go without a wait.
    std::uint32_t free_tries_left(std::string_view name, std::string_view address,
                                  Micros now) const;

private:
    struct Count {
        std::uint32_t failures = 0;
        Micros last = 0;      ///< when the newest try is or was looked at
        Micros next_free = 0; ///< when the next may be
    };
    using Counts = std::map<std::string, Count, std::less<>>;

    Count& count_of(Counts& counts, Count& others, const std::string& key, Micros now);
    bool is_old(const Count& count, Micros now) const;
    void take(Count& count, std::uint32_t free, Micros at) const;

    Options options_;
    Counts pairs_;
    Counts addresses_;
    Counts names_;
    Count other_pairs_;
    Count other_addresses_;
    Count other_names_;
    std::map<std::string, Micros, std::less<>> known_places_; ///< when they last got in
};

} // namespace hearth::access
