#include "automations/definition.h"

#include "automations/definition_reader.h"

#include <algorithm>
#include <set>

namespace hearth::automations {
namespace {

bool is_identifier(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    return !name.empty() && letter(name[0]) &&
           std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// What a name of `with` may not be: these mean something in expressions already.
constexpr std::array<std::string_view, 14> taken_names{
    "trigger", "now", "true", "false", "none", "and",   "or",
    "not",     "in",  "is",   "if",    "else", "range", "namespace"};

Result<void> parse_with(const ValueMap& map, Definition& definition, const Limits& limits) {
    const Value* with = map.find("with");
    if (with == nullptr) return {};
    const ValueMap* names = with->as_map();
    if (names == nullptr || names->size() > limits.names)
        return fail(names == nullptr ? Code::invalid : Code::limit,
                    "with: a map of at most {} names to devices is wanted", limits.names);
    for (const auto& [name, device] : *names) {
        if (!is_identifier(name) || name.size() > limits.name_bytes ||
            std::ranges::find(taken_names, name) != taken_names.end())
            return fail(Code::invalid,
                        "with: \"{}\" cannot be a name in expressions: small letters, digits and _",
                        printable(name, 60));
        auto word = text_at(device, fmt::format("with: {}", name), limits.name_bytes);
        if (!word) return std::unexpected(word.error());
        definition.with.emplace_back(name, std::move(*word));
    }
    return {};
}

Result<Mode> parse_mode(const ValueMap& map) {
    const Value* mode = map.find("mode");
    if (mode == nullptr || mode->string_or("") == "single") return Mode::single;
    if (mode->string_or("") == "restart") return Mode::restart;
    return fail(Code::invalid, "mode: single or restart is wanted");
}

template <class Part, class Parse>
Result<void> parse_each(const ValueMap& map, std::string_view key, std::size_t most,
                        std::vector<Part>& parts, Parse&& parse) {
    const auto list = list_in(map, key, "automation", most);
    if (!list) return std::unexpected(list.error());
    for (std::size_t i = 0; i < (*list)->size(); ++i) {
        auto part = parse((**list)[i], fmt::format("{}[{}]", key, i));
        if (!part) return std::unexpected(part.error());
        parts.push_back(std::move(*part));
    }
    return {};
}

Result<void> parse_parts(const ValueMap& map, Definition& definition, const Limits& limits) {
    auto done = parse_each(map, "triggers", limits.triggers, definition.triggers,
                           [&](const Value& value, const std::string& place) {
                               return parse_trigger(value, place, limits);
                           });
    if (!done) return done;
    ConditionBudget budget{limits.conditions, limits.condition_depth};
    done = parse_each(map, "conditions", limits.conditions, definition.conditions,
                      [&](const Value& value, const std::string& place) {
                          return parse_condition(value, place, limits, budget);
                      });
    if (!done) return done;
    return parse_each(map, "actions", limits.actions, definition.actions,
                      [&](const Value& value, const std::string& place) {
                          return parse_action(value, place, limits);
                      });
}

/// The list inside an action that a branch of a path names. An action that holds lists comes with a
/// case here; there is none yet.
const std::vector<Action>* list_in(const Action& /*action*/, std::string_view /*branch*/) {
    return nullptr;
}

} // namespace

bool Test::holds(const home::AttributeSpec& spec, const Value& value) const {
    if (is && !home::matches(spec, *is, value)) return false;
    if (is_not && home::matches(spec, *is_not, value)) return false;
    if (!above && !below) return true;
    if (!value.is_number()) return false;
    const double number = value.number_or(0);
    return (!above || number > *above) && (!below || number < *below);
}

Result<Definition> parse_definition(const Value& value, const Limits& limits) {
    const auto map = map_with(value, "automation",
                              {"name", "mode", "with", "triggers", "conditions", "actions"});
    if (!map) return std::unexpected(map.error());
    Definition definition;
    auto name = text_in(**map, "name", "automation", limits.name_bytes);
    if (!name) return std::unexpected(name.error());
    if (name->find_first_of("\n\t") != std::string::npos)
        return fail(Code::invalid, "name: one line is wanted");
    definition.name = std::move(*name);
    const auto mode = parse_mode(**map);
    if (!mode) return std::unexpected(mode.error());
    definition.mode = *mode;
    auto done = parse_with(**map, definition, limits);
    if (done) done = parse_parts(**map, definition, limits);
    if (!done) return std::unexpected(done.error());
    if (definition.actions.empty())
        return fail(Code::invalid, "actions: there is none, so it would do nothing");
    return definition;
}

const Action* find_action(const Definition& definition, const StepPath& path) {
    const std::vector<Action>* list = &definition.actions;
    const Action* found = nullptr;
    for (const StepPath::Place& place : path.places()) {
        if (found != nullptr) list = list_in(*found, place.branch);
        if (list == nullptr || place.number > list->size()) return nullptr;
        found = &(*list)[place.number - 1];
    }
    return found;
}

} // namespace hearth::automations
