#include "adapters/mqtt_discovery/device_record.h"

#include <algorithm>

namespace hearth::mqtt_discovery {

std::optional<bool> Reachable::verdict() const {
    if (rule.mode == AvailabilityMode::latest) return latest;
    const auto is = [&](bool wanted) { return std::ranges::count(states, std::optional(wanted)); };
    // Topics that have said nothing yet do not count: a bridge that tells only of itself is enough.
    if (is(true) + is(false) == 0) return std::nullopt;
    return rule.mode == AvailabilityMode::all ? is(false) == 0 : is(true) > 0;
}

const Reachable* reachable_of(const DeviceRecord& record, const Component& component) {
    return component.rule ? &record.reachable[*component.rule] : nullptr;
}

void fit_availability(DeviceRecord& record) {
    std::vector<Reachable> fitted;
    for (const auto& [id, component] : record.components) {
        const AvailabilityRule& rule = component->availability;
        const auto has_rule = [&](const Reachable& known) { return known.rule == rule; };
        component->rule.reset();
        if (rule.topics.empty()) continue;
        const auto same = std::ranges::find_if(fitted, has_rule);
        component->rule = static_cast<std::size_t>(same - fitted.begin());
        if (same != fitted.end()) continue;
        const auto known = std::ranges::find_if(record.reachable, has_rule);
        if (known != record.reachable.end())
            fitted.push_back(std::move(*known));
        else
            fitted.push_back(
                {rule, std::vector<std::optional<bool>>(rule.topics.size()), {}, false});
    }
    record.reachable = std::move(fitted);
}

std::optional<bool> reachable(const DeviceRecord& record) {
    std::optional<bool> any;
    for (const Reachable& one : record.reachable)
        if (const std::optional<bool> verdict = one.verdict())
            any = any.value_or(false) || *verdict;
    return any;
}

} // namespace hearth::mqtt_discovery
