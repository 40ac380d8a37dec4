#include "simulator/household.h"

#include "simulator/chance.h"

#include <algorithm>

namespace hearth::simulator {
namespace {

constexpr std::size_t kept_days = 16;
constexpr int looked_ahead_days = 8;

Micros of_minutes(double count) {
    return static_cast<Micros>(count * static_cast<double>(minutes));
}

/// One person's day, put together stay by stay.
class DayOf {
public:
    DayOf(int person, Micros midnight, std::uint64_t seed, std::string hall)
        : person_(person)
        , now_(midnight)
        , end_(midnight + days)
        , random_(seed)
        , hall_(std::move(hall)) {}

    double chance(double low, double high) { return random_.between(low, high); }
    double minutes_left() const {
        return static_cast<double>(end_ - now_) / static_cast<double>(minutes);
    }
    double minute_of_day() const { return 24 * 60 - minutes_left(); }

    /// In one area for so long; a home without such an area has the time pass somewhere else.
    void stay(const std::string& area, double length_min, bool awake = true) {
        const Micros to = std::min(end_, now_ + of_minutes(length_min));
        if (to <= now_) return;
        stays_.push_back({now_, to, area, person_, awake});
        now_ = to;
    }
    void stay_until(const std::string& area, double minute, bool awake = true) {
        stay(area, minute - minute_of_day(), awake);
    }
    /// Through the hall, which takes half a minute to two.
    void pass() {
        if (!hall_.empty()) stay(hall_, chance(0.5, 2));
    }
    std::vector<Stay> take() { return std::move(stays_); }

private:
    int person_;
    Micros now_;
    Micros end_;
    SeededRandom random_;
    std::string hall_;
    std::vector<Stay> stays_;
};

} // namespace

Household::Household(const HomePlan& plan, std::uint64_t seed)
    : seed_(seed_for(seed, "household"))
    , utc_offset_(static_cast<Micros>(plan.utc_offset_h * static_cast<double>(hours)))
    , people_(plan.people)
    , sleep_in_(plan.sleep_in)
    , eat_in_(plan.eat_in)
    , live_in_(plan.live_in)
    , enter_through_(plan.enter_through) {}

void Household::add_visit(Stay visit) {
    visits_.push_back(std::move(visit));
}

std::int64_t Household::day_of(Micros at) const {
    const Micros local = at + utc_offset_;
    return local >= 0 ? local / days : (local - days + 1) / days;
}

const Household::Day& Household::day(std::int64_t number) const {
    const auto found = days_.find(number);
    if (found != days_.end()) return found->second;
    if (days_.size() >= kept_days) days_.erase(days_.begin());
    return days_[number] = make_day(number);
}

Household::Day Household::make_day(std::int64_t number) const {
    Day all;
    // 1970-01-01 was a Thursday.
    const bool weekend = (number + 3) % 7 >= 5;
    for (int person = 0; person < people_; ++person) {
        DayOf plan(person, number * days - utc_offset_,
                   seed_for(seed_, "day", number * 64 + person), enter_through_);
        plan.stay_until(sleep_in_, weekend ? plan.chance(460, 580) : plan.chance(375, 440), false);
        plan.stay(sleep_in_, plan.chance(8, 25));
        plan.pass();
        plan.stay(eat_in_, plan.chance(20, 45));
        plan.pass();
        const bool works = !weekend && plan.chance(0, 1) < 0.8;
        if (works) {
            plan.stay_until("", plan.chance(1020, 1110));
            plan.pass();
        }
        const double bedtime = plan.chance(1340, 1405);
        while (plan.minute_of_day() < bedtime) {
            const double wish = plan.chance(0, 1);
            if (!works && wish < 0.15 && plan.minute_of_day() < 1000)
                plan.stay("", plan.chance(60, 180));
            else
                plan.stay(wish < 0.45 ? eat_in_ : live_in_,
                          std::min(plan.chance(10, 70), bedtime - plan.minute_of_day() + 1));
            plan.pass();
        }
        plan.stay(sleep_in_, plan.chance(5, 20));
        plan.stay(sleep_in_, plan.minutes_left(), false);
        std::ranges::move(plan.take(), std::back_inserter(all));
    }
    return all;
}

bool Household::anybody_awake_in(std::string_view area, Micros at) const {
    const auto there = [&](const Stay& stay) {
        return stay.awake && stay.area == area && stay.from <= at && at < stay.to;
    };
    return std::ranges::any_of(visits_, there) || std::ranges::any_of(day(day_of(at)), there);
}

bool Household::anybody_home(Micros at) const {
    const auto there = [&](const Stay& stay) {
        return !stay.area.empty() && stay.from <= at && at < stay.to;
    };
    return std::ranges::any_of(visits_, there) || std::ranges::any_of(day(day_of(at)), there);
}

/// `pick` gives the time that a stay offers, or nothing.
template <class Pick>
std::optional<Micros> Household::earliest(Micros after, Pick pick) const {
    std::optional<Micros> best;
    const auto look = [&](const Stay& stay) {
        const std::optional<Micros> at = pick(stay);
        if (at && *at > after && (!best || *at < *best)) best = at;
    };
    std::ranges::for_each(visits_, look);
    const std::int64_t first = day_of(after);
    for (int i = 0; i < looked_ahead_days; ++i) {
        std::ranges::for_each(day(first + i), look);
        // A visit may lie far ahead; a later day has nothing earlier than this one.
        if (best && day_of(*best) <= first + i) break;
    }
    return best;
}

std::optional<Micros> Household::next_arrival(std::string_view area, Micros after) const {
    return earliest(after, [&](const Stay& stay) -> std::optional<Micros> {
        if (!stay.awake || stay.area != area) return std::nullopt;
        return stay.from;
    });
}

std::optional<Micros> Household::next_departure(std::string_view area, Micros after) const {
    return earliest(after, [&](const Stay& stay) -> std::optional<Micros> {
        if (!stay.awake || stay.area != area) return std::nullopt;
        return stay.to;
    });
}

std::optional<Micros> Household::next_passage(Micros after) const {
    // Whoever is away has left at the beginning and comes back at the end.
    return earliest(after, [&](const Stay& stay) -> std::optional<Micros> {
        if (!stay.area.empty()) return std::nullopt;
        return stay.from > after ? stay.from : stay.to;
    });
}

} // namespace hearth::simulator
