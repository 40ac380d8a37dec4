#include "automations/definition_reader.h"

/// Definitions as values again, and as sentences.
namespace hearth::automations {
namespace {

void put_test(ValueMap& map, std::string_view is_key, const Test& test) {
    if (test.is) map.append(std::string(is_key), *test.is);
    if (test.is_not) map.append("is_not", *test.is_not);
    if (test.above) map.append("above", *test.above);
    if (test.below) map.append("below", *test.below);
}

void put_weekdays(ValueMap& map, Weekdays weekdays) {
    if (weekdays == all_days) return;
    ValueList names;
    for (std::size_t i = 0; i < weekday_names.size(); ++i)
        if ((weekdays >> i & 1) != 0) names.emplace_back(weekday_names[i]);
    map.append("weekdays", std::move(names));
}

struct ToValue {
    Value operator()(const AttributeTrigger& trigger) const {
        ValueMap map{{"device", trigger.device}, {"attribute", trigger.path.text}};
        if (trigger.reported) map.append("event", "reported");
        put_test(map, "to", trigger.test);
        if (trigger.from) map.append("from", *trigger.from);
        if (trigger.hold != 0) map.append("for", length_text(trigger.hold));
        return map;
    }
    Value operator()(const DeviceTrigger& trigger) const {
        ValueMap map;
        if (!trigger.device.empty()) map.append("device", trigger.device);
        map.append("event", device_events[static_cast<std::size_t>(trigger.what)]);
        return map;
    }
    Value operator()(const TimeTrigger& trigger) const {
        ValueMap map{{"time", time_of_day_text(trigger.time)}};
        put_weekdays(map, trigger.weekdays);
        return map;
    }
    Value operator()(const SunTrigger& trigger) const {
        ValueMap map{{"sun", trigger.event == SunEvent::sunrise ? "sunrise" : "sunset"}};
        if (trigger.offset != 0) map.append("offset", length_text(trigger.offset));
        put_weekdays(map, trigger.weekdays);
        return map;
    }
    Value operator()(const AttributeCondition& condition) const {
        ValueMap map{{"device", condition.device}, {"attribute", condition.path.text}};
        put_test(map, "is", condition.test);
        return map;
    }
    Value operator()(const OnlineCondition& condition) const {
        return ValueMap{{"device", condition.device}, {"online", condition.online}};
    }
    Value operator()(const TimeCondition& condition) const {
        ValueMap map;
        if (condition.after) map.append("after", time_of_day_text(*condition.after));
        if (condition.before) map.append("before", time_of_day_text(*condition.before));
        put_weekdays(map, condition.weekdays);
        if (map.empty())
            map.append("weekdays", ValueList(weekday_names.begin(), weekday_names.end()));
        return map;
    }
    Value operator()(const SunCondition& condition) const {
        return ValueMap{{"sun", condition.up ? "up" : "down"}};
    }
    Value operator()(const ExpressionCondition& condition) const {
        return ValueMap{{"expression", condition.expression.source()}};
    }
    Value operator()(const GroupCondition& group) const {
        ValueList parts;
        for (const Condition& part : group.parts)
            parts.push_back(std::visit(*this, part));
        return ValueMap{
            {std::string(group_names[static_cast<std::size_t>(group.how)]), std::move(parts)}};
    }
    Value operator()(const SetAction& action) const {
        ValueMap values;
        for (const SetValue& set : action.values)
            values.append(set.path.text, set.value);
        return ValueMap{{"device", action.device}, {"set", std::move(values)}};
    }
    Value operator()(const DelayAction& action) const {
        return ValueMap{{"delay", length_text(action.time)}};
    }
    Value operator()(const NotifyAction& action) const {
        return ValueMap{{"notify", action.text.source()}};
    }
};

constexpr std::size_t shown_bytes = 60; // of a value in a sentence

std::string test_text(const Test& test, std::string_view is) {
    std::string text;
    const auto add = [&](std::string_view word, const std::string& value) {
        text += fmt::format("{}{} {}", text.empty() ? "" : " and ", word, value);
    };
    if (test.is) add(is, value_text(*test.is, shown_bytes));
    if (test.is_not) add("is not", value_text(*test.is_not, shown_bytes));
    if (test.above) add("is above", fmt::format("{}", *test.above));
    if (test.below) add("is below", fmt::format("{}", *test.below));
    return text;
}

std::string weekdays_text(Weekdays weekdays) {
    if (weekdays == all_days) return {};
    std::string text;
    for (std::size_t i = 0; i < weekday_names.size(); ++i)
        if ((weekdays >> i & 1) != 0)
            text += fmt::format("{}{}", text.empty() ? " on " : ", ", weekday_names[i]);
    return text;
}

struct ToText {
    const home::Home& home;

    std::string name(const home::DeviceId& id) const {
        const home::Device* device = home.find(id);
        return device != nullptr ? device->name() : "unknown device " + printable(id, 60);
    }

    std::string operator()(const AttributeTrigger& trigger) const {
        std::string test = test_text(trigger.test, trigger.reported ? "says" : "becomes");
        if (test.empty()) test = trigger.reported ? "is reported" : "changes";
        if (trigger.from) test += " from " + value_text(*trigger.from, shown_bytes);
        if (trigger.hold != 0) test += " for " + length_text(trigger.hold);
        return fmt::format("{} {} {}", name(trigger.device), trigger.path.text, test);
    }
    std::string operator()(const DeviceTrigger& trigger) const {
        constexpr std::array words{"joins", "leaves", "comes online", "goes offline"};
        return fmt::format("{} {}", trigger.device.empty() ? "any device" : name(trigger.device),
                           words[static_cast<std::size_t>(trigger.what)]);
    }
    std::string operator()(const TimeTrigger& trigger) const {
        return "at " + time_of_day_text(trigger.time) + weekdays_text(trigger.weekdays);
    }
    std::string operator()(const SunTrigger& trigger) const {
        std::string text = trigger.event == SunEvent::sunrise ? "sunrise" : "sunset";
        if (trigger.offset > 0)
            text = length_text(trigger.offset) + " after " + text;
        else if (trigger.offset < 0)
            text = length_text(-trigger.offset) + " before " + text;
        else
            text = "at " + text;
        return text + weekdays_text(trigger.weekdays);
    }
    std::string operator()(const AttributeCondition& condition) const {
        return fmt::format("{} {} {}", name(condition.device), condition.path.text,
                           test_text(condition.test, "is"));
    }
    std::string operator()(const OnlineCondition& condition) const {
        return fmt::format("{} is {}", name(condition.device),
                           condition.online ? "online" : "offline");
    }
    std::string operator()(const TimeCondition& condition) const {
        std::string text = "it is";
        if (condition.after) text += " after " + time_of_day_text(*condition.after);
        if (condition.before) text += " before " + time_of_day_text(*condition.before);
        return text + weekdays_text(condition.weekdays);
    }
    std::string operator()(const SunCondition& condition) const {
        return condition.up ? "the sun is up" : "the sun is down";
    }
    std::string operator()(const ExpressionCondition& condition) const {
        return printable(condition.expression.source(), 120);
    }
    std::string operator()(const GroupCondition& group) const {
        constexpr std::array words{"all of", "any of", "none of"};
        std::string text;
        for (const Condition& part : group.parts)
            text += (text.empty() ? "" : "; ") + std::visit(*this, part);
        return fmt::format("{} ({})", words[static_cast<std::size_t>(group.how)], text);
    }
    std::string operator()(const SetAction& action) const {
        std::string text = name(action.device) + ":";
        for (const SetValue& set : action.values)
            text += fmt::format("{} {} = {}", text.ends_with(':') ? "" : ",", set.path.text,
                                value_text(set.value, shown_bytes));
        return text;
    }
    std::string operator()(const DelayAction& action) const {
        return "wait " + length_text(action.time);
    }
    std::string operator()(const NotifyAction& action) const {
        return "notify: " + printable(action.text.source(), 120);
    }
};

template <class Part>
ValueList list_of(const std::vector<Part>& parts) {
    ValueList list;
    for (const Part& part : parts)
        list.push_back(std::visit(ToValue(), part));
    return list;
}

} // namespace

std::string value_text(const Value& value, std::size_t bytes) {
    if (value.is_string()) return printable(*value.as_string(), bytes);
    if (value.is_bool()) return value.bool_or(false) ? "true" : "false";
    if (value.is_integer()) return fmt::format("{}", value.integer_or(0));
    return fmt::format("{}", value.number_or(0));
}

std::string_view weekday_name(std::size_t since_monday) {
    return weekday_names[since_monday % weekday_names.size()];
}

Value to_value(const Definition& definition) {
    ValueMap map{{"name", definition.name},
                 {"mode", definition.mode == Mode::single ? "single" : "restart"}};
    if (!definition.with.empty()) {
        ValueMap with;
        for (const auto& [name, device] : definition.with)
            with.append(name, device);
        map.append("with", std::move(with));
    }
    map.append("triggers", list_of(definition.triggers));
    map.append("conditions", list_of(definition.conditions));
    map.append("actions", list_of(definition.actions));
    return map;
}

std::string describe(const Trigger& trigger, const home::Home& home) {
    return std::visit(ToText{home}, trigger);
}
std::string describe(const Condition& condition, const home::Home& home) {
    return std::visit(ToText{home}, condition);
}
std::string describe(const Action& action, const home::Home& home) {
    return std::visit(ToText{home}, action);
}

} // namespace hearth::automations
