#include "template/builtin.h"
#include "template/convert.h"
#include "template/operators.h"
#include "template/python_text.h"
#include "template/time_text.h"

#include <array>
#include <cmath>

/// Points in time: the filters, and the functions that ask for now.
namespace hearth::templating {
namespace {

using Kind = Item::Kind;

/// Home Assistant's idea of a time: a datetime, seconds since 1970, or a text of either.
std::optional<Item> datetime_of(Run& run, const Item& item) {
    if (item.is(Kind::datetime)) return item;
    if (item.is_string())
        if (const std::optional<Item> parsed = parse_datetime(item.text())) return parsed;
    const std::optional<double> stamp = real_of(run, item);
    return stamp ? from_timestamp(*stamp) : std::nullopt;
}

Item fallback(Call& call, std::size_t i) {
    return call.has(i) ? call[i] : no_default(call);
}

/// The subject of a filter or the first argument of a function.
Item as_datetime(Call& call, const Item& item, std::size_t default_at) {
    const std::optional<Item> datetime = datetime_of(call.run, item);
    return datetime ? *datetime : fallback(call, default_at);
}

Item as_timestamp(Call& call, const Item& item, std::size_t default_at) {
    const std::optional<Item> datetime = datetime_of(call.run, item);
    return datetime ? Item::of(timestamp_of(call.run, *datetime)) : fallback(call, default_at);
}

Item filter_as_datetime(Call& call) {
    return as_datetime(call, call.subject, 0);
}
Item filter_as_timestamp(Call& call) {
    return as_timestamp(call, call.subject, 0);
}
Item function_as_datetime(Call& call) {
    return as_datetime(call, call[0], 1);
}
Item function_as_timestamp(Call& call) {
    return as_timestamp(call, call[0], 1);
}

Item local(Call& call, const Item& item) {
    if (!call.run.usable(item, true)) return {};
    if (item.is(Kind::datetime)) return to_local(call.run, item);
    return call.run.invalid("as_local needs a datetime, not a {}", type_name(item));
}
Item filter_as_local(Call& call) {
    return local(call, call.subject);
}
Item function_as_local(Call& call) {
    return local(call, call[0]);
}

/// The subject, seconds since 1970.
std::optional<Item> stamp_subject(Call& call) {
    const std::optional<double> stamp = real_of(call.run, call.subject);
    return stamp ? from_timestamp(*stamp) : std::nullopt;
}

Item filter_timestamp_custom(Call& call) {
    std::optional<Item> datetime = stamp_subject(call);
    if (!datetime) return fallback(call, 2);
    const bool in_local = !call.has(1) || truth(call.run, call[1]);
    if (in_local) datetime = to_local(call.run, *datetime);
    Text out(call.run);
    append_strftime(out, *datetime,
                    call.has(0) ? str_view(call.run, call[0])
                                : std::string_view("%Y-%m-%d %H:%M:%S"));
    return out.item();
}

Item filter_timestamp_local(Call& call) {
    const std::optional<Item> datetime = stamp_subject(call);
    if (!datetime) return fallback(call, 0);
    return call.run.text(iso_text(to_local(call.run, *datetime)));
}

Item filter_timestamp_utc(Call& call) {
    const std::optional<Item> datetime = stamp_subject(call);
    if (!datetime) return fallback(call, 0);
    return call.run.text(iso_text(*datetime));
}

Item moment(Call& call) {
    const std::optional<Micros> now = call.run.scope().now();
    if (!now || !is_year_in_range(*now))
        return call.run.invalid("there is no {}() here: no time is handed to this template",
                                call.builtin.name);
    return Item::datetime(*now, 0);
}

Item function_utcnow(Call& call) {
    return moment(call);
}

Item function_now(Call& call) {
    const Item now = moment(call);
    return call.run.failed() ? Item() : to_local(call.run, now);
}

/// today_at("07:30"): that time of the local day.
Item function_today_at(Call& call) {
    const Item now = function_now(call);
    if (call.run.failed()) return {};
    const std::string day = iso_text(now).substr(0, 10);
    const std::string_view clock =
        call.has(0) ? str_view(call.run, call[0]) : std::string_view("00:00");
    const std::optional<Item> at = parse_datetime(fmt::format("{} {}", day, clock));
    if (!at) return call.run.invalid("today_at needs a time like 07:30, not '{}'", clock);
    return to_local(call.run, *at);
}

Item function_timedelta(Call& call) {
    constexpr std::array<Micros, 7> units = {days,    seconds, 1,       milliseconds,
                                             minutes, hours,   7 * days};
    double micros = 0;
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (!call.has(i)) continue;
        if (!call[i].is_number())
            return call.run.invalid("timedelta needs numbers, not a {}", type_name(call[i]));
        micros += call[i].number() * static_cast<double>(units[i]);
    }
    // A million days, as far as calendars reach, keeps sums within the integers.
    if (!(std::abs(micros) < 1e6 * static_cast<double>(days)))
        return call.run.invalid("this length of time is out of range");
    return Item::timedelta(static_cast<Micros>(std::llround(micros)));
}

constexpr std::array<Builtin, 6> filters = {{
    {"as_datetime", filter_as_datetime, {"default"}},
    {"as_timestamp", filter_as_timestamp, {"default"}},
    {"as_local", filter_as_local},
    {"timestamp_custom", filter_timestamp_custom, {"format_string", "local", "default"}},
    {"timestamp_local", filter_timestamp_local, {"default"}},
    {"timestamp_utc", filter_timestamp_utc, {"default"}},
}};

constexpr std::array<Builtin, 7> functions = {{
    {.name = "now", .call = function_now, .clock = true},
    {.name = "utcnow", .call = function_utcnow, .clock = true},
    {.name = "today_at", .call = function_today_at, .parameters = {"time_str"}, .clock = true},
    {"as_datetime", function_as_datetime, {"value", "default"}, 1},
    {"as_timestamp", function_as_timestamp, {"value", "default"}, 1},
    {"as_local", function_as_local, {"value"}, 1},
    {"timedelta",
     function_timedelta,
     {"days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"}},
}};

Item method_weekday(Call& call) {
    if (!call.subject.is(Kind::datetime)) return call.run.invalid("a timedelta has no weekday");
    const bool iso = call.builtin.name == "isoweekday";
    return Item::of(std::int64_t{weekday_of(call.subject)} + (iso ? 1 : 0));
}

Item method_strftime(Call& call) {
    if (!call.subject.is(Kind::datetime)) return call.run.invalid("a timedelta has no strftime");
    Text out(call.run);
    append_strftime(out, call.subject, str_view(call.run, call[0]));
    return out.item();
}

Item method_isoformat(Call& call) {
    if (!call.subject.is(Kind::datetime)) return call.run.invalid("a timedelta has no isoformat");
    return call.run.text(iso_text(call.subject));
}

Item method_timestamp(Call& call) {
    if (!call.subject.is(Kind::datetime)) return call.run.invalid("a timedelta has no timestamp");
    return Item::of(timestamp_of(call.run, call.subject));
}

Item method_total_seconds(Call& call) {
    if (!call.subject.is(Kind::timedelta))
        return call.run.invalid("a datetime has no total_seconds");
    return Item::of(static_cast<double>(call.subject.integer) / 1e6);
}

constexpr std::array<Builtin, 6> methods = {{
    {.name = "weekday", .call = method_weekday, .subjects = on_time},
    {.name = "isoweekday", .call = method_weekday, .subjects = on_time},
    {.name = "strftime",
     .call = method_strftime,
     .parameters = {"format"},
     .required = 1,
     .subjects = on_time},
    {.name = "isoformat", .call = method_isoformat, .subjects = on_time},
    {.name = "timestamp", .call = method_timestamp, .subjects = on_time},
    {.name = "total_seconds", .call = method_total_seconds, .subjects = on_time},
}};

} // namespace

std::span<const Builtin> time_filters() {
    return filters;
}
std::span<const Builtin> time_functions() {
    return functions;
}
std::span<const Builtin> time_methods() {
    return methods;
}

} // namespace hearth::templating
