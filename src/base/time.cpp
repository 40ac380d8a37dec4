#include "base/time.h"

#include "base/text.h"

#include <algorithm>
#include <chrono>

namespace hearth {
namespace {

struct Cursor {
    std::string_view rest;

    bool digits(int count, int& number) {
        if (rest.size() < static_cast<std::size_t>(count)) return false;
        number = 0;
        for (int i = 0; i < count; ++i) {
            if (rest[0] < '0' || rest[0] > '9') return false;
            number = number * 10 + (rest[0] - '0');
            rest.remove_prefix(1);
        }
        return true;
    }
    bool one_of(std::string_view set, char& found) {
        if (rest.empty() || set.find(rest[0]) == std::string_view::npos) return false;
        found = rest[0];
        rest.remove_prefix(1);
        return true;
    }
    bool one_of(std::string_view set) {
        char ignored = 0;
        return one_of(set, ignored);
    }
};

/// The digits after the point as microseconds; finer ones are dropped.
bool read_fraction(Cursor& cursor, Micros& micros) {
    micros = 0;
    if (!cursor.one_of(".")) return true;
    int count = 0;
    for (int digit = 0; count < 9 && cursor.digits(1, digit); ++count)
        if (count < 6) micros = micros * 10 + digit;
    for (int i = count; i < 6; ++i)
        micros *= 10;
    return count > 0;
}

bool read_offset(Cursor& cursor, Micros& offset) {
    char sign = 0;
    if (!cursor.one_of("Zz+-", sign)) return false;
    offset = 0;
    if (sign == 'Z' || sign == 'z') return true;
    int hour = 0;
    int minute = 0;
    if (!cursor.digits(2, hour) || !cursor.one_of(":") || !cursor.digits(2, minute)) return false;
    if (hour > 23 || minute > 59) return false;
    offset = (hour * hours + minute * minutes) * (sign == '-' ? -1 : 1);
    return true;
}

} // namespace

// The offset of a local time is one of those a day before and after it. The greater one gives the
// earlier moment; it counts if it is the offset at that moment.
Micros TimeZone::to_utc(Micros local) const {
    const Micros before = offset_at(local - days);
    const Micros after = offset_at(local + days);
    const Micros early = local - std::max(before, after);
    const Micros late = local - std::min(before, after);
    if (to_local(early) == local) return early;
    if (to_local(late) == local) return late;
    return local - before;
}

std::string to_rfc3339(Micros utc) {
    using namespace std::chrono;
    const sys_time<microseconds> time{microseconds(utc)};
    const auto day = floor<std::chrono::days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    std::string out =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    if (clock.subseconds().count() != 0) out += fmt::format(".{:06}", clock.subseconds().count());
    return out + "Z";
}

Result<Micros> parse_rfc3339(std::string_view text) {
    using namespace std::chrono;
    Cursor cursor{text};
    int y = 0;
    int mo = 0;
    int d = 0;
    int h = 0;
    int mi = 0;
    int s = 0;
    Micros fraction = 0;
    Micros offset = 0;
    const bool read =
        cursor.digits(4, y) && cursor.one_of("-") && cursor.digits(2, mo) && cursor.one_of("-") &&
        cursor.digits(2, d) && cursor.one_of("Tt ") && cursor.digits(2, h) && cursor.one_of(":") &&
        cursor.digits(2, mi) && cursor.one_of(":") && cursor.digits(2, s) &&
        read_fraction(cursor, fraction) && read_offset(cursor, offset) && cursor.rest.empty();
    const year_month_day date{year(y), month(static_cast<unsigned>(mo)),
                              day(static_cast<unsigned>(d))};
    if (!read || !date.ok() || h > 23 || mi > 59 || s > 60)
        return fail(Code::invalid, "\"{}\" is not a time like 2026-11-24T08:01:49Z",
                    printable(text, 40));
    const Micros day_start = duration_cast<microseconds>(sys_days(date).time_since_epoch()).count();
    return day_start + h * hours + mi * minutes + s * hearth::seconds + fraction - offset;
}

} // namespace hearth
