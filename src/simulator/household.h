#pragma once

#include "base/time.h"
#include "simulator/home_plan.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::simulator {

/// Somebody is in one area for a while.
struct Stay {
    Micros from = 0;
    Micros to = 0;
    std::string area; ///< empty: away from home
    int person = 0;
    bool awake = true;
};

/// The people of a home and where they are, by the times of day: they sleep, have breakfast, go to
/// work on most weekdays, come back, cook, sit together and go to bed.
///
/// A day is made from the seed and its date alone, so any day can be asked for without those before
/// it. Times are simulated, UTC. Keeps the few days that were asked for last.
class Household {
public:
    Household(const HomePlan& plan, std::uint64_t seed);

    /// Adds a stay beyond the plan of the day, such as somebody walking in when a story begins.
    void add_visit(Stay visit);

    bool anybody_awake_in(std::string_view area, Micros at) const;
    bool anybody_home(Micros at) const;

    /// The next time after `after` at which somebody awake enters that area, within a week.
    std::optional<Micros> next_arrival(std::string_view area, Micros after) const;
    /// The next time after `after` at which somebody awake leaves that area, within a week.
    std::optional<Micros> next_departure(std::string_view area, Micros after) const;
    /// The next time at which somebody leaves the home or comes back, within a week.
    std::optional<Micros> next_passage(Micros after) const;

private:
    using Day = std::vector<Stay>;

    const Day& day(std::int64_t number) const;
    Day make_day(std::int64_t number) const;
    std::int64_t day_of(Micros at) const;

    template <class Pick>
    std::optional<Micros> earliest(Micros after, Pick pick) const;

    std::uint64_t seed_;
    Micros utc_offset_;
    int people_;
    std::string sleep_in_;
    std::string eat_in_;
    std::string live_in_;
    std::string enter_through_;
    std::vector<Stay> visits_;
    mutable std::map<std::int64_t, Day> days_;
};

} // namespace hearth::simulator
