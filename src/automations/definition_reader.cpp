#include "automations/definition_reader.h"

#include "base/plain_text.h"

#include <algorithm>
#include <cmath>

namespace hearth::automations {

Result<std::string> text_at(const Value& value, std::string_view place, std::size_t most) {
    const std::string* text = value.as_string();
    if (text == nullptr)
        return fail_at(place, Code::invalid, "a text is wanted, not a {} (write it in quotes)",
                       to_string(value.type()));
    const std::string_view trimmed = trim(*text);
    if (trimmed.empty()) return fail_at(place, Code::invalid, "is empty");
    if (trimmed.size() > most)
        return fail_at(place, Code::limit, "{} bytes; at most {} are allowed", trimmed.size(),
                       most);
    if (!is_plain_text(trimmed, "\n\t"))
        return fail_at(place, Code::invalid,
                       "must be UTF-8 text without control or hidden characters");
    return std::string(trimmed);
}

Result<std::string> text_in(const ValueMap& map, std::string_view key, std::string_view place,
                            std::size_t most) {
    const Value* value = map.find(key);
    if (value == nullptr) return fail_at(place, Code::invalid, "{} is missing", key);
    return text_at(*value, fmt::format("{}: {}", place, key), most);
}

Result<std::optional<double>> number_in(const ValueMap& map, std::string_view key,
                                        std::string_view place) {
    const Value* value = map.find(key);
    if (value == nullptr) return std::nullopt;
    const double number = value->number_or(std::nan(""));
    if (!value->is_number() || !std::isfinite(number))
        return fail_at(place, Code::invalid, "{}: a number is wanted, not a {}", key,
                       to_string(value->type()));
    return number;
}

Result<Micros> length_at(const Value& value, std::string_view place, const Limits& limits) {
    if (!value.is_string())
        return fail_at(place, Code::invalid, "a length of time is wanted, like \"5min\", not a {}",
                       to_string(value.type()));
    const auto length = parse_length(*value.as_string());
    if (!length) return fail_in(place, length);
    if (*length > limits.longest_time)
        return fail_at(place, Code::limit, "{} is too long; at most {} are allowed",
                       length_text(*length), length_text(limits.longest_time));
    return *length;
}

Result<Micros> time_at(const Value& value, std::string_view place) {
    if (!value.is_string())
        return fail_at(place, Code::invalid,
                       "a time of day is wanted, like \"07:30\" (in quotes), not a {}",
                       to_string(value.type()));
    auto time = parse_time_of_day(*value.as_string());
    if (!time) return fail_in(place, time);
    return time;
}

Result<Weekdays> weekdays_in(const ValueMap& map, std::string_view place) {
    if (!map.contains("weekdays")) return all_days;
    const auto list = list_in(map, "weekdays", place, weekday_names.size());
    if (!list) return std::unexpected(list.error());
    Weekdays days_set = 0;
    for (const Value& value : **list) {
        const auto name = std::ranges::find(weekday_names, value.string_or(""));
        if (name == weekday_names.end())
            return fail_at(place, Code::invalid, "weekdays: {} is none of {}",
                           value.is_string()
                               ? fmt::format("\"{}\"", printable(*value.as_string(), 40))
                               : fmt::format("a {}", to_string(value.type())),
                           fmt::join(weekday_names, ", "));
        days_set = static_cast<Weekdays>(days_set | (1U << (name - weekday_names.begin())));
    }
    if (days_set == 0) return fail_at(place, Code::invalid, "weekdays: no day is named");
    return days_set;
}

Result<home::Path> path_in(const ValueMap& map, std::string_view place) {
    const auto text = text_in(map, "attribute", place, home::max_path_bytes);
    if (!text) return std::unexpected(text.error());
    auto path = home::parse_path(*text);
    if (!path) return fail_in(fmt::format("{}: attribute", place), path);
    return path;
}

Result<Value> scalar_at(const Value& value, std::string_view place, const Limits& limits) {
    if (value.is_null() || value.is_list() || value.is_map())
        return fail_at(place, Code::invalid, "a text, number or true/false is wanted, not a {}",
                       to_string(value.type()));
    if (value.string_or("").size() > limits.text_bytes)
        return fail_at(place, Code::limit, "{} bytes; at most {} are allowed",
                       value.as_string()->size(), limits.text_bytes);
    if (!is_utf8(value.string_or(""))) return fail_at(place, Code::invalid, "must be UTF-8 text");
    return value;
}

Result<Test> test_in(const ValueMap& map, std::string_view is_key, std::string_view place,
                     const Limits& limits) {
    Test test;
    for (const auto& [key, target] : {std::pair{is_key, &test.is}, {"is_not", &test.is_not}}) {
        const Value* value = map.find(key);
        if (value == nullptr) continue;
        auto scalar = scalar_at(*value, fmt::format("{}: {}", place, key), limits);
        if (!scalar) return fail(scalar);
        *target = std::move(*scalar);
    }
    for (const auto& [key, target] : {std::pair{"above", &test.above}, {"below", &test.below}}) {
        const auto number = number_in(map, key, place);
        if (!number) return std::unexpected(number.error());
        *target = *number;
    }
    if (test.above && test.below && *test.above >= *test.below)
        return fail_at(place, Code::invalid, "no number is above {} and below {}", *test.above,
                       *test.below);
    return test;
}

Result<templating::Template> template_at(const std::string& source, std::string_view place,
                                         const Limits& limits) {
    templating::Limits cost;
    cost.source_bytes = limits.text_bytes;
    auto parsed = templating::Template::parse(source, templating::Profile::expression, cost);
    if (!parsed) return fail_in(place, parsed);
    return parsed;
}

bool is_template(std::string_view text) {
    return text.find("{{") != std::string_view::npos || text.find("{%") != std::string_view::npos;
}

} // namespace hearth::automations
