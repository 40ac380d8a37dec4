#include "net/posix_zone.h"

#include "base/text.h"

#include <chrono>
#include <limits>

namespace hearth::net {
namespace {

constexpr std::int32_t hour = 3600;
constexpr int most_offset_hours = 24;
constexpr int most_change_hours = 167;
constexpr std::string_view rules_of_united_states = ",M3.2.0,M11.1.0";

/// The same moment of the calendar within 400 years from 1970 on: it repeats after that, days of
/// the week included.
std::int64_t within_400_years(std::int64_t utc) {
    constexpr std::int64_t period = std::int64_t{146'097} * 86'400;
    return (utc % period + period) % period;
}

int year_of(std::int64_t utc) {
    const std::chrono::sys_seconds moment{std::chrono::seconds(utc)};
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(moment));
    return static_cast<int>(date.year());
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

} // namespace

/// Each function takes what it is called after from the beginning of the rest, or says no.
class PosixZone::Parser {
public:
    explicit Parser(std::string_view text)
        : rest_(text) {}

    bool zone(PosixZone& zone) {
        if (!name() || !offset(zone.standard_)) return false;
        if (rest_.empty()) return true;
        Summer summer;
        summer.offset = zone.standard_ + hour;
        if (!name()) return false;
        if (!rest_.empty() && rest_[0] != ',' && !offset(summer.offset)) return false;
        if (rest_.empty()) rest_ = rules_of_united_states;
        if (!change(summer.begin) || !change(summer.end) || !rest_.empty()) return false;
        zone.summer_ = summer;
        return true;
    }

private:
    bool one(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool name() {
        const bool quoted = one('<');
        std::size_t length = 0;
        while (
            length < rest_.size() &&
            (is_letter(rest_[length]) ||
             (quoted && (is_digit(rest_[length]) || rest_[length] == '+' || rest_[length] == '-'))))
            ++length;
        rest_.remove_prefix(length);
        return length >= 3 && (!quoted || one('>'));
    }

    bool number(unsigned least, unsigned most, unsigned& value) {
        value = 0;
        std::size_t digits = 0;
        for (; digits < rest_.size() && digits < 3 && is_digit(rest_[digits]); ++digits)
            value = value * 10 + static_cast<unsigned>(rest_[digits] - '0');
        rest_.remove_prefix(digits);
        return digits > 0 && value >= least && value <= most;
    }

    /// [+-]hh[:mm[:ss]]
    bool time(int most_hours, std::int32_t& seconds) {
        const bool negative = one('-');
        if (!negative) (void)one('+');
        unsigned h = 0;
        unsigned m = 0;
        unsigned s = 0;
        if (!number(0, static_cast<unsigned>(most_hours), h)) return false;
        if (one(':') && (!number(0, 59, m) || (one(':') && !number(0, 59, s)))) return false;
        seconds = static_cast<std::int32_t>(h * 3600 + m * 60 + s) * (negative ? -1 : 1);
        return true;
    }

    /// POSIX counts to the west.
    bool offset(std::int32_t& ahead) {
        if (!time(most_offset_hours, ahead)) return false;
        ahead = -ahead;
        return true;
    }

    bool change(Change& change) {
        if (!one(',')) return false;
        if (one('M')) {
            change.by = Change::By::weekday;
            if (!number(1, 12, change.month) || !one('.') || !number(1, 5, change.week) ||
                !one('.') || !number(0, 6, change.day))
                return false;
        } else if (one('J')) {
            change.by = Change::By::day_without_leap;
            if (!number(1, 365, change.day)) return false;
        } else {
            change.by = Change::By::day;
            if (!number(0, 365, change.day)) return false;
        }
        return !one('/') || time(most_change_hours, change.time);
    }

    std::string_view rest_;
};

Result<PosixZone> PosixZone::parse(std::string_view text) {
    PosixZone zone;
    if (!Parser(text).zone(zone))
        return fail(Code::invalid,
                    "\"{}\" is no rule of a time zone such as CET-1CEST,M3.5.0,M10.5.0/3",
                    printable(text, 80));
    return zone;
}

std::int64_t PosixZone::Change::in_year(int number) const {
    const std::chrono::year year(number);
    std::chrono::sys_days on = year / std::chrono::January / 1;
    if (by == By::weekday) {
        const auto in_month = year / std::chrono::month(month);
        const std::chrono::weekday weekday(day);
        on = week == 5 ? std::chrono::sys_days(in_month / weekday[std::chrono::last])
                       : std::chrono::sys_days(in_month / weekday[week]);
    } else if (by == By::day_without_leap) {
        constexpr unsigned first_of_march = 60;
        const bool passed = year.is_leap() && day >= first_of_march;
        on += std::chrono::days(day - 1 + (passed ? 1 : 0));
    } else
        on += std::chrono::days(day);
    return std::chrono::sys_seconds(on).time_since_epoch().count() + time;
}

/// The newest change counts. Where one year's summer ends as the next one's begins, it goes on.
std::int32_t PosixZone::offset_at(std::int64_t utc) const {
    if (!summer_) return standard_;
    utc = within_400_years(utc);
    std::int64_t newest = std::numeric_limits<std::int64_t>::min();
    std::int32_t offset = standard_;
    const auto consider = [&](std::int64_t at, std::int32_t then) {
        if (at > utc || at < newest) return;
        newest = at;
        offset = then;
    };
    const int year = year_of(utc);
    for (int y = year - 1; y <= year + 1; ++y) {
        consider(summer_->end.in_year(y) - summer_->offset, standard_);
        consider(summer_->begin.in_year(y) - standard_, summer_->offset);
    }
    return offset;
}

} // namespace hearth::net
