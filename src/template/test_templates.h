#pragma once

#include "base/json.h"
#include "template/template.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

/// Only for tests: templates rendered with names that they all know.
namespace hearth::templating {

/// Ahead of UTC by no whole number of hours.
constexpr Micros test_zone_offset = 90 * minutes;

/// 2025-11-27 14:00:00 UTC.
constexpr Micros test_now = 1'764'252'000'000'000;

/// The names of test_scope().
inline const Value& test_names() {
    static const Value names = *parse_json(R"({
        "n": 7, "x": 2.5, "t": "Kitchen lamp", "e": "", "l": [3, 1, 2],
        "d": {"b": 1, "a": [true, null]}, "no": null, "yes": true,
        "people": [{"name": "Ada", "age": 36}, {"name": "bob", "age": 20},
                   {"name": "Cy", "age": 36}],
        "value": "21.46",
        "value_json": {"temperature": 21.456, "state": "ON", "update": {"state": "idle"},
                       "action": ""}})");
    return names;
}

inline Scope test_scope() {
    static const FixedZone zone(test_zone_offset);
    Scope scope;
    for (const auto& [name, value] : *test_names().as_map())
        scope.set(name, value);
    return scope.set_now(test_now, &zone);
}

inline Result<std::string> rendered(std::string_view source, Profile profile = Profile::discovery,
                                    const Limits& limits = {}) {
    const Result<Template> made = Template::parse(source, profile, limits);
    if (!made) return std::unexpected(made.error());
    return made->render(test_scope(), limits);
}

/// What evaluate() gives, as JSON; "error: …" where it fails.
inline std::string evaluated(std::string_view source, Profile profile = Profile::discovery) {
    const Result<Template> made = Template::parse(source, profile);
    if (!made) return "error: " + made.error().detail;
    const Result<Value> value = made->evaluate(test_scope());
    return value ? to_json(*value) : "error: " + value.error().detail;
}

/// The detail of the error that parsing or rendering gives; the text where there is none.
inline std::string error_of(std::string_view source, Profile profile = Profile::discovery,
                            const Limits& limits = {}) {
    const Result<std::string> text = rendered(source, profile, limits);
    return text ? "no error: " + *text : text.error().detail;
}

/// In place of a text: parsing or rendering is an error, as it is in Python.
constexpr std::nullopt_t fails = std::nullopt;

struct Case {
    std::string_view source;
    std::optional<std::string_view> text;
};

inline void expect_rendered(Profile profile, std::span<const Case> cases) {
    for (const auto& [source, text] : cases) {
        const Result<std::string> got = rendered(source, profile);
        if (text)
            EXPECT_EQ(got ? *got : "error: " + got.error().detail, *text) << source;
        else
            EXPECT_FALSE(got.has_value()) << source << " gives " << *got;
    }
}

} // namespace hearth::templating
