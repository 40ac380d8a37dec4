#include "base/settings.h"

#include "base/check.h"
#include "base/json.h"
#include "base/text.h"
#include "base/time.h"

#include <array>

namespace hearth {
namespace {

std::string as_given(const Value& value) {
    return printable(to_json(value), 60);
}

Result<Value> checked_number(const SettingInfo& info, std::int64_t number) {
    if (number < info.min || number > info.max) {
        const bool duration = info.kind == SettingInfo::Kind::duration;
        const std::string unit = duration ? " s" : "";
        const double scale = duration ? static_cast<double>(seconds) : 1.0;
        return fail(Code::invalid, "{} is {}{}; allowed are {} to {}{}", info.key,
                    static_cast<double>(number) / scale, unit,
                    static_cast<double>(info.min) / scale, static_cast<double>(info.max) / scale,
                    unit);
    }
    return Value(number);
}

Result<Value> checked(const SettingInfo& info, const Value& value) {
    switch (info.kind) {
    case SettingInfo::Kind::boolean:
        if (value.is_bool()) return value;
        return fail(Code::invalid, "{} is {}; it must be true or false", info.key, as_given(value));
    case SettingInfo::Kind::integer:
        if (value.is_integer()) return checked_number(info, *value.as_integer());
        return fail(Code::invalid, "{} is {}; it must be a whole number", info.key,
                    as_given(value));
    case SettingInfo::Kind::duration: {
        const std::string text = value.is_string() ? *value.as_string() : to_json(value);
        const auto length = parse_duration(text);
        if (!length) return fail_in(info.key, length);
        return checked_number(info, *length);
    }
    case SettingInfo::Kind::text:
        if (value.is_string()) return value;
        return fail(Code::invalid, "{} is {}; it must be text", info.key, as_given(value));
    }
    return fail(Code::internal, "setting of an unknown kind");
}

/// What a text on the command line means, by the kind that the setting has.
Value from_command_line(const SettingInfo& info, std::string_view text) {
    long long number = 0;
    if (info.kind == SettingInfo::Kind::boolean && (text == "true" || text == "false"))
        return text == "true";
    if (info.kind == SettingInfo::Kind::integer && parse_integer(text, number))
        return static_cast<std::int64_t>(number);
    return text;
}

} // namespace

Result<std::int64_t> parse_duration(std::string_view text) {
    struct Unit {
        std::string_view name;
        Micros length;
    };
    constexpr std::array<Unit, 6> units{{{"ms", milliseconds},
                                         {"s", seconds},
                                         {"min", minutes},
                                         {"h", hours},
                                         {"d", days},
                                         {"", seconds}}};
    const std::size_t end = text.find_first_not_of("0123456789.");
    const std::string_view unit_name = end == text.npos ? "" : trim(text.substr(end));
    double number = 0;
    if (parse_number(text.substr(0, end), number))
        for (const Unit& unit : units)
            if (unit.name == unit_name && number * static_cast<double>(unit.length) < 9e18)
                return static_cast<std::int64_t>(number * static_cast<double>(unit.length));
    return fail(Code::invalid, "\"{}\" is no length of time; write 250 ms, 5 s, 10 min, 2 h or 7 d",
                printable(text, 40));
}

const SettingInfo* Settings::info(std::string_view key) const {
    for (const SettingInfo& info : table_)
        if (info.key == key) return &info;
    return nullptr;
}

Result<void> Settings::load(const Value& file) {
    if (file.is_null()) return {};
    if (!file.is_map())
        return fail(Code::invalid, "a config file is a map of settings, not a {}",
                    to_string(file.type()));
    return load("", file);
}

Result<void> Settings::load(const std::string& prefix, const Value& file) {
    for (const auto& [name, value] : *file.as_map()) {
        const std::string key = prefix + name;
        const auto done = value.is_map() ? load(key + ".", value) : put(key, value);
        if (!done) return done;
    }
    return {};
}

Result<void> Settings::set(std::string_view assignment) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string_view::npos)
        return fail(Code::invalid, "--set wants KEY=VALUE, not \"{}\"", printable(assignment, 60));
    const std::string_view key = assignment.substr(0, equals);
    const std::string_view text = assignment.substr(equals + 1);
    const SettingInfo* known = info(key);
    return put(key, known != nullptr ? from_command_line(*known, text) : Value(text));
}

Result<void> Settings::put(std::string_view key, const Value& value) {
    const SettingInfo* known = info(key);
    if (known == nullptr)
        return fail(Code::invalid,
                    "there is no setting \"{}\"; `hearth help settings` lists all there are",
                    printable(key, 60));
    auto good = checked(*known, value);
    if (!good) return fail(good);
    values_.insert_or_assign(std::string(key), std::move(*good));
    return {};
}

const Value& Settings::value(std::string_view key) const {
    if (const auto found = values_.find(key); found != values_.end()) return found->second;
    const SettingInfo* known = info(key);
    HEARTH_CHECK(known != nullptr); // else a setting that stands in no table
    return known->fallback;
}

bool Settings::boolean(std::string_view key) const {
    return value(key).bool_or(false);
}
std::int64_t Settings::integer(std::string_view key) const {
    return value(key).integer_or(0);
}
std::int64_t Settings::duration(std::string_view key) const {
    return value(key).integer_or(0);
}
std::string Settings::text(std::string_view key) const {
    return std::string(value(key).string_or(""));
}

} // namespace hearth
