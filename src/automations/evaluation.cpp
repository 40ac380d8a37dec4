#include "automations/evaluation.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>

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
        all = check(condition, entry) && all;
        list.push_back(std::move(entry));
    }
    trace = std::move(list);
    return all;
}

bool Evaluation::check(const Condition& condition, Value& trace) const {
    ValueMap entry;
    bool result = false;
    if (const auto* group = std::get_if<GroupCondition>(&condition)) {
        result = check_group(*group, entry);
    } else {
        ValueMap operands;
        std::string error;
        entry.append("text", automations::describe(condition, around_.home));
        std::visit(
            [&](const auto& part) {
                if constexpr (!std::is_same_v<std::decay_t<decltype(part)>, GroupCondition>)
                    result = test(part, operands, error);
            },
            condition);
        entry.append("result", result);
        entry.append("operands", std::move(operands));
        if (!error.empty()) entry.append("error", printable(error, around_.limits.detail_bytes));
    }
    trace = std::move(entry);
    return result;
}

bool Evaluation::check_group(const GroupCondition& group, ValueMap& trace) const {
    constexpr std::array words{"all of", "any of", "none of"};
    ValueList parts;
    std::size_t held = 0;
    for (const Condition& part : group.parts) {
        Value entry;
        if (check(part, entry)) ++held;
        parts.push_back(std::move(entry));
    }
    const bool result = group.how == GroupCondition::How::all   ? held == group.parts.size()
                        : group.how == GroupCondition::How::any ? held > 0
                                                                : held == 0;
    trace.append("text", words[static_cast<std::size_t>(group.how)]);
    trace.append("result", result);
    trace.append("parts", std::move(parts));
    return result;
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
    if (!attribute->reported.is_null()) return condition.test.holds(attribute->reported);
    error = "it has not been reported yet";
    return false;
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
    const auto value = evaluate(condition.expression);
    if (!value) {
        error = value.error().detail;
        return false;
    }
    const auto result = truth(*value);
    if (!result) error = "its result is neither true nor false";
    operands.append("value", shortened(*value, around_.limits.detail_bytes));
    return result.value_or(false);
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
auto Evaluation::with_scope(const templating::Template& expression, Use&& use) const {
    templating::Scope scope;
    scope.set_now(around_.now, &around_.zone);
    scope.set("trigger", trigger_);
    std::vector<Value> twins;
    twins.reserve(definition_.with.size());
    for (const auto& [name, id] : definition_.with) {
        const home::Device* device = around_.home.find(id);
        if (device == nullptr || !expression.reads(name)) continue;
        twins.push_back(home::reported_value(*device));
        scope.set(name, twins.back());
    }
    return use(scope);
}

Result<Value> Evaluation::evaluate(const templating::Template& expression) const {
    return with_scope(expression, [&](const templating::Scope& scope) {
        return expression.evaluate(scope, cost_of(around_.limits));
    });
}

Result<std::string> Evaluation::render(const templating::Template& text) const {
    auto rendered = with_scope(text, [&](const templating::Scope& scope) {
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
