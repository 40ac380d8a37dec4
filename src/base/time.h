#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace hearth {

/// A point in time: microseconds since 1970-01-01T00:00:00Z. A length of time is one too.
using Micros = std::int64_t;

constexpr Micros milliseconds = 1'000;
constexpr Micros seconds = 1'000 * milliseconds;
constexpr Micros minutes = 60 * seconds;
constexpr Micros hours = 60 * minutes;
constexpr Micros days = 24 * hours;

/// Where the time comes from. The core is handed one and never asks the operating system, so a test
/// turns time by hand and a simulator lets a year pass in seconds.
class Clock {
public:
    virtual ~Clock() = default;

    /// Wall clock, UTC. It may jump, forwards and back: for records and people.
    virtual Micros utc() const = 0;
    /// Never goes back, has no meaning of its own: for deadlines and lengths.
    virtual Micros steady() const = 0;
};

/// A clock that stands still until it is turned.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Micros utc = 1'750'000'000 * seconds)
        : utc_(utc) {}

    Micros utc() const override { return utc_; }
    Micros steady() const override { return steady_; }

    /// Lets time pass.
    void turn(Micros by) {
        utc_ += by;
        steady_ += by;
    }
    /// Sets the wall clock alone, as NTP or a person does.
    void jump_to(Micros utc) { utc_ = utc; }

private:
    Micros utc_;
    Micros steady_ = 1'000 * seconds;
};

/// "2026-11-24T08:01:49.000123Z" (RFC 3339), always in UTC; whole seconds have no fraction.
std::string to_rfc3339(Micros utc);
/// Reads any offset and 0 to 9 digits of fraction.
Result<Micros> parse_rfc3339(std::string_view text);

} // namespace hearth
