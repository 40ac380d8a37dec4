#include "automations/definition_reader.h"

#include <algorithm>

namespace hearth::automations {
namespace {

Result<SetValue> parse_value(const std::string& key, const Value& value, const std::string& place,
                             const Limits& limits) {
    auto path = home::parse_path(key);
    if (!path) return fail_in(place, path);
    auto scalar = scalar_at(value, fmt::format("{}: {}", place, key), limits);
    if (!scalar) return std::unexpected(scalar.error());
    SetValue set{std::move(*path), std::move(*scalar), std::nullopt};
    if (!is_template(set.value.string_or(""))) return set;
    auto expression =
        template_at(*set.value.as_string(), fmt::format("{}: {}", place, key), limits);
    if (!expression) return std::unexpected(expression.error());
    set.expression = std::move(*expression);
    return set;
}

Result<Action> parse_set(const Value& value, const std::string& place, const Limits& limits) {
    const auto map = map_with(value, place, {"device", "set"});
    if (!map) return std::unexpected(map.error());
    SetAction action;
    auto device = text_in(**map, "device", place, limits.name_bytes);
    if (!device) return std::unexpected(device.error());
    action.device = std::move(*device);
    const ValueMap* values = value.at("set").as_map();
    if (values == nullptr || values->empty())
        return fail_at(place, Code::invalid,
                       "set: a map of attributes to values is wanted, like {{on_off.on: true}}");
    if (values->size() > limits.asks)
        return fail_at(place, Code::limit, "set: {} attributes; at most {} are allowed",
                       values->size(), limits.asks);
    for (const auto& [key, wanted] : *values) {
        const auto same = [&](const SetValue& other) { return other.path.text == key; };
        if (std::ranges::any_of(action.values, same))
            return fail_at(place, Code::invalid, "set: {} comes twice", printable(key, 60));
        auto set = parse_value(key, wanted, place + ": set", limits);
        if (!set) return std::unexpected(set.error());
        action.values.push_back(std::move(*set));
    }
    return action;
}

Result<Action> parse_delay(const Value& value, const std::string& place, const Limits& limits) {
    const auto map = map_with(value, place, {"delay"});
    if (!map) return std::unexpected(map.error());
    const auto time = length_at(value.at("delay"), place + ": delay", limits);
    if (!time) return std::unexpected(time.error());
    return DelayAction{*time};
}

Result<Action> parse_notify(const Value& value, const std::string& place, const Limits& limits) {
    const auto map = map_with(value, place, {"notify"});
    if (!map) return std::unexpected(map.error());
    const auto source = text_in(**map, "notify", place, limits.text_bytes);
    if (!source) return std::unexpected(source.error());
    auto text = template_at(*source, place + ": notify", limits);
    if (!text) return std::unexpected(text.error());
    return NotifyAction{std::move(*text)};
}

} // namespace

Result<Action> parse_action(const Value& value, const std::string& place, const Limits& limits) {
    if (value.find("set") != nullptr) return parse_set(value, place, limits);
    if (value.find("delay") != nullptr) return parse_delay(value, place, limits);
    if (value.find("notify") != nullptr) return parse_notify(value, place, limits);
    return fail_at(place, Code::invalid,
                   "what is done? One of device and set, delay or notify is wanted");
}

} // namespace hearth::automations
