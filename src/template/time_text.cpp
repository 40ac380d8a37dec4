#include "template/time_text.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

namespace hearth::templating {
namespace {

using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::sys_time;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 7> weekdays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                      "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> months = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

/// What the clock on the wall shows.
struct Wall {
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int micro = 0;
    int weekday = 0;     // Monday is 0
    int day_of_year = 0; // from 1
    std::int32_t offset_s = 0;
};

Wall wall_of(const Item& datetime) {
    const std::int32_t offset = datetime.extra == Item::naive ? 0 : datetime.extra;
    const sys_time<microseconds> time{microseconds(datetime.integer + offset * seconds)};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const year_month_day date(day);
    const Micros rest = (time - day).count();
    Wall wall;
    wall.year = static_cast<int>(date.year());
    wall.month = static_cast<int>(static_cast<unsigned>(date.month()));
    wall.day = static_cast<int>(static_cast<unsigned>(date.day()));
    wall.hour = static_cast<int>(rest / hours);
    wall.minute = static_cast<int>(rest / minutes % 60);
    wall.second = static_cast<int>(rest / seconds % 60);
    wall.micro = static_cast<int>(rest % seconds);
    wall.weekday = static_cast<int>(std::chrono::weekday(day).iso_encoding()) - 1;
    wall.day_of_year = static_cast<int>((day - sys_days(date.year() / 1 / 1)).count()) + 1;
    wall.offset_s = datetime.extra;
    return wall;
}

std::string offset_text(std::int32_t offset_s, std::string_view colon) {
    if (offset_s == Item::naive) return {};
    const std::int32_t absolute = std::abs(offset_s);
    std::string out = fmt::format("{}{:02}{}{:02}", offset_s < 0 ? '-' : '+', absolute / 3600,
                                  colon, absolute / 60 % 60);
    if (absolute % 60 != 0) out += fmt::format("{}{:02}", colon, absolute % 60);
    return out;
}

std::string datetime_text(const Item& datetime, char separator) {
    const Wall w = wall_of(datetime);
    std::string out = fmt::format("{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}", w.year, w.month, w.day,
                                  separator, w.hour, w.minute, w.second);
    if (w.micro != 0) out += fmt::format(".{:06}", w.micro);
    return out + offset_text(w.offset_s, ":");
}

/// Days, which may be negative, and the rest of the day, which may not.
struct Length {
    std::int64_t days;
    Micros rest;
};
Length length_of(Micros micros) {
    std::int64_t whole = micros / days;
    if (micros % days < 0) --whole;
    return {whole, micros - whole * days};
}

std::string timedelta_text(Micros micros) {
    const auto [whole, rest] = length_of(micros);
    std::string out;
    if (whole != 0) out = fmt::format("{} day{}, ", whole, std::abs(whole) == 1 ? "" : "s");
    out += fmt::format("{}:{:02}:{:02}", rest / hours, rest / minutes % 60, rest / seconds % 60);
    if (rest % seconds != 0) out += fmt::format(".{:06}", rest % seconds);
    return out;
}

/// The directives of strftime for the time of day; what is none of them stays as it stands.
std::string time_directive(char d, const Wall& w) {
    const int hour12 = w.hour % 12 == 0 ? 12 : w.hour % 12;
    switch (d) {
    case 'H':
        return fmt::format("{:02}", w.hour);
    case 'I':
        return fmt::format("{:02}", hour12);
    case 'M':
        return fmt::format("{:02}", w.minute);
    case 'S':
        return fmt::format("{:02}", w.second);
    case 'f':
        return fmt::format("{:06}", w.micro);
    case 'p':
        return w.hour < 12 ? "AM" : "PM";
    case 'z':
        return offset_text(w.offset_s, "");
    case 'Z':
        return w.offset_s == Item::naive ? ""
               : w.offset_s == 0         ? "UTC"
                                         : "UTC" + offset_text(w.offset_s, ":");
    case 'T':
    case 'X':
        return fmt::format("{:02}:{:02}:{:02}", w.hour, w.minute, w.second);
    case 'R':
        return fmt::format("{:02}:{:02}", w.hour, w.minute);
    case 'n':
        return "\n";
    case 't':
        return "\t";
    case '%':
        return "%";
    default:
        return std::string("%") + d;
    }
}

std::string directive(char d, const Wall& w) {
    const auto name = [](std::string_view text, std::size_t length) {
        return std::string(text.substr(0, length));
    };
    const std::string_view weekday = weekdays[static_cast<std::size_t>(w.weekday)];
    const std::string_view month = months[static_cast<std::size_t>(w.month - 1)];
    switch (d) {
    case 'Y':
        return fmt::format("{}", w.year);
    case 'y':
        return fmt::format("{:02}", w.year % 100);
    case 'm':
        return fmt::format("{:02}", w.month);
    case 'd':
        return fmt::format("{:02}", w.day);
    case 'e':
        return fmt::format("{:2}", w.day);
    case 'A':
        return std::string(weekday);
    case 'a':
        return name(weekday, 3);
    case 'B':
        return std::string(month);
    case 'b':
    case 'h':
        return name(month, 3);
    case 'j':
        return fmt::format("{:03}", w.day_of_year);
    case 'w':
        return fmt::format("{}", (w.weekday + 1) % 7);
    case 'u':
        return fmt::format("{}", w.weekday + 1);
    case 'U':
        return fmt::format("{:02}", (w.day_of_year + 6 - (w.weekday + 1) % 7) / 7);
    case 'W':
        return fmt::format("{:02}", (w.day_of_year + 6 - w.weekday) / 7);
    case 'F':
        return fmt::format("{}-{:02}-{:02}", w.year, w.month, w.day);
    case 'D':
    case 'x':
        return fmt::format("{:02}/{:02}/{:02}", w.month, w.day, w.year % 100);
    case 'c':
        return fmt::format("{} {} {:2} {:02}:{:02}:{:02} {}", name(weekday, 3), name(month, 3),
                           w.day, w.hour, w.minute, w.second, w.year);
    default:
        return time_directive(d, w);
    }
}

/// Two digits behind `lead`; false leaves the text as it is.
bool take(std::string_view& text, char lead, int digits, int& number) {
    if (lead != 0 && !text.starts_with(lead)) return false;
    std::string_view rest = text.substr(lead != 0 ? 1 : 0);
    if (rest.size() < static_cast<std::size_t>(digits)) return false;
    number = 0;
    for (int i = 0; i < digits; ++i) {
        const char c = rest[static_cast<std::size_t>(i)];
        if (c < '0' || c > '9') return false;
        number = number * 10 + (c - '0');
    }
    rest.remove_prefix(static_cast<std::size_t>(digits));
    text = rest;
    return true;
}

void take_fraction(std::string_view& text, int& micro) {
    if (!text.starts_with('.') && !text.starts_with(',')) return;
    text.remove_prefix(1);
    for (int unit = 100'000; !text.empty() && text[0] >= '0' && text[0] <= '9'; unit /= 10) {
        micro += (text[0] - '0') * unit;
        text.remove_prefix(1);
    }
}

bool take_offset(std::string_view& text, std::int32_t& offset_s) {
    offset_s = Item::naive;
    if (text.empty()) return true;
    if (text == "Z" || text == "z") {
        offset_s = 0;
        text = {};
        return true;
    }
    const char sign = text[0];
    int hour = 0;
    int minute = 0;
    if ((sign != '+' && sign != '-') || !take(text, sign, 2, hour)) return false;
    if (!take(text, ':', 2, minute)) take(text, 0, 2, minute);
    if (hour > 23 || minute > 59) return false;
    offset_s = (hour * 3600 + minute * 60) * (sign == '-' ? -1 : 1);
    return text.empty();
}

} // namespace

bool is_year_in_range(Micros micros) {
    // 0001-01-02 to 9999-12-30: a day of room for offsets.
    return micros >= -62'135'510'400 * seconds && micros <= 253'402'128'000 * seconds;
}

std::string time_text(const Item& time) {
    return time.is(Item::Kind::timedelta) ? timedelta_text(time.integer) : datetime_text(time, ' ');
}

std::string iso_text(const Item& datetime) {
    return datetime_text(datetime, 'T');
}

Item time_member(const Item& time, std::string_view name) {
    const auto number = [](std::int64_t value) { return Item::of(value); };
    if (time.is(Item::Kind::timedelta)) {
        const auto [whole, rest] = length_of(time.integer);
        if (name == "days") return number(whole);
        if (name == "seconds") return number(rest / seconds);
        if (name == "microseconds") return number(rest % seconds);
        return Item::undefined(name);
    }
    const Wall w = wall_of(time);
    if (name == "year") return number(w.year);
    if (name == "month") return number(w.month);
    if (name == "day") return number(w.day);
    if (name == "hour") return number(w.hour);
    if (name == "minute") return number(w.minute);
    if (name == "second") return number(w.second);
    if (name == "microsecond") return number(w.micro);
    return Item::undefined(name);
}

double timestamp_of(Run& run, const Item& datetime) {
    Micros micros = datetime.integer;
    const TimeZone* zone = run.scope().zone();
    // Near a change of the clocks this may take the other one of two readings, as Python may.
    if (datetime.extra == Item::naive && zone != nullptr) micros -= zone->offset_at(micros);
    return static_cast<double>(micros) / 1e6;
}

int weekday_of(const Item& datetime) {
    return wall_of(datetime).weekday;
}

void append_strftime(Text& out, const Item& datetime, std::string_view format) {
    const Wall wall = wall_of(datetime);
    while (!format.empty()) {
        const std::size_t percent = format.find('%');
        out.append(format.substr(0, percent));
        if (percent == std::string_view::npos) return;
        format.remove_prefix(percent + 1);
        // "%-d" is a number without its leading zero.
        const bool plain = format.size() > 1 && format[0] == '-';
        if (plain) format.remove_prefix(1);
        if (format.empty()) return out.append("%");
        std::string part = directive(format[0], wall);
        while (plain && part.size() > 1 && (part[0] == '0' || part[0] == ' '))
            part.erase(0, 1);
        out.append(part);
        format.remove_prefix(1);
    }
}

std::optional<Item> parse_datetime(std::string_view text) {
    Wall w;
    std::int32_t offset_s = Item::naive;
    if (!take(text, 0, 4, w.year) || !take(text, '-', 2, w.month) || !take(text, '-', 2, w.day))
        return std::nullopt;
    if (!text.empty()) {
        const char separator = text[0];
        if (separator != 'T' && separator != 't' && separator != ' ') return std::nullopt;
        if (!take(text, separator, 2, w.hour) || !take(text, ':', 2, w.minute)) return std::nullopt;
        if (take(text, ':', 2, w.second)) take_fraction(text, w.micro);
        while (text.starts_with(' '))
            text.remove_prefix(1);
        if (!take_offset(text, offset_s)) return std::nullopt;
    }
    const year_month_day date{std::chrono::year(w.year),
                              std::chrono::month(static_cast<unsigned>(w.month)),
                              std::chrono::day(static_cast<unsigned>(w.day))};
    if (!date.ok() || w.hour > 23 || w.minute > 59 || w.second > 59) return std::nullopt;
    Micros micros =
        std::chrono::duration_cast<microseconds>(sys_days(date).time_since_epoch()).count();
    micros += w.hour * hours + w.minute * minutes + w.second * seconds + w.micro;
    if (offset_s != Item::naive) micros -= offset_s * seconds;
    if (!is_year_in_range(micros)) return std::nullopt;
    return Item::datetime(micros, offset_s);
}

std::optional<Item> from_timestamp(double stamp) {
    if (!(std::abs(stamp) < 1e12)) return std::nullopt;
    const auto micros = static_cast<Micros>(std::llround(stamp * 1e6));
    if (!is_year_in_range(micros)) return std::nullopt;
    return Item::datetime(micros, 0);
}

Item to_local(Run& run, const Item& datetime) {
    const TimeZone* zone = run.scope().zone();
    const auto offset_of = [&](Micros utc) {
        return zone != nullptr ? static_cast<std::int32_t>(zone->offset_at(utc) / seconds) : 0;
    };
    if (datetime.extra != Item::naive)
        return Item::datetime(datetime.integer, offset_of(datetime.integer));
    const std::int32_t offset = offset_of(datetime.integer);
    return Item::datetime(datetime.integer - offset * seconds, offset);
}

} // namespace hearth::templating
