#include "adapters/mqtt_discovery/adapter.h"

#include <algorithm>

/// Values that end by the clock: `expire_after` and `off_delay` of sensors and binary sensors.
/// https://www.home-assistant.io/integrations/sensor.mqtt/#expire_after
namespace hearth::mqtt_discovery {
namespace {

TimerKey expiry_of(const Component& component) {
    return {&component, TimerKind::expire};
}
TimerKey off_of(const Component& component) {
    return {&component, TimerKind::off};
}

} // namespace

const home::Attribute* Adapter::timed_attribute(const DeviceRecord& record,
                                                const Component& component) const {
    if (component.slots.empty()) return nullptr;
    const home::Device* device = port_->home().find(record.home_id);
    const home::Path& path = record.attributes[component.slots.front()].spec.path;
    return device != nullptr ? device->find(path.text) : nullptr;
}

/// Whether a retained value is older than what is known already. When it was published nobody
/// knows: so it neither brings back what has expired, nor does it begin a time anew, nor is it a
/// motion of now.
bool Adapter::is_of_the_past(const Component& component, const home::Attribute& known,
                             const Value& told) const {
    if (told == known.reported) return true;
    if (component.expire_after > 0 && !timers_.is_running(expiry_of(component))) return true;
    return component.off_delay && told == Value(true);
}

/// The times of a component that a message was about; takes out of `values` what is not to count.
/// Any message of its topic keeps a value alive, also one that tells no value.
void Adapter::mind_timers(const DeviceRecord& record, const Component& component, Values& values,
                          const StateMessage& message) {
    const home::Attribute* known = timed_attribute(record, component);
    if (known == nullptr) return;
    auto told = std::ranges::find_if(
        values, [&](const auto& value) { return value.first == known->spec->path; });
    const bool is_first = known->reported_in == 0;
    if (message.retained() && !is_first) {
        if (told != values.end() && is_of_the_past(component, *known, told->second))
            values.erase(told);
        return;
    }
    const Micros now = port_->clock().steady();
    bool good = true;
    if (component.expire_after > 0)
        good = timers_.start(expiry_of(component), now + component.expire_after);
    if (good && component.off_delay && told != values.end()) {
        timers_.stop(off_of(component));
        if (told->second == Value(true))
            good = timers_.start(off_of(component), now + *component.off_delay);
    }
    if (good) return;
    port_->refuse(message.topic(),
                  {Code::limit, fmt::format("{} values wait for their time already; this one "
                                            "would never end and is not read",
                                            timers_.size())});
    if (told != values.end()) values.erase(told);
}

/// Those of values that were told before the hub was started, or before their device announced
/// itself anew. What became due meanwhile is due now.
void Adapter::resume_timers(const DeviceRecord& record) {
    const Micros now = port_->clock().steady();
    for (const auto& [id, component] : record.components) {
        if (!component->is_timed()) continue;
        const home::Attribute* known = timed_attribute(record, *component);
        if (known == nullptr || known->reported.is_null()) continue;
        const Micros age = std::max<Micros>(port_->clock().utc() - known->reported_at, 0);
        const auto resume = [&](TimerKey key, Micros length) {
            if (!timers_.is_running(key))
                timers_.start(key, now + std::max<Micros>(length - age, 0));
        };
        if (component->expire_after > 0) resume(expiry_of(*component), component->expire_after);
        if (component->off_delay && known->reported == Value(true))
            resume(off_of(*component), *component->off_delay);
    }
}

void Adapter::stop_timers(const Component& component) {
    timers_.stop(expiry_of(component));
    timers_.stop(off_of(component));
}

/// What one end leads to may remove the component of the next.
void Adapter::end_values() {
    std::vector<std::pair<std::string, TimerKind>> ended;
    for (const TimerKey& key : timers_.take_due(port_->clock().steady()))
        ended.emplace_back(key.component->id, key.kind);
    for (const auto& [id, kind] : ended)
        if (const auto found = by_component_.find(id); found != by_component_.end())
            end_value(*found->second, *found->second->components.at(id), kind);
}

void Adapter::end_value(const DeviceRecord& record, const Component& component, TimerKind kind) {
    const Micros now = port_->clock().steady();
    if (record.changed) { // which attribute it is will be known once it is announced
        timers_.start({&component, kind}, now + options_.limits.announce_delay);
        return;
    }
    const home::Attribute* known = timed_attribute(record, component);
    if (known == nullptr || known->reported.is_null()) return;
    if (kind == TimerKind::off && known->reported != Value(true)) return;
    const Value ended = kind == TimerKind::off ? Value(false) : Value();
    port_->report(record.home_id, {{known->spec->path, ended}});
}

} // namespace hearth::mqtt_discovery
