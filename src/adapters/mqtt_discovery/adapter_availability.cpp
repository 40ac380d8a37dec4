#include "adapters/mqtt_discovery/adapter.h"
#include "adapters/mqtt_discovery/config_reader.h"

#include <algorithm>
#include <utility>

/// Whether devices can be reached, and parts of them: from availability topics to the home.
namespace hearth::mqtt_discovery {
namespace {

std::optional<bool> said(const Availability& availability, StateMessage& message) {
    const auto value = message.evaluate(availability.value_template);
    if (!value && !message.goes_on()) return std::nullopt;
    const auto read = [&](std::string_view text) -> std::optional<bool> {
        if (text == availability.available) return true;
        if (text == availability.not_available) return false;
        return std::nullopt;
    };
    if (const auto state = value ? read(python_text(*value)) : std::nullopt) return state;
    // Software that once sent plain words and now sends JSON may still have the words kept.
    return read(message.payload());
}

} // namespace

void Adapter::take_availability(DeviceRecord& record, const std::string& filter,
                                StateMessage& message) {
    for (Reachable& one : record.reachable)
        for (std::size_t i = 0; i < one.rule.topics.size(); ++i) {
            if (one.rule.topics[i].topic != filter || !message.goes_on()) continue;
            const std::optional<bool> state = said(one.rule.topics[i], message);
            if (!state) continue;
            one.states[i] = state;
            one.latest = state;
        }
    tell_availability(record);
}

void Adapter::tell_availability(DeviceRecord& record) {
    if (record.home_id.empty()) return;
    const std::optional<bool> online = reachable(record);
    if (!online) return;
    const home::DeviceId device = record.home_id;
    if (*online) tell_parts(record);
    port_->available(device, *online);
}

// --- A part of a device ------------------------------------------------------------------------

/// Of a device that is there, the values of components that are away are unknown: else the last
/// power of a solar panel would stand there all night. Where the whole device is away it is
/// offline, and keeps its values.
void Adapter::tell_parts(DeviceRecord& record) {
    std::vector<const Reachable*> turned;
    for (Reachable& one : record.reachable) {
        const bool is_away = one.verdict() == false;
        if (std::exchange(one.away, is_away) != is_away) turned.push_back(&one);
    }
    if (turned.empty()) return;
    read_again(record, turned);
    Values lost;
    for (const auto& [id, component] : record.components) {
        const Reachable* own = reachable_of(record, *component);
        if (std::ranges::binary_search(turned, own) && own->away)
            take_back(record, *component, lost);
    }
    // Of several that tell one value, each has said it.
    std::ranges::sort(lost, {}, &Values::value_type::first);
    const auto twice = std::ranges::unique(lost, {}, &Values::value_type::first);
    lost.erase(twice.begin(), twice.end());
    drop_known_nulls(record, lost);
    if (!lost.empty()) port_->report(record.home_id, std::move(lost));
}

/// All of its values that no other component tells, of those that are there.
void Adapter::take_back(const DeviceRecord& record, const Component& component,
                        Values& lost) const {
    for (const std::size_t slot : component.slots) {
        const AssembledAttribute& attribute = record.attributes[slot];
        const bool is_told = std::ranges::any_of(attribute.sources, [&](const Source& source) {
            const Reachable* own = reachable_of(record, *source.component);
            return own == nullptr || !own->away;
        });
        if (!is_told && !attribute.spec.command) lost.emplace_back(attribute.spec.path, Value());
    }
}

/// What is kept on the topics of those that are back counts again, at the end of the turn.
void Adapter::read_again(DeviceRecord& record, const std::vector<const Reachable*>& turned) {
    for (Feed* feed : record.feeds) {
        const auto found = feed->devices.find(&record);
        if (found == feed->devices.end() || feed->subscription == 0) continue;
        for (Listener& listener : found->second.listeners) {
            const Reachable* own = reachable_of(record, *listener.component);
            if (!std::ranges::binary_search(turned, own) || own->away) continue;
            listener.missed_kept = found->second.missed_kept = true;
            missed_.insert(feed);
        }
    }
}

/// Whether what is retained of a component is of the time before it went away.
bool Adapter::is_away(const DeviceRecord& record, const Component& component) const {
    if (record.reachable.size() < 2) return false;
    const Reachable* own = reachable_of(record, component);
    return own != nullptr && own->away;
}

} // namespace hearth::mqtt_discovery
