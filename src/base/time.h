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

/// Where the home's clocks stand: the program hands in the system's, a test one of its own.
class TimeZone {
public:
    virtual ~TimeZone() = default;

    /// How far local clocks are ahead of UTC at a moment.
    virtual Micros offset_at(Micros utc) const = 0;

    /// What local clocks show, as microseconds since 1970-01-01T00:00 on them.
    Micros to_local(Micros utc) const { return utc + offset_at(utc); }
    /// When local clocks show that. Of a time that comes twice (clocks go back) the first; one that
    /// is left out (clocks go forward) comes as long after the change as it would have.
    Micros to_utc(Micros local) const;
};

/// Always the same distance from UTC.
class FixedZone final : public TimeZone {
public:
    explicit FixedZone(Micros offset = 0)
        : offset_(offset) {}
    Micros offset_at(Micros) const override { return offset_; }

private:
    Micros offset_;
};

/// "2026-11-24T08:01:49.000123Z" (RFC 3339), always in UTC; whole seconds have no fraction.
std::string to_rfc3339(Micros utc);
/// Reads any offset and 0 to 9 digits of fraction.
Result<Micros> parse_rfc3339(std::string_view text);

} // namespace hearth
