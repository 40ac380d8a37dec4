#pragma once

#include "template/run.h"

#include <optional>
#include <string>
#include <string_view>

/// Points in time and lengths of time as Python's datetime shows them.
namespace hearth::templating {

/// The years that Python's datetime has, 1 to 9999, in microseconds UTC. Beyond them nothing is
/// made.
bool is_year_in_range(Micros micros);

/// str(): "2024-05-01 08:30:00+02:00", "1 day, 2:00:00".
std::string time_text(const Item& time);
/// isoformat(): the same with a "T".
std::string iso_text(const Item& datetime);
/// year, month, day, hour, minute, second, microsecond; days, seconds, microseconds of a length.
Item time_member(const Item& time, std::string_view name);
/// Seconds since 1970 as Python's timestamp(); a naive time is taken as the home's local time.
double timestamp_of(Run& run, const Item& datetime);
/// Monday is 0.
int weekday_of(const Item& datetime);
/// Python's strftime in the C locale. An unknown directive stays as it is.
void append_strftime(Text& out, const Item& datetime, std::string_view format);

/// "2024-05-01", "2024-05-01 08:30[:00[.123456]][Z|+02:00]", with a T or a space between.
std::optional<Item> parse_datetime(std::string_view text);
/// The moment of a number of seconds, in UTC; empty where it is out of range.
std::optional<Item> from_timestamp(double seconds);
/// The same moment on the clocks of the home.
Item to_local(Run& run, const Item& datetime);

} // namespace hearth::templating
