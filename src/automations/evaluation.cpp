#include "automations/evaluation.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <ranges>

namespace hearth::automations {
namespace {

templating::Limits cost_of(const Limits& limits) {
    templating::Limits cost;
    cost.source_bytes = limits.text_bytes;
    cost.steps = limits.expression_steps;
    return cost;
}

/// True and false as a template prints them count too; other results are no answer.
std::optional<bool> truth(const Value& value) {
    if (value.is_bool()) return value.bool_or(false);
    const std::string text = to_lower(trim(value.string_or("")));
    if (text == "true") return true;
    if (text == "false") return false;
    return std::nullopt;
}

/// A text that a template printed, or a number, as the attribute wants it; else as it is.
Value fitted(Value value, const home::AttributeSpec& spec) {
    using catalog::AttributeType;
    const bool number = spec.type == AttributeType::number || spec.type == AttributeType::integer;
    double parsed = 0;
    if (number && value.is_string() && parse_number(trim(*value.as_string()), parsed))
        value = parsed;
    if (spec.type == AttributeType::integer && value.is_real() &&
        std::abs(value.number_or(0)) < 1e15 && std::trunc(value.number_or(0)) == value.number_or(0))
        value = static_cast<std::int64_t>(value.number_or(0));
    if (spec.type == AttributeType::boolean && value.is_string())
        if (const auto flag = truth(value)) value = *flag;
    return value;
}

} // namespace

Value shortened(const Value& value, std::size_t bytes) {
    if (const std::string* text = value.as_string()) return printable(*text, bytes);
    if (!value.is_list() && !value.is_map()) return value;
    return fmt::format("a {}", to_string(value.type()));
}

bool Evaluation::check(Value& trace) const {
    ValueList list;
    bool all = true;
    for (const Condition& condition : definition_.conditions) {
        Value entry;
        all = check(condition, entry) == Truth::yes && all;
        list.push_back(std::move(entry));
    }
    trace = std::move(list);
    return all;
}

Evaluation::Truth Evaluation::check(const Condition& condition, Value& trace) const {
    ValueMap entry;
    Truth result = Truth::no;
    if (const auto* group = std::get_if<GroupCondition>(&condition)) {
        result = check_group(*group, entry);
    } else {
        ValueMap operands;
        std::string error;
        bool holds = false;
        entry.append("text", automations::describe(condition, around_.home));
        std::visit(
            [&](const auto& part) {
                if constexpr (!std::is_same_v<std::decay_t<decltype(part)>, GroupCondition>)
                    holds = test(part, operands, error);
            },
            condition);
        result = !error.empty() ? Truth::unknown : holds ? Truth::yes : Truth::no;
        entry.append("result", result == Truth::yes);
        entry.append("operands", std::move(operands));
        if (!error.empty()) entry.append("error", printable(error, around_.limits.detail_bytes));
    }
    trace = std::move(entry);
    return result;
}

Evaluation::Truth Evaluation::check_group(const GroupCondition& group, ValueMap& trace) const {
    constexpr std::array words{"all of", "any of", "none of"};
    ValueList parts;
    std::size_t held = 0;
    std::size_t unknown = 0;
    for (const Condition& part : group.parts) {
        Value entry;
        const Truth truth = check(part, entry);
        if (truth == Truth::yes) ++held;
        if (truth == Truth::unknown) ++unknown;
        parts.push_back(std::move(entry));
    }
    // What is known may decide; else it is as unknown as its parts.
    const bool all = group.how == GroupCondition::How::all;
    const bool none = group.how == GroupCondition::How::none;
    const bool decided = all ? held + unknown < parts.size() : held > 0;
    const bool holds = all ? held == parts.size() : none ? held == 0 : held > 0;
    const Truth result = !decided && unknown > 0 ? Truth::unknown : holds ? Truth::yes : Truth::no;
    trace.append("text", words[static_cast<std::size_t>(group.how)]);
    trace.append("result", result == Truth::yes);
    trace.append("parts", std::move(parts));
    return result;
}

/// "Probe is offline since 2026-11-23T10:00:00Z", with the time where it is still remembered.
std::string Evaluation::offline_text(const home::Device& device) const {
    std::string text = device.name() + " is offline";
    for (const auto& entry : std::views::reverse(around_.home.recent_events().entries())) {
        if (!entry.mentions(device.id)) continue;
        const home::Event event = entry.event();
        const auto* told = std::get_if<home::AvailabilityChanged>(&event.fact);
        if (told == nullptr || told->device != device.id) continue;
        return text + " since " + to_rfc3339(event.at);
    }
    return text;
}

bool Evaluation::test(const AttributeCondition& condition, ValueMap& operands,
                      std::string& error) const {
    const home::Device* device = around_.home.find(condition.device);
    const home::Attribute* attribute =
        device != nullptr ? device->find(condition.path.text) : nullptr;
    if (attribute == nullptr || !device->present) {
        error = attribute == nullptr ? "there is no such attribute" : "the device has left";
        return false;
    }
    operands.append("value", shortened(attribute->reported, around_.limits.detail_bytes));
    if (attribute->reported.is_null())
        error = attribute->reported_in == 0 ? "it has not been reported yet"
                                            : "its value is not known any more";
    else if (!device->online)
        error = offline_text(*device);
    return error.empty() && condition.test.holds(*attribute->spec, attribute->reported);
}

bool Evaluation::test(const OnlineCondition& condition, ValueMap& operands, std::string&) const {
    const home::Device* device = around_.home.find(condition.device);
    const bool online = device != nullptr && device->present && device->online;
    operands.append("online", online);
    return online == condition.online;
}

bool Evaluation::test(const TimeCondition& condition, ValueMap& operands, std::string&) const {
    const Micros local = around_.zone.to_local(around_.now);
    const Micros day = (local - ((local % days) + days) % days) / days;
    const Micros time = local - day * days;
    // A window over midnight belongs to the day on which it began.
    const bool over_midnight =
        condition.after && condition.before && *condition.before <= *condition.after;
    const bool late = condition.after && time >= *condition.after;
    const bool early = condition.before && time < *condition.before;
    const bool within =
        over_midnight ? late || early : (!condition.after || late) && (!condition.before || early);
    const Micros began = over_midnight && !late ? day - 1 : day;
    const Micros weekday = ((began + 3) % 7 + 7) % 7; // 1970-01-01 was a Thursday
    operands.append("time", time_of_day_text(time - time % seconds));
    operands.append("weekday", weekday_name(static_cast<std::size_t>(weekday)));
    return within && (condition.weekdays >> weekday & 1) != 0;
}

bool Evaluation::test(const SunCondition& condition, ValueMap& operands, std::string& error) const {
    if (!around_.place) {
        error = "the home's place is not set";
        return false;
    }
    const double elevation = sun_elevation(around_.now, *around_.place);
    operands.append("elevation", std::round(elevation * 100) / 100);
    return is_sun_up(around_.now, *around_.place) == condition.up;
}

bool Evaluation::test(const ExpressionCondition& condition, ValueMap& operands,
                      std::string& error) const {
    put_operands(condition.expression, operands);
    const auto value = evaluate(condition.expression, Values::of_those_online);
    if (!value) {
        error = offline_names(condition.expression) + value.error().detail;
        return false;
    }
    const auto result = truth(*value);
    if (!result) error = "its result is neither true nor false";
    operands.append("value", shortened(*value, around_.limits.detail_bytes));
    return result.value_or(false);
}

/// "Probe is offline since …: ", of all that an expression reads and that is offline.
std::string Evaluation::offline_names(const templating::Template& expression) const {
    std::string text;
    for (const auto& [name, id] : definition_.with) {
        const home::Device* device = around_.home.find(id);
        if (device != nullptr && !device->online && expression.reads(name))
            text += offline_text(*device) + ": ";
    }
    return text;
}

/// The attributes that an expression names in full, "lamp.level.percent".
void Evaluation::put_operands(const templating::Template& expression, ValueMap& operands) const {
    for (const auto& [name, id] : definition_.with) {
        const home::Device* device = around_.home.find(id);
        if (device == nullptr || !expression.reads(name)) continue;
        for (const home::Attribute& attribute : device->attributes) {
            std::string word = name + "." + attribute.spec->path.text;
            if (expression.source().find(word) == std::string::npos) continue;
            operands.append(std::move(word),
                            shortened(attribute.reported, around_.limits.detail_bytes));
        }
    }
}

template <class Use>
auto Evaluation::with_scope(const templating::Template& expression, Values values,
                            Use&& use) const {
    templating::Scope scope;
    scope.set_now(around_.now, &around_.zone);
    scope.set("trigger", trigger_);
    std::vector<Value> twins;
    twins.reserve(definition_.with.size());
    for (const auto& [name, id] : definition_.with) {
        const home::Device* device = around_.home.find(id);
        if (device == nullptr || !expression.reads(name)) continue;
        const bool known = device->online || values == Values::all;
        Value twin = known ? home::reported_value(*device) : Value(ValueMap());
        twin.as_map()->set("online", device->present && device->online);
        twins.push_back(std::move(twin));
        scope.set(name, twins.back());
    }
    return use(scope);
}

Result<Value> Evaluation::evaluate(const templating::Template& expression) const {
    return evaluate(expression, Values::all);
}

Result<Value> Evaluation::evaluate(const templating::Template& expression, Values values) const {
    return with_scope(expression, values, [&](const templating::Scope& scope) {
        return expression.evaluate(scope, cost_of(around_.limits));
    });
}

Result<std::string> Evaluation::render(const templating::Template& text) const {
    auto rendered = with_scope(text, Values::all, [&](const templating::Scope& scope) {
        return text.render(scope, cost_of(around_.limits));
    });
    if (rendered && rendered->size() > around_.limits.text_bytes)
        return fail(Code::limit, "the text has {} bytes; at most {} are allowed", rendered->size(),
                    around_.limits.text_bytes);
    return rendered;
}

Result<Value> Evaluation::value_of(const SetValue& set, const home::AttributeSpec& spec) const {
    if (!set.expression) return set.value;
    auto value = evaluate(*set.expression);
    if (!value) return value;
    return fitted(std::move(*value), spec);
}

} // namespace hearth::automations
