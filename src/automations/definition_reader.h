#pragma once

#include "automations/definition.h"
#include "base/document.h"
#include "base/text.h"

#include <array>
#include <string>

#include <fmt/ranges.h>

/// What the parsing of definitions is made of. `place` says where something stands, for errors.
namespace hearth::automations {

/// An error at a place: "triggers[0]: for: …".
template <class... Args>
std::unexpected<Error> fail_at(std::string_view place, Code code, fmt::format_string<Args...> form,
                               Args&&... args) {
    return std::unexpected(
        Error{code, fmt::format("{}: {}", place, fmt::format(form, std::forward<Args>(args)...))});
}

/// A text of 1 to `most` bytes, well-formed and on one line.
Result<std::string> text_at(const Value& value, std::string_view place, std::size_t most);
/// The same of a key that must be there.
Result<std::string> text_in(const ValueMap& map, std::string_view key, std::string_view place,
                            std::size_t most);
Result<std::optional<double>> number_in(const ValueMap& map, std::string_view key,
                                        std::string_view place);
/// A length of time from 0 to Limits::longest_time.
Result<Micros> length_at(const Value& value, std::string_view place, const Limits& limits);
Result<Micros> time_at(const Value& value, std::string_view place);
Result<Weekdays> weekdays_in(const ValueMap& map, std::string_view place);
Result<home::Path> path_in(const ValueMap& map, std::string_view place);
/// `is`, `is_not` (or the name of the first given), `above` and `below`.
Result<Test> test_in(const ValueMap& map, std::string_view is_key, std::string_view place,
                     const Limits& limits);
Result<Value> scalar_at(const Value& value, std::string_view place, const Limits& limits);
Result<templating::Template> template_at(const std::string& source, std::string_view place,
                                         const Limits& limits);
bool is_template(std::string_view text);

Result<Trigger> parse_trigger(const Value& value, const std::string& place, const Limits& limits);

/// Counts conditions of a whole definition against the limits.
struct ConditionBudget {
    std::size_t left = 0;
    std::size_t depth = 0;
};
Result<Condition> parse_condition(const Value& value, const std::string& place,
                                  const Limits& limits, ConditionBudget& budget);
Result<Action> parse_action(const Value& value, const std::string& place, const Limits& limits);

/// In the order of GroupCondition::How.
constexpr std::array<std::string_view, 3> group_names{"all", "any", "not"};
/// Names of weekdays, Monday first: "mon".
constexpr std::array<std::string_view, 7> weekday_names{"mon", "tue", "wed", "thu",
                                                        "fri", "sat", "sun"};
constexpr std::array<std::string_view, 4> device_events{"joined", "left", "online", "offline"};

} // namespace hearth::automations
