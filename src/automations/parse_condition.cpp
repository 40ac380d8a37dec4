#include "automations/definition_reader.h"

namespace hearth::automations {
namespace {

Result<Condition> parse_attribute(const Value& value, const std::string& place,
                                  const Limits& limits) {
    const auto map =
        map_with(value, place, {"device", "attribute", "is", "is_not", "above", "below"});
    if (!map) return std::unexpected(map.error());
    AttributeCondition condition;
    auto device = text_in(**map, "device", place, limits.name_bytes);
    if (!device) return std::unexpected(device.error());
    condition.device = std::move(*device);
    auto path = path_in(**map, place);
    if (!path) return std::unexpected(path.error());
    condition.path = std::move(*path);
    auto test = test_in(**map, "is", place, limits);
    if (!test) return std::unexpected(test.error());
    if (test->empty())
        return fail_at(place, Code::invalid, "one of is, is_not, above and below is wanted");
    condition.test = std::move(*test);
    return condition;
}

Result<Condition> parse_online(const Value& value, const std::string& place, const Limits& limits) {
    const auto map = map_with(value, place, {"device", "online"});
    if (!map) return std::unexpected(map.error());
    auto device = text_in(**map, "device", place, limits.name_bytes);
    if (!device) return std::unexpected(device.error());
    const Value& online = value.at("online");
    if (!online.is_bool()) return fail_at(place, Code::invalid, "online: true or false is wanted");
    return OnlineCondition{std::move(*device), online.bool_or(false)};
}

Result<Condition> parse_time(const Value& value, const std::string& place) {
    const auto map = map_with(value, place, {"after", "before", "weekdays"});
    if (!map) return std::unexpected(map.error());
    TimeCondition condition;
    for (const auto& [key, target] :
         {std::pair{"after", &condition.after}, {"before", &condition.before}}) {
        const Value* time = (*map)->find(key);
        if (time == nullptr) continue;
        const auto read = time_at(*time, fmt::format("{}: {}", place, key));
        if (!read) return std::unexpected(read.error());
        *target = *read;
    }
    const auto weekdays = weekdays_in(**map, place);
    if (!weekdays) return std::unexpected(weekdays.error());
    condition.weekdays = *weekdays;
    return condition;
}

Result<Condition> parse_sun(const Value& value, const std::string& place) {
    const auto map = map_with(value, place, {"sun"});
    if (!map) return std::unexpected(map.error());
    const std::string_view state = value.at("sun").string_or("");
    if (state != "up" && state != "down")
        return fail_at(place, Code::invalid, "sun: up or down is wanted");
    return SunCondition{state == "up"};
}

Result<Condition> parse_expression(const Value& value, const std::string& place,
                                   const Limits& limits) {
    const auto map = map_with(value, place, {"expression"});
    if (!map) return std::unexpected(map.error());
    const auto source = text_in(**map, "expression", place, limits.text_bytes);
    if (!source) return std::unexpected(source.error());
    if (!is_template(*source))
        return fail_at(place, Code::invalid, "expression: write it between {{{{ and }}}}");
    auto expression = template_at(*source, place + ": expression", limits);
    if (!expression) return std::unexpected(expression.error());
    return ExpressionCondition{std::move(*expression)};
}

Result<Condition> parse_group(const Value& value, std::size_t which, const std::string& place,
                              const Limits& limits, ConditionBudget& budget) {
    const std::string_view key = group_names[which];
    const auto map = map_with(value, place, {key});
    if (!map) return std::unexpected(map.error());
    if (budget.depth == 0)
        return fail_at(place, Code::limit, "all, any and not stand in each other {} deep at most",
                       limits.condition_depth);
    const Value& inner = value.at(key);
    // One condition may stand after "not" without a list around it.
    const ValueList one = inner.is_map() ? ValueList{inner} : ValueList();
    const ValueList* list = inner.is_map() ? &one : inner.as_list();
    if (list == nullptr || list->empty())
        return fail_at(place, Code::invalid, "{}: a list of conditions is wanted", key);
    GroupCondition group{static_cast<GroupCondition::How>(which), {}};
    --budget.depth;
    for (std::size_t i = 0; i < list->size(); ++i) {
        auto part =
            parse_condition((*list)[i], fmt::format("{}: {}[{}]", place, key, i), limits, budget);
        if (!part) return part;
        group.parts.push_back(std::move(*part));
    }
    ++budget.depth;
    return group;
}

} // namespace

Result<Condition> parse_condition(const Value& value, const std::string& place,
                                  const Limits& limits, ConditionBudget& budget) {
    if (budget.left == 0)
        return fail_at(place, Code::limit, "more than {} conditions", limits.conditions);
    --budget.left;
    for (std::size_t which = 0; which < group_names.size(); ++which)
        if (value.find(group_names[which]) != nullptr)
            return parse_group(value, which, place, limits, budget);
    if (value.find("attribute") != nullptr) return parse_attribute(value, place, limits);
    if (value.find("online") != nullptr) return parse_online(value, place, limits);
    if (value.find("expression") != nullptr) return parse_expression(value, place, limits);
    if (value.find("sun") != nullptr) return parse_sun(value, place);
    if (value.find("after") != nullptr || value.find("before") != nullptr ||
        value.find("weekdays") != nullptr)
        return parse_time(value, place);
    return fail_at(place, Code::invalid,
                   "what must hold? One of device and attribute, device and online, after, before, "
                   "weekdays, sun, expression, all, any or not");
}

} // namespace hearth::automations
